import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import practice.Cloud;
import practice.Settings;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** What a test of restore-volume starts from, does beside the command, and looks at afterwards. */
final class RestoreScene {
    static final String C = Worlds.CLUSTER;
    static final String PARKED = "etcd-ops/parked/";
    static final Settings QUICK = Settings.defaults().snapshotTakes(Duration.ZERO).snapshotSpacing(Duration.ZERO)
            .volumeCreating(Duration.ZERO).attaching(Duration.ZERO).detaching(Duration.ZERO)
            .instanceChanging(Duration.ZERO).throttling(false);
    private static final List<String> DEVICES = List.of("/dev/xvdu", "/dev/xvdv", "/dev/xvdx", "/dev/xvdy");

    private RestoreScene() {
    }

    /** What a cloud holds now, as a world that another can start from. */
    static World of(Cloud cloud) {
        return new World("scene", "a cloud as it was left", Worlds.REGION, cloud.instances(), cloud.volumes(),
                cloud.snapshots());
    }

    /** A world whose etcd volumes have been snapshotted as set s1. */
    static World withSet(World world) {
        return withSet(world, "restorable");
    }

    /** The same of a world with two volumes for one member, whose set is incomplete. */
    static World withTwins(World world) {
        return withSet(world, "incomplete");
    }

    private static World withSet(World world, String verdict) {
        try (Cloud cloud = Cloud.start(world, QUICK)) {
            List<String> clusters = world.volumes().stream().map(v -> v.tags().getOrDefault("KubernetesCluster", ""))
                    .filter(c -> !c.isEmpty()).distinct().toList();
            for (String cluster : clusters) {
                Harness.Ran ran = new Harness(cloud.endpoint()).snapshotAll("--cluster", cluster, "--set", "s1");
                assertTrue(ran.texts("sets", "verdict").contains(verdict), shown(ran));
            }
            return of(cloud);
        }
    }

    /** All instances are terminated, their root volumes went with them. */
    static World nodesGone(World world) {
        World gone = world.withInstances(i -> i.state("terminated"));
        for (World.Volume v : world.volumes()) {
            gone = v.device().equals("/dev/xvda") ? gone.without(v.id()) : gone.withVolume(v.id(), World.Volume::detached);
        }
        return gone;
    }

    /** Three masters, snapshotted; then the nodes, and main of b and c, are gone. */
    static World quorumLost() {
        return nodesGone(withSet(Worlds.named("three-masters"))).without(TruthTable.vol("main", "b"))
                .without(TruthTable.vol("main", "c"));
    }

    static Harness.Ran restore(Cloud cloud, String... args) {
        return new Harness(cloud.endpoint()).restoreVolume(of(C, args));
    }

    static String[] of(String cluster, String... args) {
        return Stream.concat(Stream.of("--cluster", cluster), Stream.of(args)).toArray(String[]::new);
    }

