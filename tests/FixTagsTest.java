import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.Fault;
import practice.World;
import practice.Worlds;

class FixTagsTest {
    private static final String C = TruthTable.C;
    private static final String CONTROL_PLANE = TruthTable.CONTROL_PLANE;
    private static final Instant FIRST = Instant.parse("2026-10-01T02:00:00Z");

    /** What becomes of the rows of the truth table: `fixed` with so many calls, `unchanged`, or refused with a code. */
    private static final Map<String, String> FATES = new LinkedHashMap<>();

    static {
        fate("fixed 6", "four tags, but read by kops 1.26", "the upgrade to 1.26 that nobody ran");
        fate("fixed 2", "T6 etcd tag mistyped", "two tags wrong");
        fate("fixed 1", "T1 KubernetesCluster missing", "T1 KubernetesCluster wrong", "T2 Name missing", "T2 Name wrong",
                "T3 role/master missing", "T3b role/master not 1", "T4 role/control-plane missing",
                "T4 role/control-plane not 1", "T5 cluster tag missing", "T5 cluster tag shared", "T6 etcd tag missing",
                "T6 etcd tag in another case", "T7 etcd tag empty", "T8 etcd tag without a slash", "etcd tag with two slashes",
                "etcd tag with a space", "T9 a member that is not in the list", "T12 the zone for a member",
                "T11 an old list, own name right", "T11 an old list, read by protokube", "T20 both etcd tags on one volume");
        fate("FOREIGN_CLUSTER", "T18 tags of another cluster too");
        fate("MEMBER_LIST_DISAGREES", "three lists, no majority");
        fate("DUPLICATE_MEMBER", "T14 an old twin, attached elsewhere", "T15 an old twin, detached", "a twin in another zone",
                "another volume of the same name");
        fate("EVIDENCE_DISAGREES", "T19 events tagged as main");
        fate("RECORD_MISMATCH", "T10 made from another member's snapshot", "T27 one snapshot for two members",
                "T28 another key than was recorded");
        // Nothing is wrong with these, or nothing that tags could mend: the volume is gone, elsewhere, or may be blank.
        fate("unchanged", "three masters", "a single master", "five masters, two to a zone", "cilium and leases too",
                "four tags, as kops 1.8 wrote them", "five tags, as kops 1.9 wrote them", "noise around the cluster",
                "no node holds any volume", "three members in one zone", "only main, as kops 1.4 wrote it", "T29 foreign tags",
                "a volume of main is gone", "two volumes of main are gone", "all volumes of main are gone",
                "retired, none in its place", "T13 detached in a wrong zone",
                "T13 detached in a wrong zone, and only the names to tell", "T22 not yet available", "T22 in error",
                "T23 attached to a rescue instance", "attached to a stopped node", "a twin that no reader finds",
                "T28 the recorded key", "all restored and not started: the order is said",
                "T21 a blank volume beside restored ones", "T21 two blank volumes beside a restored one",
                "T21 a blank volume that a quorum refills", "T21 two blank volumes up with a restored one");
    }

    private static void fate(String fate, String... rows) {
        Stream.of(rows).forEach(row -> FATES.put(row, fate));
    }

    private static World three() {
        return Worlds.named("three-masters");
    }

    private static World mainC(UnaryOperator<World.Volume> edit) {
        return three().withVolume(TruthTable.vol("main", "c"), edit);
    }

    private static Harness.Ran fix(Cloud cloud, String... args) {
        List<String> all = new ArrayList<>(List.of("--cluster", C));
        all.addAll(List.of(args));
        return new Harness(cloud.endpoint()).fixTags(all.toArray(String[]::new));
    }

    private static String[] with(String[] args, String... more) {
        return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
    }

    private static Map<String, Map<String, String>> tags(Cloud cloud) {
        return cloud.volumes().stream().collect(Collectors.toMap(
                World.Volume::id, v -> new TreeMap<>(v.tags()), (a, b) -> a, TreeMap::new));
    }

    private static List<String> writes(Cloud cloud) {
        return cloud.journal().stream().map(Cloud.Request::action).filter(a -> !a.startsWith("Describe")).toList();
    }

    private static List<String> errors(Harness.Ran ran) {
        List<String> codes = new ArrayList<>();
        ran.json().get("problems").forEach(p -> {
            if (p.get("severity").asText().equals("error")) {
                codes.add(p.get("code").asText().replaceAll(":.*", ""));
            }
        });
        return codes;
    }

    private static String shown(Harness.Ran ran) {
        return ran.err() + ran.out();
    }

    private static boolean isLive(String key) {
        return Set.of("Name", "KubernetesCluster", TruthTable.MASTER, CONTROL_PLANE, "kubernetes.io/cluster/" + C).contains(key)
                || key.startsWith("k8s.io/etcd/");
    }

    private static Map<String, String> foreign(Map<String, String> tags) {
        Map<String, String> foreign = new TreeMap<>(tags);
        foreign.keySet().removeIf(FixTagsTest::isLive);
        return foreign;
    }

    /** Volumes that more than one program could take for one member, whichever program it is. */
    private static Set<String> claimedTwice(Map<String, Map<String, String>> tags) {
        Map<String, Integer> claims = new TreeMap<>();
        tags.values().forEach(t -> t.forEach((key, value) -> {
            boolean found = "owned".equals(t.get("kubernetes.io/cluster/" + C)) || C.equals(t.get("KubernetesCluster"));
            if (key.startsWith("k8s.io/etcd/") && found) {
                claims.merge(key + " " + value.replaceAll("/.*", ""), 1, Integer::sum);
            }
        }));
        claims.values().removeIf(n -> n < 2);
        return claims.keySet();
    }

