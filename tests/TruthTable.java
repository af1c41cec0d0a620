import static judgement.Verdict.AMBIGUOUS;
import static judgement.Verdict.DEGRADED;
import static judgement.Verdict.HEALTHY;
import static judgement.Verdict.LOST;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import practice.World;
import practice.Worlds;

/**
 * One defect of a kops cluster at a time: what verify-quorum-volumes must say about it, and what fix-tags must do about it.
 * The rows are held against the practice cloud and against moto, an EC2 that this project did not write.
 */
final class TruthTable {
    static final String C = Worlds.CLUSTER;
    static final String MASTER = "k8s.io/role/master";
    static final String CONTROL_PLANE = "k8s.io/role/control-plane";
    private static final String OWNED = "kubernetes.io/cluster/" + C;
    private static final String ETCD_MAIN = "k8s.io/etcd/main";
    private static final Instant SNAPSHOTTED = Instant.parse("2026-10-01T02:00:00Z");
    private static final Instant RESTORED = SNAPSHOTTED.plusSeconds(3600);
    private static final Instant MADE_BLANK = SNAPSHOTTED.plusSeconds(7200);

    private final List<TruthTableRow> rows = new ArrayList<>();
    private final World three = Worlds.named("three-masters");

    static List<TruthTableRow> rows() {
        TruthTable table = new TruthTable();
        table.soundAccounts();
        table.wrongTags();
        table.wrongEtcdTags();
        table.missingVolumes();
        table.wrongPlaces();
        table.duplicates();
        table.duplicatesOfOneReader();
        table.wrongSnapshots();
        table.restored();
        table.refilled();
        return table.rows;
    }

    static Stream<TruthTableRow> stream() {
        return rows().stream();
    }