    static Ec2Client client(Cloud cloud) {
        return Ec2Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).region(Region.EU_CENTRAL_1)
                .endpointOverride(cloud.endpoint()).build();
    }

    /** Starts a control-plane node for each member and attaches what it finds there, as kops' nodes do. */
    static void startNodes(Ec2Client ec2, String cluster, Collection<String> members) {
        for (String member : members) {
            List<software.amazon.awssdk.services.ec2.model.Volume> own = ec2.describeVolumes(r -> r.filters(
                    f -> f.name("tag:kubernetes.io/cluster/" + cluster).values("owned"),
                    f -> f.name("tag:k8s.io/role/control-plane").values("1"))).volumes().stream()
                    .filter(v -> v.stateAsString().equals("available")).filter(v -> v.tags().stream().anyMatch(
                            t -> t.key().startsWith("k8s.io/etcd/") && t.value().startsWith(member + "/"))).toList();
            Map<String, String> tags = Map.of("KubernetesCluster", cluster, "kubernetes.io/cluster/" + cluster, "owned",
                    "k8s.io/role/master", "1", "k8s.io/role/control-plane", "1", "Name", "control-plane-" + member);
            String instance = ec2.runInstances(r -> r.imageId("ami-12c6146b").minCount(1).maxCount(1)
                    .placement(p -> p.availabilityZone(own.get(0).availabilityZone()))
                    .tagSpecifications(TagSpecification.builder().resourceType(ResourceType.INSTANCE)
                            .tags(tags.entrySet().stream().map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build())
                                    .toList()).build())).instances().get(0).instanceId();
            for (int n = 0; n < own.size(); n++) {
                String volume = own.get(n).volumeId();
                String device = DEVICES.get(n);
                ec2.attachVolume(r -> r.volumeId(volume).instanceId(instance).device(device));
            }
        }
    }

    static void terminateNodes(Ec2Client ec2) {
        List<String> running = ec2.describeInstances().reservations().stream().flatMap(r -> r.instances().stream())
                .filter(i -> i.state().nameAsString().equals("running")).map(i -> i.instanceId()).toList();
        ec2.terminateInstances(r -> r.instanceIds(running));
    }

    /** Which volumes any reader of any generation would take for a member, by etcd cluster and member. */
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
            String name = t.getOrDefault("Name", "");
            if (named && name.matches("[^.]+\\.etcd-[^.]+\\." + cluster.replace(".", "\\."))) {
                String member = name.replaceAll("^([^.]+)\\.etcd-([^.]+)\\..*$", "$2/$1");
                found.computeIfAbsent(member, m -> new TreeSet<>()).add(v.id());
            }
        }
        return found;
    }

    static boolean isLive(String key) {
        return Set.of("Name", "KubernetesCluster", "k8s.io/role/master", "k8s.io/role/control-plane").contains(key)
                || key.startsWith("k8s.io/etcd/") || key.startsWith("kubernetes.io/cluster/");
    }

    /** What must be true between any two calls, whatever a restore or a rollback is about. */
    static void mustHold(World before, List<World.Volume> now, String after) {
        found(now, C).forEach((member, ids) -> assertTrue(ids.size() <= 1, () -> "after " + after + " " + ids + " match "
                + member));
        for (World.Volume v : now) {
            if (v.state().equals("creating")) {
                assertTrue(v.tags().keySet().stream().noneMatch(k -> isLive(k) && !k.equals("Name")) && v.tags()
                        .getOrDefault("Name", "").startsWith("inert."), () -> "after " + after + " not yet available: " + v);
            }
        }
        for (World.Volume old : before.volumes()) {
            World.Volume v = now.stream().filter(n -> n.id().equals(old.id())).findFirst().orElseThrow(
                    () -> new AssertionError("after " + after + " " + old.id() + " is gone"));
            boolean isNew = old.tags().containsKey("etcd-ops/run"); // of what a restore made no tag is parked
            old.tags().forEach((key, value) -> {
                String live = key.startsWith(PARKED) ? key.substring(PARKED.length()) : key;
                boolean isOurs = live.startsWith("etcd-ops/") || key.equals("Name") && value.startsWith("retired.");
                assertTrue(isNew || isOurs || value.equals(v.tags().get(live)) || value.equals(v.tags().get(PARKED + live)),
                        () -> "after " + after + " tag " + live + " of " + v + " is lost");
            });
        }
    }

    /** Tags, zone, size, type, rates, key, snapshot and state of every volume; a new one goes by what it is, not by its id. */
    static List<String> state(World before, Collection<World.Volume> volumes) {
        Set<String> known = before.volumes().stream().map(World.Volume::id).collect(Collectors.toSet());
        return volumes.stream().map(v -> (known.contains(v.id()) ? v.id() : "new") + " " + v.zone() + " " + v.sizeGib() + " "
                + v.type() + " " + v.iops() + " " + v.throughput() + " " + v.encrypted() + " " + v.kmsKeyId() + " "
                + v.snapshotId() + " " + v.state() + " " + v.attachedTo() + " " + new TreeMap<>(v.tags())).sorted().toList();
    }

    /** Every volume's tags. */
    static Map<String, Map<String, String>> tags(Collection<World.Volume> volumes) {
        return volumes.stream().collect(Collectors.toMap(World.Volume::id, v -> new TreeMap<>(v.tags()), (a, b) -> a,
                TreeMap::new));
    }

    static List<World.Volume> made(World before, Collection<World.Volume> volumes) {
        return volumes.stream().filter(v -> before.volumes().stream().noneMatch(b -> b.id().equals(v.id()))).toList();
    }

    /** The calls that change something, in their order. */
    static List<String> writes(Cloud cloud) {
        return cloud.journal().stream().map(Cloud.Request::action).filter(a -> !a.startsWith("Describe")).toList();
    }

    static List<String> errors(Harness.Ran ran) {
        List<String> codes = new ArrayList<>();
        for (JsonNode p : ran.json().get("problems")) {
            if (p.get("severity").asText().equals("error")) {
                codes.add(p.get("code").asText());
            }
        }
        return codes;
    }

    static String outcome(Harness.Ran ran) {
        return ran.json().get("outcome").asText();
    }

    static void mustEnd(String outcome, int code, Harness.Ran ran) {
        assertEquals(outcome + " " + code, outcome(ran) + " " + ran.code(), shown(ran));
        if (outcome.equals("unchanged")) { // what is so already may not read as if it were still to come
            assertTrue(ran.texts("changes", "status").stream().allMatch("already"::equals), shown(ran));
        }
    }

    /** The report's changes, one by one, must be what happened to the cloud since then, and nothing else. */
    static void mustBeAsReported(World before, Harness.Ran ran, List<World.Volume> now) {
        Map<String, Map<String, String>> expected = tags(before.volumes());
        Map<String, Map<String, String>> got = tags(now);
        Map<String, Map<String, String>> published = new TreeMap<>();
        Set<String> made = new TreeSet<>();
        for (JsonNode c : ran.json().get("changes")) {
            String id = c.get("resource").asText();
            boolean isMade = List.of("done", "already").contains(c.get("status").asText());
            if (c.get("action").asText().equals("create_volume")) {
                assertEquals(isMade, got.containsKey(id), shown(ran));
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
            assertTrue(made.remove(v.id()), () -> v + " is not in the report " + shown(ran));
            Map<String, String> tags = published.getOrDefault(v.id(), Map.of("etcd-ops/state", "inert"));
            assertTrue(v.tags().entrySet().containsAll(tags.entrySet()), () -> v + " " + shown(ran));
            assertEquals(published.containsKey(v.id()), v.tags().containsKey("KubernetesCluster"), v::toString);
            got.remove(v.id());
        }
        assertEquals(Set.of(), made, () -> shown(ran));
        assertEquals(expected, got, () -> shown(ran));
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties().forEach(f -> texts.put(f.getKey(), f.getValue().asText()));
        return texts;
    }

    /** The id that the plan was given, which the next command names. */
    static String planId(Harness.Ran ran) {
        return ran.json().get("plan_id").asText();
    }

    static String shown(Harness.Ran ran) {
        return ran.err() + ran.out();
    }
}