    /** The tags after each write, as the calls that EC2 obeyed made them. */
    private static List<Map<String, Map<String, String>>> instants(World world, Cloud cloud) {
        Map<String, Map<String, String>> now = new TreeMap<>();
        world.volumes().forEach(v -> now.put(v.id(), new TreeMap<>(v.tags())));
        List<Map<String, Map<String, String>>> instants = new ArrayList<>();
        for (Cloud.Request call : cloud.journal()) {
            if (call.action().endsWith("Tags") && !call.action().startsWith("Describe") && call.status() == 200) {
                Map<String, String> tags = now.get(call.parameters().get("ResourceId.1"));
                for (int n = 1; call.parameters().containsKey("Tag." + n + ".Key"); n++) {
                    String key = call.parameters().get("Tag." + n + ".Key");
                    String value = call.parameters().get("Tag." + n + ".Value");
                    if (call.action().equals("CreateTags")) {
                        tags.put(key, value);
                    } else {
                        assertEquals(value, tags.remove(key));
                    }
                }
                Map<String, Map<String, String>> copy = new TreeMap<>();
                now.forEach((id, t) -> copy.put(id, new TreeMap<>(t)));
                instants.add(copy);
            }
        }
        return instants;
    }

    static Stream<TruthTable.Row> rows() {
        return TruthTable.rows().stream();
    }