    static TruthTableRow row(String name) {
        return stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("the truth table has no row named " + name));
    }

    static String vol(String etcd, String member) {
        return Worlds.volumeId(C, etcd, member);
    }

    private TruthTableRow row(String name, World world) {
        TruthTableRow row = new TruthTableRow(name, world);
        rows.add(row);
        return row;
    }

    /** Three masters, of which main c is changed. */
    private World mainC(UnaryOperator<World.Volume> edit) {
        return three.withVolume(vol("main", "c"), edit);
    }

    /** Only main c is affected, so main still has its quorum. */
    private TruthTableRow mainCDegraded(String name, UnaryOperator<World.Volume> edit) {
        return row(name, mainC(edit)).main(DEGRADED).events(HEALTHY).exits(21);
    }

    private TruthTableRow healthy(String name, World world) {
        return row(name, world).main(HEALTHY).events(HEALTHY).exits(0);
    }

    private void soundAccounts() {
        healthy("three masters hold their volumes", three).saysNothing().unchangedByFixTags();
        healthy("a single master holds its volumes", Worlds.named("single-master")).saysNothing().unchangedByFixTags();
        healthy("five masters stand two to a zone", Worlds.named("five-masters")).saysNothing().unchangedByFixTags();
        healthy("cilium and leases have etcd clusters too", Worlds.named("cilium-and-leases"))
                .saysNothing().unchangedByFixTags();
        healthy("kops 1.8 wrote four tags", Worlds.named("kops-1.8")).saysNothing().unchangedByFixTags();
        row("kops 1.8 wrote four tags, kops 1.26 reads them", Worlds.named("kops-1.8")).args("--kops-version", "1.26")
                .main(LOST).events(LOST).exits(20).says("TAG_MISSING:" + CONTROL_PLANE).fixedBy(6);
        healthy("kops 1.9 wrote five tags", kops19()).saysNothing().unchangedByFixTags();
        row("kops 1.26 reads the five tags of kops 1.9", kops19()).args("--kops-version", "1.26")
                .main(LOST).events(LOST).exits(20).says("TAG_MISSING:" + CONTROL_PLANE).fixedBy(6);
        healthy("other volumes and another cluster stand beside the cluster", Worlds.named("with-noise"))
                .askedAboutOneCluster().saysNothing().unchangedByFixTags();
        healthy("no node holds any volume", Worlds.named("nodes-gone")).saysNothing().unchangedByFixTags();
        healthy("three members stand in one zone", Worlds.kops(C, "eu-central-1", Worlds.TagSet.KOPS_1_26,
                List.of("main", "events"), zones(Map.of("etcd-1", "a", "etcd-2", "a", "etcd-3", "a"))))
                .saysNothing().unchangedByFixTags();
        row("kops 1.4 wrote only main", mainOnly(Map.of("eu-central-1a", "a"))).main(HEALTHY).noEvents().exits(0)
                .saysNothing().unchangedByFixTags();
    }

    private void wrongTags() {
        mainCDegraded("T1 tag KubernetesCluster is missing", v -> v.untag("KubernetesCluster"))
                .says("TAG_MISSING:KubernetesCluster").fixedBy(1);
        mainCDegraded("T1 tag KubernetesCluster is wrong", v -> v.tag("KubernetesCluster", "x.tld"))
                .says("TAG_WRONG_VALUE:KubernetesCluster").fixedBy(1);
        row("T1 tag KubernetesCluster is wrong where only the Name speaks against", Worlds.named("kops-1.8")
                .withVolume(vol("main", "c"), v -> v.tag("KubernetesCluster", "x.tld")))
                .main(DEGRADED).events(HEALTHY).exits(21).says("TAG_WRONG_VALUE:KubernetesCluster").fixedBy(1);
        mainCDegraded("T2 tag Name is missing", v -> v.untag("Name"))
                .says("TAG_MISSING:Name").fixedBy(1);
        mainCDegraded("T2 tag Name is wrong", v -> v.tag("Name", "old-" + v.tags().get("Name")))
                .says("TAG_WRONG_VALUE:Name").fixedBy(1);
        mainCDegraded("T3 tag role/master is missing", v -> v.untag(MASTER))
                .says("TAG_MISSING:" + MASTER).fixedBy(1);
        mainCDegraded("T3b tag role/master is not 1", v -> v.tag(MASTER, "true"))
                .says("TAG_WRONG_VALUE:" + MASTER).fixedBy(1);
        mainCDegraded("T4 tag role/control-plane is missing", v -> v.untag(CONTROL_PLANE))
                .says("TAG_MISSING:" + CONTROL_PLANE).fixedBy(1);
        mainCDegraded("T4 tag role/control-plane is not 1", v -> v.tag(CONTROL_PLANE, ""))
                .says("TAG_WRONG_VALUE:" + CONTROL_PLANE).fixedBy(1);
        mainCDegraded("T5 the cluster tag is missing", v -> v.untag(OWNED))
                .says("TAG_MISSING:" + OWNED).fixedBy(1);
        mainCDegraded("T5 the cluster tag says shared", v -> v.tag(OWNED, "shared"))
                .says("TAG_WRONG_VALUE:" + OWNED).fixedBy(1);
        mainCDegraded("T18 the tags name another cluster too", v -> v.tag("kubernetes.io/cluster/other.tld", "owned"))
                .says("FOREIGN_CLUSTER").fixRefused("FOREIGN_CLUSTER");
        healthy("T29 a tag of somebody else stands there too", mainC(v -> v.tag("team", "infra")))
                .saysNothing().unchangedByFixTags();
        row("two volumes each have a wrong tag", Worlds.named("tags-wrong")).main(LOST).events(HEALTHY).exits(20)
                .says("TAG_MISSING:KubernetesCluster").fixedBy(2);
    }

    private void wrongEtcdTags() {
        mainCDegraded("T6 the etcd tag is missing", v -> v.untag(ETCD_MAIN))
                .says("TAG_MISSING:" + ETCD_MAIN).fixedBy(1);
        mainCDegraded("T6 the etcd tag's key is mistyped", v -> v.untag(ETCD_MAIN).tag("k8s.io/etcd/mian", "c/a,b,c"))
                .says("TAG_MISSING:" + ETCD_MAIN).fixedBy(2);
        mainCDegraded("T6 the etcd tag's key has a capital letter",
                v -> v.untag(ETCD_MAIN).tag("k8s.io/Etcd/main", "c/a,b,c")).says("TAG_MISSING:" + ETCD_MAIN).fixedBy(1);
        mainCDegraded("T7 the etcd tag is empty", v -> v.tag(ETCD_MAIN, ""))
                .says("ETCD_TAG_MALFORMED:" + ETCD_MAIN).fixedBy(1);
        mainCDegraded("T8 the etcd tag has no slash", v -> v.tag(ETCD_MAIN, "c"))
                .says("ETCD_TAG_MALFORMED:" + ETCD_MAIN).fixedBy(1);
        mainCDegraded("the etcd tag has two slashes", v -> v.tag(ETCD_MAIN, "c/a/b"))
                .says("ETCD_TAG_MALFORMED:" + ETCD_MAIN).fixedBy(1);
        mainCDegraded("the etcd tag has a space", v -> v.tag(ETCD_MAIN, "c/a, b, c"))
                .says("ETCD_TAG_MALFORMED:" + ETCD_MAIN).fixedBy(1);
        mainCDegraded("T9 the etcd tag names a member that its list lacks", v -> v.tag(ETCD_MAIN, "z/a,b,c"))
                .says("MEMBER_NOT_IN_LIST:" + ETCD_MAIN).fixedBy(1);
        mainCDegraded("T12 the etcd tag names the zone, not the member",
                v -> v.tag(ETCD_MAIN, "eu-central-1c/eu-central-1c")).says("MEMBER_NOT_IN_LIST:" + ETCD_MAIN).fixedBy(1);
        healthy("T11 the etcd tag has an old list and the right member", mainC(v -> v.tag(ETCD_MAIN, "c/c")))
                .says("MEMBER_LIST_DISAGREES:" + ETCD_MAIN).fixedBy(1);
        row("T11 protokube reads an old list",
                Worlds.named("kops-1.8").withVolume(vol("main", "c"), v -> v.tag(ETCD_MAIN, "c/c")))
                .main(DEGRADED).events(HEALTHY).exits(21).says("MEMBER_LIST_DISAGREES:" + ETCD_MAIN).fixedBy(1);
        row("three volumes have three lists, none has the majority",
                mainC(v -> v.tag(ETCD_MAIN, "c/b,c")).withVolume(vol("main", "b"), v -> v.tag(ETCD_MAIN, "b/b")))
                .main(AMBIGUOUS).events(HEALTHY).exits(20)
                .says("MEMBER_LIST_DISAGREES:" + ETCD_MAIN).fixRefused("MEMBER_LIST_DISAGREES");
        row("two volumes have two lists, neither has the majority",
                three.without(vol("main", "c")).withVolume(vol("main", "b"), v -> v.tag(ETCD_MAIN, "b/b")))
                .main(AMBIGUOUS).events(HEALTHY).exits(20)
                .says("MEMBER_LIST_DISAGREES:" + ETCD_MAIN).fixRefused("MEMBER_LIST_DISAGREES");
        row("T20 one volume has both etcd tags", mainC(v -> v.tag("k8s.io/etcd/events", "c/a,b,c")))
                .main(DEGRADED).events(AMBIGUOUS).exits(20).says("TWO_ETCD_TAGS").fixedBy(1);
    }

    private void missingVolumes() {
        row("one volume of main is gone", Worlds.named("one-volume-gone")).main(DEGRADED).events(HEALTHY).exits(21)
                .says("NO_VOLUME").unchangedByFixTags();
        row("two volumes of main are gone", Worlds.named("two-volumes-gone")).main(LOST).events(HEALTHY).exits(20)
                .says("NO_VOLUME").unchangedByFixTags();
        row("all volumes of main are gone", Worlds.named("two-volumes-gone").without(vol("main", "a")))
                .main(LOST).events(HEALTHY).exits(20).says("NO_VOLUME").unchangedByFixTags();
        mainCDegraded("a volume is retired and no other is in its place", TruthTable::retired)
                .says("RETIRED").unchangedByFixTags();
    }

    private void wrongPlaces() {
        mainCDegraded("T13 a detached volume is in the wrong zone", v -> v.detached().zone("eu-central-1a"))
                .says("WRONG_ZONE").unchangedByFixTags();
        row("T13 a detached volume is in the wrong zone, which only the members' names can tell", allDetached(
                mainOnly(Map.of("a", "a", "b", "b", "c", "c"))).withVolume(vol("main", "c"), v -> v.zone("eu-central-1a")))
                .main(DEGRADED).noEvents().exits(21).says("WRONG_ZONE").unchangedByFixTags();
        World most = Worlds.named("cilium-and-leases");
        for (String etcd : List.of("main", "cilium", "leases")) {
            most = most.withVolume(vol(etcd, "c"), v -> v.detached().zone("eu-central-1a"));
        }
        row("most volumes of a member are in another zone than the node that holds one", most)
                .main(DEGRADED).events(HEALTHY).exits(21).says("WRONG_ZONE").unchangedByFixTags();
        mainCDegraded("T22 a volume is still being created", v -> v.detached().state("creating")).onlyInPracticeCloud()
                .says("NOT_READY").unchangedByFixTags();
        mainCDegraded("T22 a volume is in error", v -> v.detached().state("error")).onlyInPracticeCloud()
                .says("NOT_READY").unchangedByFixTags();
        row("T23 a volume is attached to a rescue instance", withRescueInstance().withVolume(vol("main", "c"),
                v -> v.attachedTo(Worlds.id("i", "rescue")))).main(DEGRADED).events(HEALTHY).exits(21)
                .says("FOREIGN_ATTACHMENT").unchangedByFixTags();
        row("two volumes are attached to a stopped node", three.withInstance(Worlds.instanceId(C, "c"), i -> i.state("stopped")))
                .main(DEGRADED).events(DEGRADED).exits(21).says("NOT_READY").unchangedByFixTags();
    }

    private void duplicates() {
        World.Volume copyOfMainA = three.volume(vol("main", "a")).id(Worlds.id("vol", "duplicate"));
        row("T14 an old duplicate is attached elsewhere",
                withRescueInstance().plus(copyOfMainA.attachedTo(Worlds.id("i", "rescue"))))
                .main(AMBIGUOUS).events(HEALTHY).exits(20).says("DUPLICATE_MEMBER").fixRefused("DUPLICATE_MEMBER");
        row("T15 an old duplicate is detached", Worlds.named("duplicate-volume"))
                .main(AMBIGUOUS).events(HEALTHY).exits(20).says("DUPLICATE_MEMBER").fixRefused("DUPLICATE_MEMBER");
        row("a duplicate is in another zone", three.plus(copyOfMainA.detached().zone("eu-central-1b")))
                .main(AMBIGUOUS).events(HEALTHY).exits(20).says("DUPLICATE_MEMBER").fixRefused("DUPLICATE_MEMBER");
        healthy("the duplicate is being deleted", three.plus(copyOfMainA.detached().state("deleting"))).onlyInPracticeCloud()
                .saysNothing().unchangedByFixTags();
        row("one volume of main is being deleted", mainC(v -> v.detached().state("deleting"))).onlyInPracticeCloud()
                .main(DEGRADED).events(HEALTHY).exits(21).says("NO_VOLUME").unchangedByFixTags();
        healthy("no reader finds the duplicate",
                three.plus(copyOfMainA.detached().tag("Name", "copy of a").untag(CONTROL_PLANE)))
                .says("TAG_WRONG_VALUE:Name").unchangedByFixTags();
        row("another volume has the same Name and no etcd tag", three.plus(copyOfMainA.detached().untag(ETCD_MAIN)))
                .main(DEGRADED).events(HEALTHY).exits(21).says("DUPLICATE_NAME").fixRefused("DUPLICATE_MEMBER");
        row("T19 a volume of events is tagged as main", three.withVolume(vol("events", "c"),
                v -> v.untag("k8s.io/etcd/events").tag(ETCD_MAIN, "c/a,b,c")))
                .main(AMBIGUOUS).events(DEGRADED).exits(20).says("DUPLICATE_MEMBER").fixRefused("EVIDENCE_DISAGREES");
    }

    /** A second volume that one reader alone finds is a duplicate: with that reader two volumes match the member. */
    private void duplicatesOfOneReader() {
        World.Volume copyOfMainA = three.volume(vol("main", "a")).id(Worlds.id("vol", "duplicate")).detached();
        duplicate("only etcd-manager finds the duplicate", three,
                copyOfMainA.untag("KubernetesCluster").tag("Name", "copy of a").untag(MASTER));
        duplicate("only kops update finds the duplicate", three, copyOfMainA.untag(CONTROL_PLANE).untag(OWNED));
        World.Volume copyBefore = kops19().volume(vol("main", "a")).id(Worlds.id("vol", "duplicate")).detached();
        duplicate("only protokube finds the duplicate of kops 1.9", kops19(),
                copyBefore.untag(OWNED).tag("Name", "copy of a").tag(MASTER, ""));
        duplicate("only kops update finds the duplicate of kops 1.9", kops19(), copyBefore.untag(OWNED).untag(MASTER));
        duplicate("only etcd-manager finds the duplicate of kops 1.9", kops19(),
                copyBefore.untag("KubernetesCluster").tag("Name", "copy of a"));
        World kops18 = Worlds.named("kops-1.8");
        World.Volume oldest = kops18.volume(vol("main", "a")).id(Worlds.id("vol", "duplicate")).detached();
        duplicate("only protokube finds the duplicate of kops 1.8", kops18, oldest.tag("Name", "copy of a"));
        duplicate("only kops update finds the duplicate of kops 1.8", kops18, oldest.untag(MASTER));
    }

    private void duplicate(String name, World world, World.Volume copy) {
        row(name, world.plus(copy)).main(AMBIGUOUS).events(HEALTHY).exits(20).says("DUPLICATE_MEMBER")
                .fixRefused("DUPLICATE_MEMBER");
    }

    private void wrongSnapshots() {
        World snapshots = three;
        for (String m : List.of("a", "b", "c")) {
            snapshots = snapshots.plus(snapshotOf(m, SNAPSHOTTED.plusMillis("abc".indexOf(m))));
        }
        row("T10 a volume was made from another member's snapshot",
                snapshots.withVolume(vol("main", "c"), v -> v.fromSnapshot(snap("b"))))
                .main(DEGRADED).events(HEALTHY).exits(21).says("RECORD_MISMATCH").fixRefused("RECORD_MISMATCH");
        World.Snapshot unlabelled = World.Snapshot.of(snap("x"), three.volume(vol("main", "b")), SNAPSHOTTED).tags(Map.of());
        row("T27 two members were made from one snapshot", mainC(v -> v.fromSnapshot(snap("x"))).plus(unlabelled)
                .withVolume(vol("main", "b"), v -> v.fromSnapshot(snap("x"))))
                .main(LOST).events(HEALTHY).exits(20).says("RECORD_MISMATCH").fixRefused("RECORD_MISMATCH");
        row("a volume stands in another zone than its snapshot records", mainC(v -> v.fromSnapshot(snap("z")))
                .plus(World.Snapshot.of(snap("z"), three.volume(vol("main", "c")), SNAPSHOTTED)
                        .tag("etcd-ops/zone", "eu-central-1a"))).onlyInPracticeCloud()
                .main(DEGRADED).events(HEALTHY).exits(21).says("WRONG_ZONE").unchangedByFixTags();
        World.Snapshot withKey = World.Snapshot.of(snap("k"), three.volume(vol("main", "c")), SNAPSHOTTED)
                .tag("etcd-ops/kms-key", Worlds.kmsKey("eu-central-1"));
        healthy("T28 a volume has the key that its snapshot records", mainC(v -> v.fromSnapshot(snap("k"))).plus(withKey))
                .onlyInPracticeCloud().saysNothing().unchangedByFixTags();
        healthy("T28 nothing tells the key of a volume whose snapshot records one",
                mainC(v -> v.fromSnapshot(snap("k")).encryptedWith("")).plus(withKey))
                .onlyInPracticeCloud().saysNothing().unchangedByFixTags();
        row("T28 a volume has another key than its snapshot records", mainC(v -> v.fromSnapshot(snap("k"))
                .encryptedWith("arn:aws:kms:eu-central-1:123456789012:key/other")).plus(withKey)).onlyInPracticeCloud()
                .main(DEGRADED).events(HEALTHY).exits(21).says("RECORD_MISMATCH").fixRefused("RECORD_MISMATCH");
        row("T28 a volume has lost the encryption that its snapshot records",
                mainC(v -> unencrypted(v.fromSnapshot(snap("k")))).plus(withKey)).onlyInPracticeCloud()
                .main(DEGRADED).events(HEALTHY).exits(21).says("RECORD_MISMATCH").fixRefused("RECORD_MISMATCH");
    }

    /** The volume is not encrypted, though its snapshot records a key: kops refuses such a change for ever. */
    private static World.Volume unencrypted(World.Volume v) {
        return new World.Volume(v.id(), v.zone(), v.sizeGib(), v.type(), v.iops(), v.throughput(), false, "", v.snapshotId(),
                v.state(), v.createdAt(), v.tags(), v.attachedTo(), v.device());
    }

    /** No node runs: a node that starts with a blank volume may win against the restored data. */
    private void restored() {
        World restored = mainRestored(Worlds.named("nodes-gone"), 1);
        healthy("all members are restored, none is started, and the order to start them is said", restored)
                .onlyInPracticeCloud().says("SKEWED_SET").unchangedByFixTags();
        World besideSurvivors = Worlds.named("nodes-gone").plus(snapshotOf("c", SNAPSHOTTED))
                .withVolume(vol("main", "c"), v -> v.fromSnapshot(snap("c")).createdAt(RESTORED));
        healthy("one member is restored beside two that went on without it", besideSurvivors)
                .onlyInPracticeCloud().says("SKEWED_SET").unchangedByFixTags();
        World twoSets = restored.without(vol("main", "c"));
        for (String m : List.of("a", "b")) {
            twoSets = twoSets.withoutSnapshot(snap(m)).plus(snapshotOf(m, SNAPSHOTTED).tag("etcd-ops/set", "of-" + m));
        }
        row("two members are restored from two sets", twoSets).onlyInPracticeCloud()
                .main(DEGRADED).events(HEALTHY).exits(21).says("SKEWED_SET").unchangedByFixTags();
        World oneBlank = restored.withVolume(vol("main", "a"), TruthTable::blank);
        row("T21 a blank volume stands beside two restored volumes", oneBlank).onlyInPracticeCloud()
                .main(DEGRADED).events(HEALTHY).exits(21).says("BLANK_SUSPECT").unchangedByFixTags();
        row("T21 two blank volumes stand beside a restored volume", oneBlank.withVolume(vol("main", "b"), TruthTable::blank))
                .onlyInPracticeCloud().main(LOST).events(HEALTHY).exits(20).says("BLANK_SUSPECT").unchangedByFixTags();
    }

    /** Running nodes hold the volumes: a quorum that has the data refills an empty member. */
    private void refilled() {
        World oneBlank = mainRestored(three, 0).withVolume(vol("main", "a"), TruthTable::blank);
        healthy("T21 a quorum refills a blank volume", oneBlank).onlyInPracticeCloud()
                .says("BLANK_SUSPECT").unchangedByFixTags();
        row("T21 two blank volumes run beside a restored volume", oneBlank.withVolume(vol("main", "b"), TruthTable::blank))
                .onlyInPracticeCloud().main(LOST).events(HEALTHY).exits(20).says("BLANK_SUSPECT").unchangedByFixTags();
    }

    /** The volumes of main were made from snapshots, each taken so many milliseconds after the one before. */
    private World mainRestored(World world, int apart) {
        World restored = world;
        for (String m : List.of("a", "b", "c")) {
            restored = restored.plus(snapshotOf(m, SNAPSHOTTED.plusMillis((long) apart * "abc".indexOf(m))))
                    .withVolume(vol("main", m), v -> v.fromSnapshot(snap(m)).createdAt(RESTORED));
        }
        return restored;
    }

    private World.Snapshot snapshotOf(String member, Instant at) {
        return World.Snapshot.of(snap(member), three.volume(vol("main", member)), at);
    }

    private static String snap(String of) {
        return Worlds.id("snap", of);
    }

    private static World.Volume blank(World.Volume v) {
        return v.fromSnapshot("").createdAt(MADE_BLANK);
    }

    private static World.Volume retired(World.Volume v) {
        World.Volume retired = v.detached().tag("Name", "retired." + v.tags().get("Name"));
        for (String key : List.of(ETCD_MAIN, "KubernetesCluster", MASTER, CONTROL_PLANE, OWNED)) {
            retired = retired.untag(key).tag("etcd-ops/parked/" + key, v.tags().get(key));
        }
        return retired;
    }

    private World withRescueInstance() {
        return three.plus(new World.Instance(Worlds.id("i", "rescue"), "eu-central-1c", "running", "/dev/xvda",
                Map.of("Name", "rescue"), Instant.parse("2026-11-01T00:00:00Z")));
    }

    private static World allDetached(World world) {
        World detached = world;
        for (World.Volume v : world.volumes()) {
            detached = v.tags().containsKey(ETCD_MAIN) ? detached.withVolume(v.id(), World.Volume::detached) : detached;
        }
        return detached;
    }

    private static World kops19() {
        return Worlds.kops(C, "eu-central-1", Worlds.TagSet.KOPS_1_9, List.of("main", "events"),
                zones(Map.of("a", "a", "b", "b", "c", "c")));
    }

    private static World mainOnly(Map<String, String> zoneOfMember) {
        return Worlds.kops(C, "eu-central-1", Worlds.TagSet.KOPS_1_8, List.of("main"), zones(zoneOfMember));
    }

    /** Members by name, each with the letter of its zone. */
    private static LinkedHashMap<String, String> zones(Map<String, String> zoneOfMember) {
        LinkedHashMap<String, String> zones = new LinkedHashMap<>();
        zoneOfMember.keySet().stream().sorted().forEach(m -> zones.put(m, "eu-central-1" + zoneOfMember.get(m)));
        return zones;
    }
}
