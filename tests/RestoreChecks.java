import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import practice.World;

/** What must be true of the volumes, whatever a restore or a rollback is about. */
final class RestoreChecks {
    private static final String PARKED = "etcd-ops/parked/";

    private RestoreChecks() {
    }

    /** Which volumes a reader of any generation would take for a member, by etcd cluster and member. */
    static Map<String, Set<String>> found(Collection<World.Volume> volumes, String cluster) {
        Map<String, Set<String>> found = new TreeMap<>();
        for (World.Volume v : volumes) {
            Map<String, String> t = v.tags();
            boolean named = cluster.equals(t.get("KubernetesCluster"));
            boolean owned = "owned".equals(t.get("kubernetes.io/cluster/" + cluster));
            boolean protokube = named && t.containsKey("k8s.io/role/master");
            boolean before126 = owned && "1".equals(t.get("k8s.io/role/master"));
            boolean since126 = owned && "1".equals(t.get("k8s.io/role/control-plane"));
            if (protokube || before126 || since126) {
                t.forEach((key, value) -> {
                    if (key.startsWith("k8s.io/etcd/")) {
                        String member = key.substring("k8s.io/etcd/".length()) + "/" + value.replaceAll("/.*", "");
                        found.computeIfAbsent(member, m -> new TreeSet<>()).add(v.id());
                    }
                });
            }
            String name = t.getOrDefault("Name", ""); // kops update cluster looks for these two tags alone
            if (named && name.matches("[^.]+\\.etcd-[^.]+\\." + cluster.replace(".", "\\."))) {
                String member = name.replaceAll("^([^.]+)\\.etcd-([^.]+)\\..*$", "$2/$1");
                found.computeIfAbsent(member, m -> new TreeSet<>()).add(v.id());
            }
        }
        return found;
    }

    /** A tag that some reader looks for. */
    static boolean isLive(String key) {
        return Set.of("Name", "KubernetesCluster", "k8s.io/role/master", "k8s.io/role/control-plane").contains(key)
                || key.startsWith("k8s.io/etcd/") || key.startsWith("kubernetes.io/cluster/");
    }

    /** What must be true after every single call, or a process that dies there leaves the cluster worse than before. */
    static void mustHoldBetweenCalls(World before, List<World.Volume> now, String call) {
        String after = "after " + call + " ";
        noMemberGotADuplicate(before, now, after);
        now.stream().filter(v -> v.state().equals("creating")).forEach(v -> isInert(v, after));
        before.volumes().forEach(old -> keptEveryTag(old, now, after));
    }

    /** Volumes that claimed one member together already before are allowed, more than those are not. */
    private static void noMemberGotADuplicate(World before, List<World.Volume> now, String after) {
        Map<String, Set<String>> already = found(before.volumes(), RestoreFixture.C);
        found(now, RestoreFixture.C).forEach((member, ids) -> assertTrue(
                ids.size() <= 1 || already.getOrDefault(member, Set.of()).containsAll(ids),
                () -> after + ids + " claim " + member));
    }

    /** A node attaches whatever it finds by its tags: a volume that is not yet available must not be found. */
    private static void isInert(World.Volume v, String after) {
        boolean hasLiveTag = v.tags().keySet().stream().anyMatch(k -> isLive(k) && !k.equals("Name"));
        assertTrue(!hasLiveTag && v.tags().getOrDefault("Name", "").startsWith("inert."),
                () -> after + "a volume that is not yet available is live: " + v);
    }

    /** Every tag of an old volume is still there, live or parked. Tags of what a restore made are never parked. */
    private static void keptEveryTag(World.Volume old, List<World.Volume> now, String after) {
        World.Volume v = now.stream().filter(n -> n.id().equals(old.id())).findFirst()
                .orElseThrow(() -> new AssertionError(after + old.id() + " is gone"));
        boolean isOfARestore = old.tags().containsKey("etcd-ops/run");
        old.tags().forEach((key, value) -> {
            String live = key.startsWith(PARKED) ? key.substring(PARKED.length()) : key;
            boolean isOurs = live.startsWith("etcd-ops/") || key.equals("Name") && value.startsWith("retired.");
            assertTrue(isOfARestore || isOurs || value.equals(v.tags().get(live)) || value.equals(v.tags().get(PARKED + live)),
                    () -> after + "tag " + live + " of " + v + " is lost");
        });
    }

    /** Everything about every volume, to compare two accounts. A new volume's id is left out, since it is drawn by chance. */
    static List<String> state(World before, Collection<World.Volume> volumes) {
        Set<String> known = before.volumes().stream().map(World.Volume::id).collect(Collectors.toSet());
        return volumes.stream().map(v -> (known.contains(v.id()) ? v.id() : "new") + " " + kind(v) + " " + v.snapshotId() + " "
                + v.state() + " " + v.attachedTo() + " " + new TreeMap<>(v.tags())).sorted().toList();
    }

    /** Zone, size, type, rates and key. */
    static String kind(World.Volume v) {
        return v.zone() + " " + v.sizeGib() + " " + v.type() + " " + v.iops() + " " + v.throughput() + " " + v.encrypted()
                + " " + v.kmsKeyId();
    }

    /** The tags of every volume. */
    static Map<String, Map<String, String>> tags(Collection<World.Volume> volumes) {
        return volumes.stream().collect(Collectors.toMap(World.Volume::id, v -> new TreeMap<>(v.tags()), (a, b) -> a,
                TreeMap::new));
    }

    /** The volumes that were not there before. */
    static List<World.Volume> made(World before, Collection<World.Volume> volumes) {
        return volumes.stream().filter(v -> before.volumes().stream().noneMatch(b -> b.id().equals(v.id()))).toList();
    }

    /** The changes that the report calls done or already done, and no other, lead from the account of before to this one. */
    static void mustBeAsReported(World before, Harness.Ran ran, List<World.Volume> now) {
        Map<String, Map<String, String>> expected = tags(before.volumes());
        Map<String, Map<String, String>> got = tags(now);
        Map<String, Map<String, String>> published = new TreeMap<>();
        Set<String> made = new TreeSet<>();
        for (JsonNode c : ran.json().get("changes")) {
            String id = c.get("resource").asText();
            boolean isMade = List.of("done", "already").contains(c.get("status").asText());
            if (c.get("action").asText().equals("create_volume")) {
                assertEquals(isMade, got.containsKey(id), ran.shown());
                if (isMade && !expected.containsKey(id)) {
                    made.add(id);
                }
            } else if (isMade && made.contains(id)) {
                published.computeIfAbsent(id, i -> new TreeMap<>()).putAll(texts(c.get("after")));
            } else if (isMade) {
                texts(c.get("before")).keySet().forEach(expected.get(id)::remove);
                expected.get(id).putAll(texts(c.get("after")));
            }
        }
        for (World.Volume v : made(before, now)) {
            assertTrue(made.remove(v.id()), () -> v + " is not in the report " + ran.shown());
            Map<String, String> tags = published.getOrDefault(v.id(), Map.of("etcd-ops/state", "inert"));
            assertTrue(v.tags().entrySet().containsAll(tags.entrySet()), () -> v + " " + ran.shown());
            assertEquals(published.containsKey(v.id()), v.tags().containsKey("KubernetesCluster"), v::toString);
            got.remove(v.id());
        }
        assertEquals(Set.of(), made, ran::shown);
        assertEquals(expected, got, ran::shown);
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties().forEach(f -> texts.put(f.getKey(), f.getValue().asText()));
        return texts;
    }
}