    private static String[] args(TruthTable.Row row) {
        return row.args().isEmpty() || row.args().startsWith("--cluster") ? new String[0] : row.args().split(" ");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void fixes_or_refuses_or_leaves_alone_every_row_of_the_truth_table(TruthTable.Row row) {
        String fate = FATES.get(row.name());
        World world = row.world().withVolumes(v -> v.tag("team", "infra, & co").tag("k8s.io/etcdish", "x"));
        try (Cloud cloud = Cloud.start(world)) {
            Map<String, Map<String, String>> before = tags(cloud);
            Harness.Ran plan = fix(cloud, args(row));
            assertEquals(List.of(), writes(cloud), "a plan changes nothing");
            Harness.Ran ran = fix(cloud, with(args(row), "--yes"));
            if (fate.startsWith("fixed ")) {
                assertEquals("planned", plan.json().get("outcome").asText(), shown(plan));
                assertEquals(0, ran.code(), shown(ran));
                assertEquals(Integer.parseInt(fate.substring(6)), writes(cloud).size(), shown(ran));
                assertEquals(Set.of("done"), Set.copyOf(ran.texts("changes", "status")), shown(ran));
                assertEquals(plan.json().get("plan_id"), ran.json().get("plan_id"));
                fixed(row, world, cloud, ran, before);
            } else {
                assertEquals(fate.equals("unchanged") ? "unchanged" : "refused", ran.json().get("outcome").asText(), shown(ran));
                assertEquals(plan.code(), ran.code());
                assertEquals(fate.equals("unchanged") ? 0 : 20, ran.code());
                assertEquals(before, tags(cloud));
                assertEquals(List.of(), writes(cloud));
                assertTrue(fate.equals("unchanged") || errors(ran).get(0).equals(fate), shown(ran));
            }
        }
    }

    private void fixed(
            TruthTable.Row row, World world, Cloud cloud, Harness.Ran ran, Map<String, Map<String, String>> before) {
        Map<String, Map<String, String>> after = tags(cloud);
        before.forEach((id, tags) -> assertEquals(foreign(tags), foreign(after.get(id)), id));
        Set<String> twice = claimedTwice(before);
        List<Map<String, Map<String, String>>> instants = instants(world, cloud);
        assertEquals(after, instants.get(instants.size() - 1), "the journal tells all");
        instants.forEach(now -> assertTrue(twice.containsAll(claimedTwice(now)), now.toString()));
        Harness.Ran again = fix(cloud, with(args(row), "--yes"));
        assertEquals("unchanged", again.json().get("outcome").asText(), shown(again));
        assertEquals(0, again.code());
        Harness.Ran verify = new Harness(cloud.endpoint()).verify(args(row));
        assertEquals(0, verify.code(), shown(verify));
        assertEquals(List.of(), verify.reasons("main"), shown(verify));
        assertEquals(List.of("healthy"), ran.texts("etcd_clusters", "verdict").stream().distinct().toList());
    }

    @Test
    void every_row_of_the_truth_table_has_its_fate() {
        assertEquals(new TreeSet<>(FATES.keySet()),
                rows().map(TruthTable.Row::name).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** A tag is missing, but on a volume that must not be made live, or not like this. */
    static Stream<Arguments> mustNotBeTagged() {
        UnaryOperator<World.Volume> bare = v -> v.untag(CONTROL_PLANE);
        List<Arguments> cases = new ArrayList<>();
        Map<String, String> codes = Map.of("T13 detached in a wrong zone", "WRONG_ZONE", "T22 not yet available", "NOT_READY",
                "T22 in error", "NOT_READY", "T23 attached to a rescue instance", "FOREIGN_ATTACHMENT");
        codes.forEach((row, code) -> cases.add(Arguments.of(row, world(row).withVolume(TruthTable.vol("main", "c"), bare),
                code)));
        cases.add(Arguments.of("a blank beside restored ones", world("T21 a blank volume beside restored ones")
                .withVolume(TruthTable.vol("main", "a"), bare), "BLANK_SUSPECT"));
        cases.add(Arguments.of("the old twin lacks a tag", Worlds.named("old-twin")
                .withVolume(Worlds.id("vol", C + "/old-twin"), v -> v.untag(TruthTable.MASTER)), "DUPLICATE_MEMBER"));
        cases.add(Arguments.of("only the zone to tell", mainC(v -> v.untag("Name").untag("k8s.io/etcd/main")
                .tag("k8s.io/etcd/main", "")), "MEMBER_UNPROVEN"));
        cases.add(Arguments.of("Name against etcd tag", mainC(v -> v.tag("Name", "b.etcd-main." + C).untag(CONTROL_PLANE)),
                "EVIDENCE_DISAGREES"));
        cases.add(Arguments.of("two etcd tags and no Name", mainC(v -> v.untag("Name").tag("k8s.io/etcd/events", "c/a,b,c")),
                "TWO_ETCD_TAGS"));
        cases.add(Arguments.of("a mistyped key and no Name", mainC(v -> v.untag("Name").untag("k8s.io/etcd/main")
                .tag("k8s.io/etcd/mian", "c/a,b,c")), "UNKNOWN_ETCD"));
        cases.add(Arguments.of("no tag names a cluster", mainC(v -> v.detached().tags(Map.of("k8s.io/etcd/main", "c/a,b,c"))),
                "CLUSTER_UNPROVEN"));
        cases.add(Arguments.of("half retired", mainC(v -> v.tag("etcd-ops/parked/k8s.io/etcd/main", "c/a,b,c").untag(
                CONTROL_PLANE)), "RETIRED"));
        cases.add(Arguments.of("fifty tags and one missing", mainC(v -> {
            World.Volume full = v.untag(CONTROL_PLANE);
            for (int n = full.tags().size(); n < 50; n++) {
                full = full.tag("label-" + n, "x");
            }
            return full;
        }), "TAG_LIMIT"));
        cases.add(Arguments.of("no list anywhere", Worlds.named("single-master").withVolumes(v -> v.tags().containsKey("Name")
                ? v.untag("k8s.io/etcd/main").untag("k8s.io/etcd/events").tag("k8s.io/etcd/x", "a") : v), "MEMBERS_UNPROVEN"));
        cases.add(Arguments.of("recorded for another cluster", recorded("c", "c", "other.tld", bare), "RECORD_MISMATCH"));
        cases.add(Arguments.of("data that would make the running members suspect", three()
                .plus(World.Snapshot.of(Worlds.id("snap", "c"), three().volume(TruthTable.vol("main", "c")), FIRST))
                .withVolume(TruthTable.vol("main", "c"), v -> v.fromSnapshot(Worlds.id("snap", "c")).untag("k8s.io/etcd/main")
                        .createdAt(FIRST.minusSeconds(300L * 86_400)).detached()), "WOULD_WORSEN"));
        return cases.stream();
    }

    private static World world(String row) {
        return rows().filter(r -> r.name().equals(row)).findFirst().orElseThrow().world();
    }

    /** Main c, made from a snapshot that was recorded for this member of main. */
    private static World recorded(String tagged, String member, String cluster, UnaryOperator<World.Volume> edit) {
        String id = Worlds.id("snap", "recorded");
        World.Volume volume = three().volume(TruthTable.vol("main", "c"));
        return three().plus(World.Snapshot.of(id, volume, FIRST).tags(Map.of("etcd-ops/cluster", cluster,
                        "etcd-ops/etcd", "main", "etcd-ops/member", member)))
                .withVolume(volume.id(), v -> edit.apply(v.fromSnapshot(id).tag("k8s.io/etcd/main", tagged + "/a,b,c")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mustNotBeTagged")
    void refuses_what_would_make_it_worse_and_changes_nothing(String name, World world, String code) {
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals("refused", ran.json().get("outcome").asText(), shown(ran));
            assertEquals(20, ran.code());
            assertEquals(code, errors(ran).get(0), shown(ran));
            assertEquals(List.of(), writes(cloud));
            assertEquals(2, ran.errLines().size() - 1, ran.err());
            assertTrue(ran.errLines().get(1).startsWith("Error: refused on "), ran.err());
            assertTrue(ran.errLines().get(2).startsWith("Try: ./jbang verify-quorum-volumes --cluster " + C), ran.err());
            assertFalse(ran.texts("changes", "status").contains("planned"), shown(ran));
        }
    }

    @Test
    void one_refusal_keeps_all_from_being_done_and_the_others_are_named_one_by_one() {
        World world = Worlds.named("old-twin").withVolume(TruthTable.vol("main", "c"), v -> v.untag(CONTROL_PLANE));
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(20, ran.code(), shown(ran));
            assertEquals(List.of("not_reached"), ran.texts("changes", "status"));
            String next = ran.json().get("next").get(0).asText();
            assertTrue(next.startsWith("./jbang fix-tags --cluster " + C + " --etcd main --volume "
                    + TruthTable.vol("main", "c") + " --member c --region"), next);
            Harness.Ran alone = fix(cloud, "--etcd", "main", "--volume", TruthTable.vol("main", "c"), "--member", "c", "--yes");
            assertEquals(0, alone.code(), shown(alone));
            assertEquals(List.of("CreateTags"), writes(cloud));
        }
    }

    @Test
    void a_volume_of_a_stopped_node_may_be_mended_before_the_node_starts() {
        World world = world("attached to a stopped node").withVolume(TruthTable.vol("main", "c"), v -> v.untag(CONTROL_PLANE));
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals("done", ran.json().get("outcome").asText(), shown(ran));
            assertEquals(List.of("NOT_READY"), ran.reasons("main"));
        }
    }

    @Test
    void a_record_that_agrees_with_the_Name_settles_it_against_the_etcd_tag() {
        World world = recorded("b", "c", C, v -> v);
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(0, ran.code(), shown(ran));
            assertEquals("c/a,b,c", tags(cloud).get(TruthTable.vol("main", "c")).get("k8s.io/etcd/main"));
            String evidence = ran.json().get("problems").get(0).get("summary").asText();
            assertTrue(evidence.contains("its Name and its snapshot's record"), evidence);
        }
    }

    @Test
    void two_volumes_with_swapped_tags_never_claim_one_member_together() {
        World world = three();
        for (String[] swap : new String[][] {{"b", "c"}, {"c", "b"}}) {
            String id = Worlds.id("snap", swap[0]);
            world = world.plus(World.Snapshot.of(id, three().volume(TruthTable.vol("main", swap[0])), FIRST)
                            .tags(Map.of("etcd-ops/etcd", "main", "etcd-ops/member", swap[0])))
                    .withVolume(TruthTable.vol("main", swap[0]), v -> v.fromSnapshot(id)
                            .tag("k8s.io/etcd/main", swap[1] + "/a,b,c"));
        }
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(0, ran.code(), shown(ran));
            List<Map<String, Map<String, String>>> instants = instants(world, cloud);
            assertEquals(4, instants.size());
            instants.forEach(now -> assertEquals(Set.of(), claimedTwice(now)));
            assertEquals(0, new Harness(cloud.endpoint()).verify().code());
        }
    }

    @Test
    void the_lists_of_the_other_etcd_cluster_serve_where_all_of_main_are_lost() {
        World world = three();
        for (String m : List.of("a", "b", "c")) {
            world = world.withVolume(TruthTable.vol("main", m), v -> v.untag("k8s.io/etcd/main"));
        }
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(0, ran.code(), shown(ran));
            assertEquals(0, new Harness(cloud.endpoint()).verify().code());
        }
    }

