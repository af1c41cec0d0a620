import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import practice.Cloud;
import practice.World;
import practice.Worlds;

/** What the tests of fix-tags start from, and what they look at afterwards. */
final class FixTagsFixture {
    static final String C = TruthTable.C;
    static final String CONTROL_PLANE = TruthTable.CONTROL_PLANE;

    private FixTagsFixture() {
    }

    static World three() {
        return Worlds.named("three-masters");
    }

    /** Three masters, of which main c is changed. */
    static World mainC(UnaryOperator<World.Volume> edit) {
        return three().withVolume(TruthTable.vol("main", "c"), edit);
    }

    /** Main b and c each lack a tag, and events c has one too many: one DeleteTags, then two CreateTags. */
    static World threeCalls() {
        return Worlds.named("tags-wrong").withVolume(TruthTable.vol("events", "c"), v -> v.tag("k8s.io/etcd/main", "c/a,b,c"));
    }

    static Harness.Ran fix(Cloud cloud, String... args) {
        return new Harness(cloud.endpoint()).fixTags(with(new String[] {"--cluster", C}, args));
    }

    static String[] with(String[] args, String... more) {
        return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
    }

    /** The tags of every volume. */
    static Map<String, Map<String, String>> tags(Cloud cloud) {
        return tags(cloud.volumes());
    }

    static Map<String, Map<String, String>> tags(List<World.Volume> volumes) {
        return volumes.stream().collect(Collectors.toMap(
                World.Volume::id, v -> new TreeMap<>(v.tags()), (a, b) -> a, TreeMap::new));
    }

    /** The calls that change something, in their order. */
    static List<String> writes(Cloud cloud) {
        return cloud.journal().stream().map(Cloud.Request::action).filter(a -> !a.startsWith("Describe")).toList();
    }

    /** The codes of the problems that are errors, without the tag's key. */
    static List<String> errors(Harness.Ran ran) {
        return ran.errors().stream().map(code -> code.replaceAll(":.*", "")).toList();
    }

    /** The changes that the report calls done, and no other, lead from the tags of before to the tags of now. */
    static void mustBeAsReported(World before, Harness.Ran ran, Cloud cloud) {
        Map<String, Map<String, String>> expected = tags(before.volumes());
        for (JsonNode change : ran.json().get("changes")) {
            if (change.get("status").asText().equals("done")) {
                Map<String, String> tags = expected.get(change.get("resource").asText());
                change.get("before").fieldNames().forEachRemaining(tags::remove);
                change.get("after").properties().forEach(t -> tags.put(t.getKey(), t.getValue().asText()));
            }
        }
        assertEquals(expected, tags(cloud), ran.shown());
    }
}
