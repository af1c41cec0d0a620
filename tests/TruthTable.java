import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import practice.World;
import practice.Worlds;

/**
 * One defect of a kops cluster at a time, and what must be said of it. The same table is held against the practice cloud
 * and against an EC2 that we did not write.
 */
final class TruthTable {
    static final String C = Worlds.CLUSTER;
    static final String MASTER = "k8s.io/role/master";
    static final String CONTROL_PLANE = "k8s.io/role/control-plane";

    /**
     * @param reason     a reason that main must show; empty when it must show none at all
     * @param args       further arguments, in one string
     * @param ownWorld   the row needs times, states or keys that moto cannot be told
     */
    record Row(String name, World world, int code, String main, String events, String reason, String args, boolean ownWorld) {
        void check(Harness harness) {
            Harness.Ran ran = harness.verify(args.isEmpty() ? new String[0] : args.split(" "));
            String shown = name + "\n" + ran.err() + ran.out();
            assertEquals(main, ran.etcd("main").get("verdict").asText(), shown);
            if (!events.isEmpty()) {
                assertEquals(events, ran.etcd("events").get("verdict").asText(), shown);
            }
            if (reason.isEmpty()) {
                assertEquals(List.of(), ran.reasons("main"), shown);
            } else {
                assertTrue(ran.reasons("main").contains(reason), shown);
                assertTrue(ran.texts("problems", "code").contains(reason), shown);
            }
            assertEquals(code, ran.code(), shown);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Row> rows = new ArrayList<>();
    private final World three = Worlds.named("three-masters");

    static List<Row> rows() {
        return new TruthTable().fill();
    }

    static String vol(String etcd, String member) {
        return Worlds.volumeId(C, etcd, member);
    }

    private List<Row> fill() {
        healthyWorlds();
        wrongTags();
        wrongMembers();
        wrongPlaces();
        twins();
        restored();
        refilled();
        return rows;
    }

    private void healthyWorlds() {
        row("three masters", three, 0, "healthy", "healthy", "");
        row("a single master", Worlds.named("single-master"), 0, "healthy", "healthy", "");
        row("five masters, two to a zone", Worlds.named("five-masters"), 0, "healthy", "healthy", "");
        row("cilium and leases too", Worlds.named("cilium-and-leases"), 0, "healthy", "healthy", "");
        row("four tags, as kops 1.8 wrote them", Worlds.named("kops-1.8"), 0, "healthy", "healthy", "");
        row("four tags, but read by kops 1.26", Worlds.named("kops-1.8"), 20, "lost", "lost",
                "TAG_MISSING:" + CONTROL_PLANE, "--kops-version 1.26");
        row("five tags, as kops 1.9 wrote them", kops(Worlds.TagSet.KOPS_1_9, "a", "b", "c"), 0, "healthy", "healthy", "");
        row("noise around the cluster", Worlds.named("with-noise"), 0, "healthy", "healthy", "", "--cluster " + C);
        row("no node holds any volume", Worlds.named("nodes-gone"), 0, "healthy", "healthy", "");
        LinkedHashMap<String, String> oneZone = new LinkedHashMap<>();
        List.of("etcd-1", "etcd-2", "etcd-3").forEach(m -> oneZone.put(m, "eu-central-1a"));
        row("three members in one zone", Worlds.kops(C, "eu-central-1", Worlds.TagSet.KOPS_1_26, List.of("main", "events"),
                oneZone), 0, "healthy", "healthy", "");
        row("only main, as kops 1.4 wrote it", kops18MainOnly("eu-central-1a"), 0, "healthy", "", "");
    }

    private void wrongTags() {
        degraded("T1 KubernetesCluster missing", v -> v.untag("KubernetesCluster"), "TAG_MISSING:KubernetesCluster");
        degraded("T1 KubernetesCluster wrong", v -> v.tag("KubernetesCluster", "x.tld"), "TAG_WRONG_VALUE:KubernetesCluster");
        degraded("T2 Name missing", v -> v.untag("Name"), "TAG_MISSING:Name");
        degraded("T2 Name wrong", v -> v.tag("Name", "old-" + v.tags().get("Name")), "TAG_WRONG_VALUE:Name");
        degraded("T3 role/master missing", v -> v.untag(MASTER), "TAG_MISSING:" + MASTER);
        degraded("T3b role/master not 1", v -> v.tag(MASTER, "true"), "TAG_WRONG_VALUE:" + MASTER);
        degraded("T4 role/control-plane missing", v -> v.untag(CONTROL_PLANE), "TAG_MISSING:" + CONTROL_PLANE);
        degraded("T4 role/control-plane not 1", v -> v.tag(CONTROL_PLANE, ""), "TAG_WRONG_VALUE:" + CONTROL_PLANE);
        degraded("T5 cluster tag missing", v -> v.untag("kubernetes.io/cluster/" + C),
                "TAG_MISSING:kubernetes.io/cluster/" + C);
        degraded("T5 cluster tag shared", v -> v.tag("kubernetes.io/cluster/" + C, "shared"),
                "TAG_WRONG_VALUE:kubernetes.io/cluster/" + C);
        degraded("T6 etcd tag missing", v -> v.untag("k8s.io/etcd/main"), "TAG_MISSING:k8s.io/etcd/main");
        degraded("T6 etcd tag mistyped", v -> v.untag("k8s.io/etcd/main").tag("k8s.io/etcd/mian", "c/a,b,c"),
                "TAG_MISSING:k8s.io/etcd/main");
        degraded("T6 etcd tag in another case", v -> v.untag("k8s.io/etcd/main").tag("k8s.io/Etcd/main", "c/a,b,c"),
                "TAG_MISSING:k8s.io/etcd/main");
        degraded("T18 tags of another cluster too", v -> v.tag("kubernetes.io/cluster/other.tld", "owned"), "FOREIGN_CLUSTER");
        row("T29 foreign tags", three.withVolume(vol("main", "c"), v -> v.tag("team", "infra")), 0, "healthy", "healthy", "");
        row("the upgrade to 1.26 that nobody ran", kops(Worlds.TagSet.KOPS_1_9, "a", "b", "c"), 20, "lost", "lost",
                "TAG_MISSING:" + CONTROL_PLANE, "--kops-version 1.26");
    }

    private void wrongMembers() {
        degraded("T7 etcd tag empty", v -> v.tag("k8s.io/etcd/main", ""), "ETCD_TAG_MALFORMED:k8s.io/etcd/main");
        degraded("T8 etcd tag without a slash", v -> v.tag("k8s.io/etcd/main", "c"), "ETCD_TAG_MALFORMED:k8s.io/etcd/main");
        degraded("etcd tag with two slashes", v -> v.tag("k8s.io/etcd/main", "c/a/b"), "ETCD_TAG_MALFORMED:k8s.io/etcd/main");
        degraded("etcd tag with a space", v -> v.tag("k8s.io/etcd/main", "c/a, b, c"), "ETCD_TAG_MALFORMED:k8s.io/etcd/main");
        degraded("T9 a member that is not in the list", v -> v.tag("k8s.io/etcd/main", "z/a,b,c"),
                "MEMBER_NOT_IN_LIST:k8s.io/etcd/main");
        degraded("T12 the zone for a member", v -> v.tag("k8s.io/etcd/main", "eu-central-1c/eu-central-1c"),
                "MEMBER_NOT_IN_LIST:k8s.io/etcd/main");
        row("T11 an old list, own name right", three.withVolume(vol("main", "c"), v -> v.tag("k8s.io/etcd/main", "c/c")), 0,
                "healthy", "healthy", "MEMBER_LIST_DISAGREES:k8s.io/etcd/main");
        row("T11 an old list, read by protokube", Worlds.named("kops-1.8")
                        .withVolume(vol("main", "c"), v -> v.tag("k8s.io/etcd/main", "c/c")), 21,
                "degraded", "healthy", "MEMBER_LIST_DISAGREES:k8s.io/etcd/main");
        row("three lists, no majority", three.withVolume(vol("main", "b"), v -> v.tag("k8s.io/etcd/main", "b/b"))
                        .withVolume(vol("main", "c"), v -> v.tag("k8s.io/etcd/main", "c/b,c")), 20,
                "ambiguous", "healthy", "MEMBER_LIST_DISAGREES:k8s.io/etcd/main");
        row("T20 both etcd tags on one volume", three.withVolume(vol("main", "c"), v -> v.tag("k8s.io/etcd/events", "c/a,b,c")),
                20, "degraded", "ambiguous", "TWO_ETCD_TAGS");
        row("a volume of main is gone", Worlds.named("one-volume-gone"), 21, "degraded", "healthy", "NO_VOLUME");
        row("two volumes of main are gone", Worlds.named("two-volumes-gone"), 20, "lost", "healthy", "NO_VOLUME");
        row("all volumes of main are gone", Worlds.named("two-volumes-gone").without(vol("main", "a")), 20, "lost",
                "healthy", "NO_VOLUME");
        row("two tags wrong", Worlds.named("tags-wrong"), 20, "lost", "healthy", "TAG_MISSING:KubernetesCluster");
        row("retired, none in its place", three.withVolume(vol("main", "c"), TruthTable::retired), 21, "degraded", "healthy",
                "RETIRED");
    }

    private void wrongPlaces() {
        degraded("T13 detached in a wrong zone", v -> v.detached().zone("eu-central-1a"), "WRONG_ZONE");
        World alone = kops18MainOnly("a", "b", "c");
        for (String m : List.of("a", "b", "c")) {
            alone = alone.withVolume(vol("main", m), World.Volume::detached);
        }
        row("T13 detached in a wrong zone, and only the names to tell", alone.withVolume(vol("main", "c"),
                v -> v.zone("eu-central-1a")), 21, "degraded", "", "WRONG_ZONE");
        row("T22 not yet available", three.withVolume(vol("main", "c"), v -> v.detached().state("creating")), 21, "degraded",
                "healthy", "NOT_READY", "", true);
        row("T22 in error", three.withVolume(vol("main", "c"), v -> v.detached().state("error")), 21, "degraded",
                "healthy", "NOT_READY", "", true);
        row("T23 attached to a rescue instance", withRescue().withVolume(vol("main", "c"),
                v -> v.attachedTo(Worlds.id("i", "rescue"))), 21, "degraded", "healthy", "FOREIGN_ATTACHMENT");
        row("attached to a stopped node", three.withInstance(Worlds.instanceId(C, "c"), i -> i.state("stopped")), 21,
                "degraded", "degraded", "NOT_READY");
    }

    private void twins() {
        World.Volume mainA = three.volume(vol("main", "a"));
        row("T14 an old twin, attached elsewhere", withRescue().plus(mainA.id(Worlds.id("vol", "twin"))
                .attachedTo(Worlds.id("i", "rescue"))), 20, "ambiguous", "healthy", "DUPLICATE_MEMBER");
        row("T15 an old twin, detached", Worlds.named("old-twin"), 20, "ambiguous", "healthy", "DUPLICATE_MEMBER");
        row("a twin in another zone", three.plus(mainA.id(Worlds.id("vol", "twin")).detached().zone("eu-central-1b")), 20,
                "ambiguous", "healthy", "DUPLICATE_MEMBER");
        row("a twin that no reader finds", three.plus(mainA.id(Worlds.id("vol", "twin")).detached().tag("Name", "copy of a")
                .untag(CONTROL_PLANE)), 0, "healthy", "healthy", "TAG_WRONG_VALUE:Name");
        row("another volume of the same name", three.plus(mainA.id(Worlds.id("vol", "twin")).detached()
                .untag("k8s.io/etcd/main")), 21, "degraded", "healthy", "DUPLICATE_NAME");
        row("T19 events tagged as main", three.withVolume(vol("events", "c"),
                v -> v.untag("k8s.io/etcd/events").tag("k8s.io/etcd/main", "c/a,b,c")), 20, "ambiguous", "degraded",
                "DUPLICATE_MEMBER");
    }

    private void restored() {
        Instant first = Instant.parse("2026-10-01T02:00:00Z");
        World snapshots = three;
        World gone = Worlds.named("nodes-gone");
        for (String m : List.of("a", "b", "c")) {
            Instant at = first.plusMillis("abc".indexOf(m));
            World.Snapshot snapshot = World.Snapshot.of(snap(m), three.volume(vol("main", m)), at);
            snapshots = snapshots.plus(snapshot);
            gone = gone.plus(snapshot)
                    .withVolume(vol("main", m), v -> v.fromSnapshot(snap(m)).createdAt(first.plusSeconds(3600)));
        }
        row("T10 made from another member's snapshot", snapshots.withVolume(vol("main", "c"), v -> v.fromSnapshot(snap("b"))),
                21, "degraded", "healthy", "RECORD_MISMATCH");
        row("T27 one snapshot for two members", three.plus(World.Snapshot.of(snap("x"), three.volume(vol("main", "b")), first)
                        .tags(Map.of())).withVolume(vol("main", "b"), v -> v.fromSnapshot(snap("x")))
                        .withVolume(vol("main", "c"), v -> v.fromSnapshot(snap("x"))),
                20, "lost", "healthy", "RECORD_MISMATCH");
        World.Snapshot recorded = World.Snapshot.of(snap("k"), three.volume(vol("main", "c")), first)
                .tag("etcd-ops/kms-key", Worlds.kmsKey("eu-central-1"));
        row("T28 the recorded key", three.plus(recorded).withVolume(vol("main", "c"), v -> v.fromSnapshot(snap("k"))), 0,
                "healthy", "healthy", "", "", true);
        row("T28 another key than was recorded", three.plus(recorded).withVolume(vol("main", "c"),
                v -> v.fromSnapshot(snap("k")).encryptedWith("arn:aws:kms:eu-central-1:123456789012:key/other")), 21,
                "degraded", "healthy", "RECORD_MISMATCH", "", true);
        row("all restored and not started: the order is said", gone, 0, "healthy", "healthy", "SKEWED_SET", "", true);
        row("T21 a blank volume beside restored ones", gone.withVolume(vol("main", "a"),
                v -> v.fromSnapshot("").createdAt(first.plusSeconds(7200))), 21,
                "degraded", "healthy", "BLANK_SUSPECT", "", true);
        row("T21 two blank volumes beside a restored one", gone.withVolume(vol("main", "a"),
                        v -> v.fromSnapshot("").createdAt(first.plusSeconds(7200))).withVolume(vol("main", "b"),
                        v -> v.fromSnapshot("").createdAt(first.plusSeconds(7200))),
                20, "lost", "healthy", "BLANK_SUSPECT", "", true);
    }

    /** The same, but held by running nodes. */
    private void refilled() {
        Instant first = Instant.parse("2026-10-01T02:00:00Z");
        World one = three;
        for (String m : List.of("a", "b", "c")) {
            one = one.plus(World.Snapshot.of(snap(m), three.volume(vol("main", m)), first))
                    .withVolume(vol("main", m), v -> v.fromSnapshot(snap(m)).createdAt(first.plusSeconds(3600)));
        }
        UnaryOperator<World.Volume> blank = v -> v.fromSnapshot("").createdAt(first.plusSeconds(7200));
        World oneBlank = one.withVolume(vol("main", "a"), blank);
        row("T21 a blank volume that a quorum refills", oneBlank, 0, "healthy", "healthy", "BLANK_SUSPECT", "", true);
        row("T21 two blank volumes up with a restored one", oneBlank.withVolume(vol("main", "b"), blank), 20, "lost", "healthy",
                "BLANK_SUSPECT", "", true);
    }

    private static String snap(String of) {
        return Worlds.id("snap", of);
    }

    private static World.Volume retired(World.Volume v) {
        World.Volume retired = v.detached().tag("Name", "retired." + v.tags().get("Name"));
        for (String key : List.of("k8s.io/etcd/main", "KubernetesCluster", MASTER, CONTROL_PLANE, "kubernetes.io/cluster/" + C)) {
            retired = retired.untag(key).tag("etcd-ops/parked/" + key, v.tags().get(key));
        }
        return retired;
    }

    private World withRescue() {
        return three.plus(new World.Instance(Worlds.id("i", "rescue"), "eu-central-1c", "running", "/dev/xvda",
                Map.of("Name", "rescue"), Instant.parse("2026-11-01T00:00:00Z")));
    }

    private static World kops(Worlds.TagSet tags, String... members) {
        LinkedHashMap<String, String> zones = new LinkedHashMap<>();
        for (String m : members) {
            zones.put(m, "eu-central-1" + m);
        }
        return Worlds.kops(C, "eu-central-1", tags, List.of("main", "events"), zones);
    }

    private static World kops18MainOnly(String... members) {
        LinkedHashMap<String, String> zones = new LinkedHashMap<>();
        for (String m : members) {
            zones.put(m, "eu-central-1" + m.substring(m.length() - 1));
        }
        return Worlds.kops(C, "eu-central-1", Worlds.TagSet.KOPS_1_8, List.of("main"), zones);
    }

    private void degraded(String name, UnaryOperator<World.Volume> edit, String reason) {
        row(name, three.withVolume(vol("main", "c"), edit), 21, "degraded", "healthy", reason);
    }

    private void row(String name, World world, int code, String main, String events, String reason) {
        row(name, world, code, main, events, reason, "");
    }

    private void row(String name, World world, int code, String main, String events, String reason, String args) {
        row(name, world, code, main, events, reason, args, false);
    }

    private void row(
            String name, World world, int code, String main, String events, String reason, String args, boolean ownWorld) {
        rows.add(new Row(name, world, code, main, events, reason, args, ownWorld));
    }
}