    @Test
    void retired_volumes_and_other_clusters_are_not_touched() {
        World world = world("retired, none in its place").plus(Worlds.kops("other.tld", "eu-central-1", Worlds.TagSet.KOPS_1_8,
                List.of("main"), new LinkedHashMap<>(Map.of("a", "eu-central-1a"))))
                .withVolume(TruthTable.vol("main", "b"), v -> v.untag(CONTROL_PLANE));
        try (Cloud cloud = Cloud.start(world)) {
            assertEquals(0, fix(cloud, "--yes").code());
            assertEquals(List.of("CreateTags"), writes(cloud));
        }
    }

    @Test
    void only_the_etcd_cluster_that_is_named_is_mended() {
        World world = Worlds.named("kops-1.8");
        try (Cloud cloud = Cloud.start(world)) {
            assertEquals(0, fix(cloud, "--kops-version", "1.26", "--etcd", "events", "--yes").code());
            assertEquals(3, writes(cloud).size());
            assertEquals(3, cloud.volumes().stream().filter(v -> v.tags().containsKey(CONTROL_PLANE)
                    && v.tags().containsKey("k8s.io/etcd/events")).count());
        }
    }

    // ---- by hand

    private static String[] byHand(String etcd, String member, String... more) {
        return with(new String[] {"--volume", TruthTable.vol("main", "c"), "--etcd", etcd, "--member", member}, more);
    }

    static Stream<Arguments> wordsOfSomebody() {
        UnaryOperator<World.Volume> same = v -> v;
        return Stream.of(
                Arguments.of("a volume without any tag", mainC(v -> v.detached().tags(Map.of("team", "x"))), "main", "c", "done"),
                Arguments.of("a member that is only a word away", mainC(v -> v.untag("Name").tag("k8s.io/etcd/main", "")),
                        "main", "c", "done"),
                Arguments.of("another member's valid tag and no Name", mainC(v -> v.untag("Name")
                        .tag("k8s.io/etcd/main", "b/a,b,c")), "main", "c", "done"),
                Arguments.of("a Name and a tag that agree on another", mainC(v -> v.tag("Name", "b.etcd-main." + C)
                        .tag("k8s.io/etcd/main", "b/a,b,c")), "main", "c", "EVIDENCE_DISAGREES"),
                Arguments.of("a record of another", recorded("c", "b", C, v -> v.untag("Name")), "main", "c", "RECORD_MISMATCH"),
                Arguments.of("a record of another on a volume without tags", recorded("c", "b", C, v -> v.detached()
                        .tags(Map.of())), "main", "c", "RECORD_MISMATCH"),
                Arguments.of("a member that another volume holds", mainC(v -> v.untag("Name").tag("k8s.io/etcd/main", "")),
                        "main", "b", "DUPLICATE_MEMBER"),
                Arguments.of("no member at all", mainC(v -> v.untag("Name")), "main", "z", "MEMBER_NOT_IN_LIST"),
                Arguments.of("a name of sixty characters", mainC(v -> v.untag("Name")), "main", "m".repeat(60),
                        "MEMBER_NOT_IN_LIST"),
                Arguments.of("an etcd cluster that is not there", three(), "cilium", "c", "MEMBERS_UNPROVEN"),
                Arguments.of("a volume of another cluster", mainC(v -> v.tags(Map.of("Name", "c.etcd-main.x.tld",
                        "KubernetesCluster", "x.tld", "k8s.io/etcd/main", "c/a,b,c")).detached()), "main", "c",
                        "FOREIGN_CLUSTER"),
                Arguments.of("a retired volume", world("retired, none in its place"), "main", "c", "RETIRED"),
                Arguments.of("one that a restore has not finished", mainC(v -> v.detached().tags(
                        Map.of("etcd-ops/state", "inert"))), "main", "c", "INERT"),
                Arguments.of("one that is gone", three().without(TruthTable.vol("main", "c")), "main", "c", "VOLUME_UNSEEN"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wordsOfSomebody")
    void takes_somebodys_word_where_nothing_speaks_against_it(
            String name, World world, String etcd, String member, String end) {
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = fix(cloud, byHand(etcd, member, "--yes"));
            if (end.equals("done")) {
                assertEquals(0, ran.code(), shown(ran));
                Harness.Ran verify = new Harness(cloud.endpoint()).verify();
                assertEquals(0, verify.code(), shown(verify));
                assertEquals("unchanged", fix(cloud, byHand(etcd, member, "--yes")).json().get("outcome").asText());
            } else {
                assertEquals(20, ran.code(), shown(ran));
                assertEquals(end, errors(ran).get(0), shown(ran));
                assertEquals(List.of(), writes(cloud));
            }
        }
    }

    // ---- plans

    private static String planId(Harness.Ran ran) {
        return ran.json().get("plan_id").asText();
    }

    @Test
    void a_plan_is_carried_out_by_the_command_it_names_and_no_other() {
        try (Cloud cloud = Cloud.start(Worlds.named("tags-wrong"))) {
            Harness.Ran plan = fix(cloud);
            assertEquals("./jbang fix-tags --region eu-central-1 --endpoint-url " + cloud.endpoint() + " --cluster " + C
                    + " --yes --plan " + planId(plan), plan.json().get("next").get(0).asText());
            assertEquals(1, plan.json().get("next").size(), "after it nothing remains to be done");
            assertEquals(0, fix(cloud, "--plan", planId(plan)).code());
            for (String yes : new String[] {"--yes", "-o"}) {
                Harness.Ran other = fix(cloud, "--plan", "0123456789ab", yes, yes.equals("-o") ? "json" : "-ojson");
                assertEquals(20, other.code(), shown(other));
                assertTrue(errors(other).contains("PLAN_DIFFERS"), shown(other));
                assertTrue(other.errLines().get(2).equals("Try: ./jbang fix-tags --region eu-central-1 --endpoint-url "
                        + cloud.endpoint() + " --cluster " + C + (yes.equals("-o") ? " -o json" : " -ojson")), other.err());
            }
            assertEquals(List.of(), writes(cloud));
            Harness.Ran done = fix(cloud, "--yes", "--plan=" + planId(plan));
            assertEquals("done", done.json().get("outcome").asText(), shown(done));
            assertEquals(20, fix(cloud, "--yes", "--plan", planId(plan)).code());
        }
    }

    @Test
    void a_plan_of_before_somebody_changed_a_tag_is_refused() {
        World world = Worlds.named("tags-wrong");
        String plan;
        try (Cloud cloud = Cloud.start(world)) {
            plan = planId(fix(cloud));
        }
        World other = world.withVolume(TruthTable.vol("main", "b"), v -> v.tag(CONTROL_PLANE, "yes"));
        try (Cloud cloud = Cloud.start(other)) {
            Harness.Ran ran = fix(cloud, "--yes", "--plan", plan);
            assertEquals(20, ran.code(), shown(ran));
            assertEquals(List.of(), writes(cloud));
            assertEquals(Set.of("planned"), Set.copyOf(ran.texts("changes", "status")));
        }
    }

    @Test
    void the_cluster_of_the_environment_is_named_in_what_comes_next() {
        try (Cloud cloud = Cloud.start(Worlds.named("tags-wrong"))) {
            Harness.Ran ran = new Harness(cloud.endpoint()).with(Map.of("KOPS_CLUSTER_NAME", C)).fixTags();
            assertTrue(ran.json().get("next").get(0).asText().startsWith("./jbang fix-tags --cluster " + C + " --region"),
                    shown(ran));
        }
    }

    // ---- faults

    static Stream<Arguments> faultsAtEachCall() {
        return IntStream.rangeClosed(1, 2).boxed().flatMap(n -> Stream.of(Fault.Kind.THROTTLED, Fault.Kind.SERVER_ERROR,
                Fault.Kind.SERVER_ERROR_AFTER_EFFECT, Fault.Kind.REPLY_LOST, Fault.Kind.REPLY_CUT)
                .flatMap(k -> Stream.of("CreateTags", "DeleteTags").filter(a -> n == 1 || a.equals("CreateTags"))
                        .map(a -> Arguments.of(n, a, k))));
    }

    /** One DeleteTags and two CreateTags. */
    private static World threeCalls() {
        return Worlds.named("tags-wrong").withVolume(TruthTable.vol("events", "c"),
                v -> v.tag("k8s.io/etcd/main", "c/a,b,c"));
    }

    @ParameterizedTest
    @MethodSource("faultsAtEachCall")
    void a_fault_that_passes_ends_the_same(int n, String action, Fault.Kind kind) {
        Map<String, Map<String, String>> undisturbed;
        try (Cloud cloud = Cloud.start(threeCalls())) {
            assertEquals(0, fix(cloud, "--yes").code());
            assertEquals(List.of("DeleteTags", "CreateTags", "CreateTags"), writes(cloud));
            undisturbed = tags(cloud);
        }
        try (Cloud cloud = Cloud.start(threeCalls())) {
            cloud.fault(Fault.nth(n, action, kind));
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals("done", ran.json().get("outcome").asText(), shown(ran));
            assertEquals(Set.of("done"), Set.copyOf(ran.texts("changes", "status")), shown(ran));
            assertEquals(undisturbed, tags(cloud));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_call_that_is_denied_ends_it_there_with_a_report_of_just_what_was_done(int n) {
        World world = threeCalls();
        try (Cloud cloud = Cloud.start(world)) {
            String action = n == 1 ? "DeleteTags" : "CreateTags";
            cloud.fault(Fault.nth(Math.max(1, n - 1), action, Fault.Kind.DENIED));
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(n == 1 ? 22 : 21, ran.code(), shown(ran));
            assertEquals(n == 1 ? "unknown" : "partial", ran.json().get("outcome").asText());
            assertTrue(errors(ran).contains("UnauthorizedOperation"), shown(ran));
            List<String> statuses = Stream.of("done", "done", "failed", "not_reached", "not_reached")
                    .skip(3 - n).limit(3).toList();
            assertEquals(statuses, ran.texts("changes", "status"), shown(ran));
            assertReportIsTrue(ran, world, cloud);
            assertEquals(n == 1, ran.err().contains("Try: aws sts get-caller-identity"), ran.err());
            assertTrue(ran.json().get("next").get(0).asText().endsWith("--cluster " + C), "and the rest is planned anew");
            assertEquals("done", fix(cloud, "--yes").json().get("outcome").asText());
            assertEquals(0, new Harness(cloud.endpoint()).verify().code());
        }
    }

    /** What was done, and nothing else, made the world of before into what the cloud shows. */
    private static void assertReportIsTrue(Harness.Ran ran, World world, Cloud cloud) {
        Map<String, Map<String, String>> said = new TreeMap<>();
        world.volumes().forEach(v -> said.put(v.id(), new TreeMap<>(v.tags())));
        for (JsonNode change : ran.json().get("changes")) {
            if (change.get("status").asText().equals("done")) {
                Map<String, String> tags = said.get(change.get("resource").asText());
                change.get("before").fieldNames().forEachRemaining(tags::remove);
                change.get("after").properties().forEach(t -> tags.put(t.getKey(), t.getValue().asText()));
            }
        }
        assertEquals(tags(cloud), said, shown(ran));
    }

    @Test
    void what_stays_down_is_given_up_and_said() {
        World world = Worlds.named("tags-wrong");
        try (Cloud cloud = Cloud.start(world)) {
            cloud.fault(Fault.next(99, "CreateTags", Fault.Kind.SERVER_ERROR));
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(22, ran.code(), shown(ran));
            assertEquals(List.of("failed", "not_reached"), ran.texts("changes", "status"));
            assertReportIsTrue(ran, world, cloud);
            assertEquals(4, writes(cloud).size(), "four attempts are enough");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.Kind.class, names = {"REPLY_LOST", "SERVER_ERROR_AFTER_EFFECT"})
    void what_was_done_though_no_reply_ever_came_is_found_to_be_done(Fault.Kind kind) {
        World world = Worlds.named("tags-wrong");
        try (Cloud cloud = Cloud.start(world)) {
            cloud.fault(Fault.next(99, "CreateTags", kind));
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals("done", ran.json().get("outcome").asText(), shown(ran));
            assertEquals(2, writes(cloud).size(), "it is looked for before it is done again");
            assertReportIsTrue(ran, world, cloud);
        }
    }

    @Test
    void the_last_attempt_is_looked_for_too() {
        World world = Worlds.named("tags-wrong");
        try (Cloud cloud = Cloud.start(world)) {
            cloud.fault(Fault.next(3, "CreateTags", Fault.Kind.THROTTLED));
            cloud.fault(Fault.nth(4, "CreateTags", Fault.Kind.REPLY_LOST));
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(List.of("done", "done"), ran.texts("changes", "status"), shown(ran));
            assertReportIsTrue(ran, world, cloud);
        }
    }

    @Test
    void waits_until_EC2_shows_what_it_accepted() {
        try (Cloud cloud = Cloud.start(Worlds.named("tags-wrong"))) {
            cloud.fault(Fault.stale("CreateTags", Duration.ofMillis(1500)));
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals("done", ran.json().get("outcome").asText(), shown(ran));
            assertEquals("healthy", ran.etcd("main").get("verdict").asText());
        }
    }

    @Test
    void what_EC2_accepted_and_never_shows_is_no_success() {
        try (Cloud cloud = Cloud.start(Worlds.named("tags-wrong"))) {
            cloud.fault(Fault.stale("CreateTags", Duration.ofHours(1)));
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(22, ran.code(), shown(ran));
            assertTrue(errors(ran).contains("NotReadBack"), shown(ran));
            assertEquals(List.of("failed", "not_reached"), ran.texts("changes", "status"));
        }
    }

    @Test
    void what_somebody_else_changes_meanwhile_is_not_overwritten() throws Exception {
        World world = Worlds.named("tags-wrong");
        try (Cloud cloud = Cloud.start(world)) {
            // The first call is held up long enough for somebody to come between the plan and the second call.
            cloud.fault(Fault.next(2, "CreateTags", Fault.Kind.THROTTLED));
            Thread somebody = new Thread(() -> retag(cloud, TruthTable.vol("main", "c"), "KubernetesCluster", "mine.tld"));
            somebody.start();
            Harness.Ran ran = fix(cloud, "--yes");
            somebody.join();
            assertEquals(21, ran.code(), shown(ran));
            assertTrue(errors(ran).contains("ChangedMeanwhile"), shown(ran));
            assertEquals(List.of("done", "failed"), ran.texts("changes", "status"));
            assertEquals("mine.tld", tags(cloud).get(TruthTable.vol("main", "c")).get("KubernetesCluster"));
        }
    }

    /** As soon as the command under test has been refused once. */
    private static void retag(Cloud cloud, String volume, String key, String value) {
        try {
            while (writes(cloud).isEmpty()) {
                Thread.sleep(20);
            }
            for (int attempt = 0; attempt < 5; attempt++) {
                String form = "Action=CreateTags&Version=2016-11-15&ResourceId.1=" + volume + "&Tag.1.Key=" + key
                        + "&Tag.1.Value=" + value;
                int status = HttpClient.newHttpClient().send(HttpRequest.newBuilder(cloud.endpoint())
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)).build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status == 200) {
                    return;
                }
            }
            throw new IllegalStateException("never got through");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- undo

    @Test
    void undoes_the_last_change_first_and_leaves_no_instant_without_a_tag_that_was_overwritten() {
        World world = threeCalls().withVolume(TruthTable.vol("main", "b"), v -> v.tag("k8s.io/etcd/main", "b/b"));
        try (Cloud cloud = Cloud.start(world)) {
            List<String> lines = new ArrayList<>();
            fix(cloud, "--yes").json().get("next").forEach(n -> lines.add(n.asText().replaceAll(" --region.*", "")));
            String tags = " --tags '[{\"Key\":\"%s\",\"Value\":\"%s\"}]'";
            assertEquals(List.of(
                    "aws ec2 delete-tags --resources " + TruthTable.vol("main", "c") + tags.formatted("KubernetesCluster", C),
                    "aws ec2 delete-tags --resources " + TruthTable.vol("main", "b") + tags.formatted(CONTROL_PLANE, "1"),
                    "aws ec2 create-tags --resources " + TruthTable.vol("main", "b") + tags.formatted("k8s.io/etcd/main", "b/b"),
                    "aws ec2 create-tags --resources " + TruthTable.vol("events", "c")
                            + tags.formatted("k8s.io/etcd/main", "c/a,b,c")), lines);
        }
    }

    @Test
    void the_lines_of_the_AWS_CLI_that_it_prints_put_every_tag_back() throws Exception {
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(f -> new File(f, "aws").canExecute()),
                "aws is not installed: pip install awscli");
        World world = threeCalls().withVolume(TruthTable.vol("main", "b"), v -> v.tag("k8s.io/etcd/main", "b/b"));
        try (Cloud cloud = Cloud.start(world)) {
            Map<String, Map<String, String>> before = tags(cloud);
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(0, ran.code(), shown(ran));
            assertFalse(before.equals(tags(cloud)));
            for (JsonNode line : ran.json().get("next")) {
                Processes.Ended ended = Processes.run(Path.of("/"), "sh", "-c", line.asText());
                assertEquals(0, ended.code(), line.asText() + ended.err());
            }
            assertEquals(before, tags(cloud));
        }
    }

    // ---- words

    @Test
    void says_each_step_once_and_that_a_held_volume_is_read_at_the_next_restart() {
        try (Cloud cloud = Cloud.start(Worlds.named("tags-wrong"))) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(List.of("Account 123456789012, region eu-central-1, cluster " + C,
                    "Tagged " + TruthTable.vol("main", "b") + " (main b): " + CONTROL_PLANE,
                    "Tagged " + TruthTable.vol("main", "c") + " (main c): KubernetesCluster"), ran.errLines());
            assertEquals(2, ran.texts("problems", "code").stream().filter("IN_USE_UNTIL_RESTART"::equals).count());
            assertEquals("[{\"KubernetesCluster\":\"" + C + "\"}]", "[" + ran.json().get("changes").get(1).get("after") + "]");
        }
    }

    @Test
    void a_terminal_shows_the_plan_as_people_read_it() {
        try (Cloud cloud = Cloud.start(threeCalls().withVolume(TruthTable.vol("main", "b"), v -> v.tag(CONTROL_PLANE, "")))) {
            Harness harness = new Harness(cloud.endpoint()).onTerminal();
            List<String> lines = harness.fixTags("--cluster", C).out().lines().toList();
            assertEquals("PLANNED  k8s.mycompany.tld in eu-central-1", lines.get(0));
            int at = lines.indexOf("Changes  (plan " + planId(fix(cloud)) + ")");
            assertEquals(List.of("  planned  events c  " + TruthTable.vol("events", "c"), "    - k8s.io/etcd/main=c/a,b,c",
                    "  planned  main b  " + TruthTable.vol("main", "b"), "    ~ " + CONTROL_PLANE + ": (empty) -> 1",
                    "  planned  main c  " + TruthTable.vol("main", "c"), "    + KubernetesCluster=" + C),
                    lines.subList(at + 1, at + 7));
            String coloured = harness.with(Map.of("TERM", "xterm")).fixTags("--cluster", C).out();
            assertTrue(coloured.contains("    \u001b[32m+ KubernetesCluster=" + C + "\u001b[0m"), coloured);
        }
    }

    @Test
    void what_tags_cannot_mend_is_said_with_the_command_that_can() {
        try (Cloud cloud = Cloud.start(Worlds.named("one-volume-gone"))) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals("unchanged", ran.json().get("outcome").asText());
            assertTrue(errors(ran).contains("NO_VOLUME"), shown(ran));
            String where = " --region eu-central-1 --endpoint-url " + cloud.endpoint() + "\"";
            assertEquals("[\"./jbang verify-quorum-volumes --cluster " + C + where + ",\"./jbang restore-volume --cluster " + C
                    + " --etcd main" + where + "]", ran.json().get("next").toString());
        }
    }

    // ---- bad input

    @ParameterizedTest
    @ValueSource(strings = {"--volume i-0123 --etcd main --member c", "--volume vol-0123 --etcd main --member c",
        "--volume VOL --etcd main", "--volume VOL --member c", "--member c --etcd main", "--plan yesterday",
        "--plan 0123456789ABCDEF", "--volume VOL --member c --etcd main --etcd events", "--yes=maybe", "--kops-version 1",
        "--volume VOL --etcd main --member a/b", "--volume VOL --etcd main --member"})
    void a_bad_command_line_is_two_lines_and_nothing_is_asked(String args) {
        try (Cloud cloud = Cloud.start(three())) {
            Harness.Ran ran = fix(cloud, args.replace("VOL", TruthTable.vol("main", "c")).split(" "));
            assertEquals(2, ran.code(), shown(ran));
            assertEquals(2, ran.errLines().size(), ran.err());
            assertEquals("", ran.out());
            assertEquals(List.of(), cloud.journal());
        }
    }

    @Test
    void a_members_name_with_a_space_or_too_long_is_wrong_usage() {
        try (Cloud cloud = Cloud.start(three())) {
            assertEquals(2, fix(cloud, byHand("main", "c d")).code());
            assertEquals(2, fix(cloud, byHand("main", "m".repeat(64))).code());
            assertEquals(List.of(), cloud.journal());
        }
    }

    @Test
    void which_cluster_is_meant_must_be_said() {
        try (Cloud cloud = Cloud.start(three())) {
            Harness.Ran ran = new Harness(cloud.endpoint()).fixTags("--yes");
            assertEquals(2, ran.code());
            assertEquals("Error: no cluster is named: neither --cluster nor KOPS_CLUSTER_NAME is set\n"
                    + "Try: ./jbang fix-tags --help\n", ran.err());
            assertEquals(List.of(), cloud.journal());
        }
    }

    @Test
    void a_cluster_that_is_not_there_is_refused() {
        try (Cloud cloud = Cloud.start(three())) {
            Harness.Ran ran = new Harness(cloud.endpoint()).fixTags("--cluster", "k8s.mycompany.tdl", "--yes");
            assertEquals(20, ran.code(), shown(ran));
            assertEquals("refused", ran.json().get("outcome").asText());
            assertEquals(List.of(), writes(cloud));
        }
    }

    @Test
    void help_names_the_options_of_a_plan() {
        Harness.Ran help = new Harness(null).fixTags("--help");
        assertEquals(0, help.code());
        assertTrue(help.out().contains("--yes") && help.out().contains("without --yes only the plan"), help.out());
        assertTrue(help.out().contains("--plan=ID"), help.out());
        assertTrue(help.out().contains("--volume=ID"), help.out());
    }

    @Test
    void ctrl_c_begins_no_further_call_and_the_report_says_what_was_not_reached() throws Exception {
        World world = Worlds.named("kops-1.8");
        try (Cloud cloud = Cloud.start(world)) {
            cloud.fault(new Fault("CreateTags", 2, 99, 0, 0, Fault.Kind.THROTTLED, Duration.ZERO));
            Processes.Started started = Processes.start(Path.of("/"), Map.of(), System.getProperty("java.home") + "/bin/java",
                    "-cp", System.getProperty("java.class.path"), "FixTags", "--cluster", C, "--kops-version", "1.26", "--yes",
                    "--endpoint-url", cloud.endpoint().toString());
            started.awaitErr("Tagged ", 1);
            while (writes(cloud).size() < 2) {
                Thread.sleep(20);
            }
            started.signal("INT");
            Processes.Ended ended = started.end();
            assertEquals(130, ended.code(), ended.err());
            Harness.Ran ran = new Harness.Ran(ended.code(), ended.out(), ended.err());
            assertEquals("interrupted", ran.json().get("outcome").asText());
            assertEquals(List.of("done", "failed", "not_reached", "not_reached", "not_reached", "not_reached"),
                    ran.texts("changes", "status"), shown(ran));
            assertReportIsTrue(ran, world, cloud);
            assertEquals(2, writes(cloud).size(), "nothing is begun after it");
        }
    }
}
