import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import practice.Settings;
import practice.World;
import practice.Worlds;

/** A restore or rollback that would lose acknowledged writes, or a volume, is refused with 20 and changes nothing. */
class RestoreGuardsTest {
    private static final String C = RestoreFixture.C;
    private static final String CONSOLE = Worlds.id("snap", "console");
    private static final Instant FIRST = Instant.parse("2026-10-01T02:00:00Z");
    private static final String LONG_NAME = "x".repeat(60) + "." + "y".repeat(40) + ".tld";
    private static final World SNAPSHOTTED = ofOneMoment(RestoreFixture.withSet(Worlds.named("three-masters")));
    private static final World GONE = RestoreFixture.nodesGone(SNAPSHOTTED);
    /** Two volumes and two snapshots for main a. */
    private static final World TWO_DUPLICATES =
            RestoreFixture.nodesGone(RestoreFixture.withSetOfDuplicates(Worlds.named("duplicate-volume")));
    private static final World LOST = GONE.without(vol("main", "b")).without(vol("main", "c"));

    /** A command that is refused: where, with exactly which problems, and what the report must hint at. */
    private static final class Refused {
        private final String name;
        private final World world;
        private String cluster = C;
        private String[] args = {};
        private final List<String> refusals = new ArrayList<>();
        private String hint = "";

        Refused(String name, World world) {
            this.name = name;
            this.world = world;
        }

        Refused asked(String words) {
            args = words.split(" ");
            return this;
        }

        Refused ofCluster(String other) {
            cluster = other;
            return this;
        }

        /** All errors of the report in their order, each with its code and what it is about. */
        Refused with(String... problems) {
            refusals.addAll(List.of(problems));
            return this;
        }

        /** The judgement says further that these members have no volume. */
        Refused besideLost(String... members) {
            Stream.of(members).forEach(member -> refusals.add("NO_VOLUME " + member));
            return this;
        }

        boolean isOfPlan() {
            return refusals.contains("PLAN_DIFFERS");
        }

        Refused hint(String text) {
            hint = text;
            return this;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static String vol(String etcd, String member) {
        return TruthTable.vol(etcd, member);
    }

    private static World.Snapshot snap(World world, String etcd, String member) {
        return world.snapshots().stream().filter(s -> member.equals(s.tags().get("etcd-ops/member"))
                && etcd.equals(s.tags().get("etcd-ops/etcd"))).findFirst().orElseThrow();
    }

    private static World.Snapshot at(Instant moment, World.Snapshot s) {
        return new World.Snapshot(s.id(), s.volumeId(), s.state(), s.progress(), moment, s.sizeGib(), s.encrypted(), s.kmsKeyId(),
                s.storageTier(), s.description(), s.tags());
    }

    /** Which members are the newest does not depend on how fast the fixture was: a and b make the quorum, and c is the rest. */
    private static World ofOneMoment(World world) {
        return withSnapshots(world, s -> at(FIRST, s));
    }

    private static World withSnapshots(World world, UnaryOperator<World.Snapshot> edit) {
        return new World(world.name(), world.description(), world.region(), world.instances(), world.volumes(),
                world.snapshots().stream().map(edit).toList());
    }

    /** The world with lost quorum, where the snapshots of main of these members are changed. */
    private static World lostWith(UnaryOperator<World.Snapshot> edit, String... members) {
        World world = LOST;
        for (String m : members) {
            World.Snapshot s = snap(world, "main", m);
            world = world.withoutSnapshot(s.id()).plus(edit.apply(s));
        }
        return world;
    }

    /** A single master without its node, whose main volume somebody snapshotted, and not with snapshot-all. */
    private static World singleMasterWith(UnaryOperator<World.Snapshot> edit) {
        World world = Worlds.named("single-master");
        return RestoreFixture.nodesGone(world.plus(edit.apply(World.Snapshot.of(CONSOLE, world.volume(vol("main", "a")), FIRST)
                .tags(Map.of()))));
    }

    /** The old volume of main a has this many tags. */
    private static World oldVolumeHasTags(int tags) {
        World world = LOST;
        for (int n = 0; world.volume(vol("main", "a")).tags().size() < tags; n++) {
            String key = "label-" + n;
            world = world.withVolume(vol("main", "a"), v -> v.tag(key, "x"));
        }
        return world;
    }

    private static World clusterWithALongName() {
        LinkedHashMap<String, String> zones = new LinkedHashMap<>();
        List.of("a", "b", "c").forEach(m -> zones.put(m, "eu-central-1" + m));
        World world = RestoreFixture.nodesGone(RestoreFixture.withSet(
                Worlds.kops(LONG_NAME, Worlds.REGION, Worlds.TagSet.KOPS_1_26, List.of("main"), zones)));
        return world.without(Worlds.volumeId(LONG_NAME, "main", "b")).without(Worlds.volumeId(LONG_NAME, "main", "c"));
    }

    private static World nodeRuns(World world, String member, String etcd) {
        String instance = Worlds.instanceId(C, member);
        return world.withInstance(instance, i -> i.state("running")).withVolume(vol(etcd, member),
                v -> v.attachedTo(instance, "/dev/xvdu"));
    }

    private static World onlyTheSnapshotOfA() {
        return LOST.withoutSnapshot(snap(LOST, "main", "b").id()).withoutSnapshot(snap(LOST, "main", "c").id());
    }

    private static World oneSnapshotForTwoMembers() {
        LinkedHashMap<String, String> zones = new LinkedHashMap<>();
        List.of("a", "b").forEach(m -> zones.put(m, "eu-central-1" + m));
        World world = RestoreFixture.nodesGone(RestoreFixture.withSet(
                Worlds.kops(C, Worlds.REGION, Worlds.TagSet.KOPS_1_26, List.of("main"), zones)));
        return world.without(vol("main", "b")).withoutSnapshot(snap(world, "main", "b").id());
    }

    /** Two inert volumes of one restore for main a, as two processes at one time could make them. */
    private static World twoNewVolumesForOneMember() {
        World.Volume inert = LOST.volume(vol("main", "a")).tags(Map.of("Name", "inert", "etcd-ops/run", "s1.1",
                "etcd-ops/state", "inert", "etcd-ops/cluster", C, "etcd-ops/etcd", "main", "etcd-ops/member", "a"));
        return LOST.plus(inert.id(Worlds.id("vol", "first")), inert.id(Worlds.id("vol", "second")));
    }

    /** One for each volume of main of these members that a running node holds, in the order of their ids. */
    private static String[] stillAttached(String... members) {
        return Stream.of(members).map(m -> vol("main", m)).sorted().map(id -> "STILL_ATTACHED " + id).toArray(String[]::new);
    }

    private static String ofSnapshot(String code, World world, String member) {
        return code + " " + snap(world, "main", member).id();
    }

    /** The quorum of main is restored, and the nodes of so many of its members run again. */
    private static World quorumRestored(int running) {
        try (RestoreFixture account = RestoreFixture.start(LOST)) {
            account.restoreS1("--etcd", "main").mustEnd("done", 0);
            account.startNodes(account.membersMade().subList(0, running));
            return account.now();
        }
    }

    /** Main c is lost. A running instance of the cluster without a role holds a, and a node of another cluster holds b. */
    private static World othersHoldTheVolumes() {
        String rescue = Worlds.id("i", "rescue");
        String node = Worlds.id("i", "node of another cluster");
        return GONE.without(vol("main", "c"))
                .plus(new World.Instance(rescue, "eu-central-1a", "running", "/dev/xvda", Map.of("KubernetesCluster", C), FIRST),
                        new World.Instance(node, "eu-central-1b", "running", "/dev/xvda",
                                Map.of("KubernetesCluster", "other.tld", "k8s.io/role/master", "1"), FIRST))
                .withVolume(vol("main", "a"), v -> v.attachedTo(rescue)).withVolume(vol("main", "b"), v -> v.attachedTo(node));
    }

    static Stream<Refused> whileNodesRun() {
        World oneLost = SNAPSHOTTED.without(vol("main", "c"));
        return Stream.of(
                new Refused("every node runs", SNAPSHOTTED).asked("--set s1 --etcd main")
                        .with("LIVE_QUORUM main").with(stillAttached("a", "b", "c")).hint("--empty"),
                new Refused("every node runs, and another guard is switched off", SNAPSHOTTED)
                        .asked("--set s1 --etcd main --accept-skew")
                        .with("LIVE_QUORUM main").with(stillAttached("a", "b", "c")),
                new Refused("two of three nodes run",
                        SNAPSHOTTED.withInstance(Worlds.instanceId(C, "c"), i -> i.state("stopped")))
                        .asked("--set s1 --etcd main").with("LIVE_QUORUM main").with(stillAttached("a", "b"))
                        .with("NOT_READY " + vol("main", "c")),
                new Refused("one member is lost and the others run", oneLost)
                        .asked("--etcd main --member c --snapshot " + snap(SNAPSHOTTED, "main", "c").id())
                        .with("LIVE_QUORUM main").besideLost("main/c").hint("--empty"),
                new Refused("the old volume is attached and its node runs", nodeRuns(LOST, "a", "main")).asked("--set s1")
                        .with(stillAttached("a")).besideLost("main/b", "main/c")
                        .hint("stop-instances --instance-ids " + Worlds.instanceId(C, "a")),
                new Refused("an empty volume for a member whose node runs", Worlds.named("three-masters"))
                        .asked("--etcd main --member c --empty").with(stillAttached("c")),
                new Refused("an empty volume for a member that does not exist", Worlds.named("three-masters"))
                        .asked("--etcd main --member z --empty").with("MEMBER_NOT_IN_LIST z", "ZONE_UNKNOWN z"),
                new Refused("nothing is lost, and another restore began to retire a volume of the set",
                        SNAPSHOTTED.withVolume(vol("main", "a"), v -> v.fromSnapshot(snap(SNAPSHOTTED, "main", "a").id())
                                .tag("etcd-ops/retired-by", "s2.1"))).asked("--set s1").with("NOTHING_LOST s1"),
                new Refused("nothing is lost", SNAPSHOTTED).asked("--set s1").with("NOTHING_LOST s1").hint("--etcd"));
    }

    static Stream<Refused> snapshotsOfSomethingElse() {
        String restore = "--etcd main --member a --snapshot " + CONSOLE;
        return Stream.of(
                new Refused("the snapshot is of another etcd cluster", singleMasterWith(s -> s.tag("etcd-ops/etcd", "events")))
                        .asked(restore).with("RECORD_MISMATCH " + CONSOLE).hint("never joins"),
                new Refused("the snapshot is of another member", singleMasterWith(s -> s.tag("etcd-ops/member", "b")))
                        .asked(restore).with("RECORD_MISMATCH " + CONSOLE),
                new Refused("the snapshot is of another cluster", singleMasterWith(s -> s.tag("etcd-ops/cluster", "other.tld")))
                        .asked(restore).with("RECORD_MISMATCH " + CONSOLE),
                new Refused("only the tags of kops say that the snapshot is of another cluster", singleMasterWith(
                        s -> s.tag("KubernetesCluster", "other.tld").tag("k8s.io/etcd/main", "a/a")))
                        .asked(restore).with("RECORD_MISMATCH " + CONSOLE));
    }

    static Stream<Refused> snapshotsThatCannotServe() {
        String[] noSnapshot = {"NO_SNAPSHOT main/b", "NO_SNAPSHOT main/c"};
        World duplicates = TWO_DUPLICATES.withoutSnapshot(snap(TWO_DUPLICATES, "main", "b").id());
        String[] ofDuplicates = duplicates.snapshots().stream().filter(s -> "main".equals(s.tags().get("etcd-ops/etcd"))
                && "a".equals(s.tags().get("etcd-ops/member"))).map(s -> "DUPLICATE_MEMBER " + s.id()).toArray(String[]::new);
        String bothDuplicates = duplicates.volumes().stream().filter(v -> v.tags().getOrDefault("k8s.io/etcd/main", "")
                .startsWith("a/")).map(World.Volume::id).sorted().collect(Collectors.joining(", "));
        return Stream.of(
                new Refused("one snapshot for three members", onlyTheSnapshotOfA()).asked("--set s1 --etcd main")
                        .with(noSnapshot).with("FEWER_THAN_QUORUM main").besideLost("main/b", "main/c")
                        .hint("force-new-cluster"),
                new Refused("one snapshot for three members, all at once", onlyTheSnapshotOfA())
                        .asked("--set s1 --etcd main --stage all")
                        .with("FEWER_THAN_QUORUM main").besideLost("main/b", "main/c"),
                new Refused("one snapshot for three members, of which two are to come later", onlyTheSnapshotOfA())
                        .asked("--set s1 --etcd main --stage rest").with(noSnapshot)
                        .with("FEWER_THAN_QUORUM main", "QUORUM_NOT_STARTED main").besideLost("main/b", "main/c"),
                new Refused("one snapshot for two members", oneSnapshotForTwoMembers()).asked("--set s1")
                        .with("NO_SNAPSHOT main/b", "FEWER_THAN_QUORUM main").besideLost("main/b"),
                new Refused("one named snapshot for three members", LOST)
                        .asked("--etcd main --member a --snapshot " + snap(LOST, "main", "a").id())
                        .with("FEWER_THAN_QUORUM main").besideLost("main/b", "main/c").hint("--set"),
                twoBadSnapshots("are still pending", "SNAPSHOT_NOT_COMPLETED", s -> s.state("pending", "40%"))
                        .hint("wait snapshot-completed"),
                twoBadSnapshots("failed", "SNAPSHOT_NOT_COMPLETED", s -> s.state("error", "40%")).hint("another set"),
                twoBadSnapshots("are in the archive", "SNAPSHOT_ARCHIVED", s -> s.storageTier("archive"))
                        .hint("restore-snapshot-tier"),
                new Refused("the named snapshot is in the archive", singleMasterWith(s -> s.storageTier("archive")))
                        .asked("--etcd main --member a --snapshot " + CONSOLE).with("SNAPSHOT_ARCHIVED " + CONSOLE)
                        .hint("72 hours"),
                new Refused("the named snapshot is still pending", singleMasterWith(s -> s.state("pending", "40%")))
                        .asked("--etcd main --member a --snapshot " + CONSOLE).with("SNAPSHOT_NOT_COMPLETED " + CONSOLE),
                new Refused("a member has two snapshots", duplicates).asked("--set s1 --etcd main")
                        .with(ofDuplicates).with("NO_SNAPSHOT main/b", "FEWER_THAN_QUORUM main")
                        .with("DUPLICATE_MEMBER " + bothDuplicates)
                        .with(Stream.of(bothDuplicates.split(", ")).map(id -> "DUPLICATE_NAME " + id).toArray(String[]::new))
                        .hint("another set"));
    }

    private static Refused twoBadSnapshots(String are, String code, UnaryOperator<World.Snapshot> edit) {
        return new Refused("two snapshots " + are, lostWith(edit, "a", "b")).asked("--set s1")
                .with(ofSnapshot(code, LOST, "a"), ofSnapshot(code, LOST, "b"), "FEWER_THAN_QUORUM main")
                .besideLost("main/b", "main/c");
    }

    static Stream<Refused> wrongOrder() {
        World oneLost = SNAPSHOTTED.without(vol("main", "c"));
        World oneRuns = quorumRestored(1);
        return Stream.of(
                new Refused("all stages at once", LOST).asked("--set s1 --stage all")
                        .with("START_ORDER main").besideLost("main/b", "main/c").hint("--stage quorum"),
                new Refused("all stages at once, and another guard is switched off", LOST)
                        .asked("--set s1 --stage all --into-live-quorum")
                        .with("START_ORDER main").besideLost("main/b", "main/c"),
                new Refused("the rest before any quorum", LOST).asked("--set s1 --etcd main --stage rest")
                        .with("QUORUM_NOT_STARTED main").besideLost("main/b", "main/c").hint("leader"),
                new Refused("the rest beside a restored quorum minus one", oneRuns).asked("--set s1 --etcd main --stage rest")
                        .with("QUORUM_NOT_STARTED main").besideLost("main/c").hint("running nodes hold 1 restored volumes"),
                new Refused("the rest beside volumes that were never restored", oneLost)
                        .asked("--set s1 --etcd main --stage rest").with("QUORUM_NOT_STARTED main").besideLost("main/c")
                        .hint("running nodes hold 0 restored volumes"),
                new Refused("the rest has a snapshot that failed", withSnapshots(oneRuns, s ->
                        s.id().equals(snap(LOST, "main", "c").id()) ? s.state("error", "1%") : s))
                        .asked("--set s1 --etcd main --stage rest").with(ofSnapshot("SNAPSHOT_NOT_COMPLETED", LOST, "c"))
                        .with("QUORUM_NOT_STARTED main").besideLost("main/c"));
    }

    static Stream<Refused> emptyVolumesWithoutAQuorum() {
        World oneLost = SNAPSHOTTED.without(vol("main", "c"));
        return Stream.of(
                new Refused("an empty volume without a quorum", LOST).asked("--etcd main --member c --empty")
                        .with("QUORUM_NOT_STARTED main").besideLost("main/b", "main/c").hint("--set"),
                new Refused("an empty volume beside a quorum minus one",
                        oneLost.withInstance(Worlds.instanceId(C, "b"), i -> i.state("stopped")))
                        .asked("--etcd main --member c --empty").with("QUORUM_NOT_STARTED main", "NOT_READY " + vol("main", "b"))
                        .besideLost("main/c"),
                new Refused("an empty volume for a member whose node runs beside one other", SNAPSHOTTED.withInstance(
                        Worlds.instanceId(C, "b"), i -> i.state("stopped"))).asked("--etcd main --member c --empty")
                        .with("QUORUM_NOT_STARTED main").with(stillAttached("c")).with("NOT_READY " + vol("main", "b")),
                new Refused("an empty volume for a single master", RestoreFixture.nodesGone(Worlds.named("single-master")))
                        .asked("--etcd main --member a --empty").with("QUORUM_NOT_STARTED main"),
                new Refused("an empty volume beside nodes that are stopped", oneLost.withInstances(i -> i.state("stopped")))
                        .asked("--etcd main --member c --empty").with("QUORUM_NOT_STARTED main", "NOT_READY " + vol("main", "a"),
                                "NOT_READY " + vol("main", "b")).besideLost("main/c"),
                new Refused("an empty volume beside volumes that other instances hold", othersHoldTheVolumes())
                        .asked("--etcd main --member c --empty").with("QUORUM_NOT_STARTED main",
                                "FOREIGN_ATTACHMENT " + vol("main", "a"), "FOREIGN_ATTACHMENT " + vol("main", "b"))
                        .besideLost("main/c"));
    }

    static Stream<Refused> membersThatChanged() {
        World noOldVolumes = singleMasterWith(s -> s).without(vol("main", "a")).without(vol("events", "a"));
        World moved = LOST.withVolume(vol("events", "b"), v -> v.zone("eu-central-1a"))
                .withVolume(vol("events", "a"), v -> v.zone("eu-central-1b"))
                .withVolume(vol("events", "c"), v -> v.zone("eu-central-1b"));
        return Stream.of(
                new Refused("the members are others now",
                        LOST.withVolume(vol("main", "a"), v -> v.tag("k8s.io/etcd/main", "a/a,b,d")))
                        .asked("--set s1 --etcd main").with("MEMBER_LIST_DISAGREES main").besideLost("main/b", "main/d")
                        .hint("newer set"),
                new Refused("nothing tells the zone", noOldVolumes).asked("--etcd main --member a --snapshot " + CONSOLE)
                        .with("CLUSTER_UNSEEN", "ZONE_UNKNOWN a"),
                new Refused("the member moved to another zone", moved).asked("--set s1 --etcd main")
                        .with("WRONG_ZONE b", "WRONG_ZONE " + vol("main", "a")).besideLost("main/b", "main/c")
                        .hint("newer set"),
                new Refused("the member moved to another zone, and another cluster has its member there",
                        moved.plus(Worlds.kops("other.tld", Worlds.REGION, Worlds.TagSet.KOPS_1_26, List.of("main"),
                                new LinkedHashMap<>(Map.of("b", "eu-central-1b"))))).asked("--set s1 --etcd main")
                        .with("WRONG_ZONE b", "WRONG_ZONE " + vol("main", "a")).besideLost("main/b", "main/c"));
    }

    static Stream<Refused> oldVolumesThatCannotBeRetired() {
        String a = vol("main", "a");
        return Stream.of(
                new Refused("the old volume is of two etcd clusters",
                        LOST.withVolume(a, v -> v.tag("k8s.io/etcd/events", "a/a,b,c"))).asked("--set s1 --etcd main")
                        .with("TWO_ETCD_TAGS " + a, "TWO_ETCD_TAGS " + a).besideLost("main/b", "main/c"),
                new Refused("the old volume is of two clusters",
                        LOST.withVolume(a, v -> v.tag("kubernetes.io/cluster/other.tld", "owned"))).asked("--set s1 --etcd main")
                        .with("FOREIGN_CLUSTER main", "FOREIGN_CLUSTER " + a, "FOREIGN_CLUSTER " + a)
                        .besideLost("main/b", "main/c"),
                new Refused("the old volume cannot take the parked tags", oldVolumeHasTags(44)).asked("--set s1 --etcd main")
                        .with("CANNOT_PARK " + a).besideLost("main/b", "main/c").hint("remove tags"),
                new Refused("the cluster's name is too long to be parked", clusterWithALongName()).ofCluster(LONG_NAME)
                        .asked("--set s1").with("CANNOT_PARK " + Worlds.volumeId(LONG_NAME, "main", "a"))
                        .besideLost("main/b", "main/c"),
                new Refused("the Name is too long to be parked", LOST.withVolume(a, v -> v.tag("Name", "n".repeat(249))))
                        .asked("--set s1").with("CANNOT_PARK " + a, "TAG_WRONG_VALUE:Name " + a)
                        .besideLost("main/b", "main/c"),
                new Refused("there are two new volumes for one member", twoNewVolumesForOneMember())
                        .asked("--set s1 --stage all --accept-skew").with("DUPLICATE_MEMBER a").besideLost("main/b", "main/c")
                        .hint("delete all but one"));
    }

    static Stream<Refused> thingsThatAreNotThere() {
        World otherCluster = RestoreFixture.nodesGone(SNAPSHOTTED.plus(Worlds.kops("other.tld", Worlds.REGION,
                Worlds.TagSet.KOPS_1_26, List.of("main"), new LinkedHashMap<>(Map.of("a", "eu-central-1a")))));
        return Stream.of(
                new Refused("there is no set at all", RestoreFixture.nodesGone(Worlds.named("two-volumes-gone")))
                        .with("NO_RESTORABLE_SET " + C).hint("--set"),
                new Refused("no set is restorable", onlyTheSnapshotOfA()).with("NO_RESTORABLE_SET " + C),
                new Refused("the set is not there", LOST).asked("--set s2").with("NO_SNAPSHOT s2")
                        .hint("the sets of the cluster: s1"),
                new Refused("the snapshot is not there", LOST)
                        .asked("--etcd main --member a --snapshot snap-0123456789abcdef0")
                        .with("NO_SNAPSHOT snap-0123456789abcdef0").hint("region"),
                new Refused("the set is of another cluster", otherCluster).ofCluster("other.tld")
                        .asked("--set s1 --etcd main").with("NO_SNAPSHOT s1"),
                new Refused("the plan id is of another plan", LOST).asked("--set s1 --plan 0123456789ab")
                        .besideLost("main/b", "main/c").with("PLAN_DIFFERS"),
                new Refused("the restore is not there", LOST).asked("--rollback s9.1").with("UNKNOWN_RUN s9.1"));
    }

    static Stream<Refused> refusals() {
        return Stream.of(whileNodesRun(), snapshotsOfSomethingElse(), snapshotsThatCannotServe(), wrongOrder(),
                emptyVolumesWithoutAQuorum(), membersThatChanged(), oldVolumesThatCannotBeRetired(), thingsThatAreNotThere())
                .flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void is_refused_and_changes_nothing(Refused row) {
        mustBeRefused(row, RestoreFixture.with(row.args, "--yes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void is_refused_as_a_plan_already(Refused row) {
        mustBeRefused(row, row.args);
    }

    private static void mustBeRefused(Refused row, String... args) {
        Settings pending = RestoreFixture.QUICK.snapshotTakes(Duration.ofHours(1));
        try (RestoreFixture account = RestoreFixture.start(row.world, pending)) {
            Harness.Ran ran = account.restoreCluster(row.cluster, args).mustEnd("refused", 20);
            assertEquals(row.refusals, ran.refusals(), ran.shown());
            assertTrue(ran.out().contains(row.hint), ran.shown());
            account.mustBeUnchanged();
            List<String> last = ran.errLines().subList(ran.errLines().size() - 2, ran.errLines().size());
            assertTrue(last.get(0).startsWith("Error: ") && last.get(1).startsWith("Try: ./jbang "), ran.err());
            assertTrue(ran.statuses().stream().allMatch(s -> s.equals("not_reached")
                    || s.equals("planned") && row.isOfPlan()), ran.out());
        }
    }

    @Test
    void a_set_must_be_named_before_anything_is_done() {
        try (RestoreFixture account = RestoreFixture.start(LOST)) {
            Harness.Ran ran = account.restore("--yes").mustEnd("refused", 20);
            assertEquals(List.of("SET_NOT_NAMED s1", "NO_VOLUME main/b", "NO_VOLUME main/c"), ran.refusals(), ran.shown());
            account.mustBeUnchanged();
        }
    }

    @Test
    void a_volume_with_just_enough_room_for_parked_tags_is_retired_and_rolled_back() {
        try (RestoreFixture account = RestoreFixture.start(oldVolumeHasTags(43))) {
            account.restoreS1().mustEnd("done", 0);
            account.rollBack("s1.1").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
        }
    }

    // ---- a plan, and what changed since

    @Test
    void a_plan_stays_the_same_when_a_tag_changes_that_is_not_in_it() {
        try (RestoreFixture account = RestoreFixture.start(LOST)) {
            String plan = account.restore("--set", "s1").planId();
            account.tag(vol("main", "a"), "k8s.io/role/node", "1");
            account.restore("--set", "s1", "--plan", plan).mustEnd("planned", 0);
        }
    }

    @Test
    void a_plan_is_refused_when_a_tag_of_it_has_changed() {
        try (RestoreFixture account = RestoreFixture.start(LOST)) {
            String plan = account.restore("--set", "s1").planId();
            account.tag(vol("main", "a"), "k8s.io/role/master", "yes");
            Map<String, Map<String, String>> before = account.tags();
            Harness.Ran ran = account.harness().restoreVolume("--cluster", C, "--set", "s1", "--yes", "--plan", plan);
            ran.mustEnd("refused", 20);
            assertTrue(ran.errors().contains("PLAN_DIFFERS"), ran.out());
            assertEquals(before, account.tags());
        }
    }

    // ---- which snapshots make the quorum

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of("failed", (UnaryOperator<World.Snapshot>) s -> s.state("error", "1%")),
                Arguments.of("in the archive", (UnaryOperator<World.Snapshot>) s -> s.storageTier("archive")),
                Arguments.of("still pending", (UnaryOperator<World.Snapshot>) s -> s.state("pending", "1%")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void a_quorum_is_made_of_the_two_good_snapshots_and_the_rest_is_refused(String name, UnaryOperator<World.Snapshot> edit) {
        Settings pending = RestoreFixture.QUICK.snapshotTakes(Duration.ofHours(1));
        try (RestoreFixture account = RestoreFixture.start(lostWith(edit, "c"), pending)) {
            account.restoreS1().mustEnd("done", 0);
            assertEquals(List.of("a", "b"), account.membersMade());
            account.restoreS1("--etcd", "main", "--stage", "rest").mustEnd("refused", 20);
        }
    }

    @Test
    void the_snapshots_of_the_newest_moments_make_the_quorum() {
        World world = LOST;
        for (String m : List.of("a", "b", "c")) {
            World.Snapshot s = snap(world, "main", m);
            world = world.withoutSnapshot(s.id()).plus(at(FIRST.plusSeconds(m.equals("a") ? 0 : 60), s));
        }
        try (RestoreFixture account = RestoreFixture.start(world)) {
            account.restoreS1("--etcd", "main").mustEnd("done", 0);
            assertEquals(List.of("b", "c"), account.membersMade());
        }
    }

    // ---- overrides

    @Test
    void into_live_quorum_allows_a_restored_member_beside_running_members() {
        World world = SNAPSHOTTED.without(vol("main", "c")).withoutInstance(Worlds.instanceId(C, "c"));
        try (RestoreFixture account = RestoreFixture.start(world)) {
            account.restore("--etcd", "main", "--member", "c", "--snapshot", snap(world, "main", "c").id(),
                    "--into-live-quorum", "--yes").mustEnd("done", 0);
            assertEquals(1, account.made().size());
        }
    }

    @Test
    void accept_skew_allows_all_members_at_once() {
        try (RestoreFixture account = RestoreFixture.start(LOST)) {
            account.restoreS1("--etcd", "main", "--stage", "all", "--accept-skew").mustEnd("done", 0);
            assertEquals(3, account.made().size());
        }
    }

    // ---- rollbacks that are refused

    private static void rollbackMustBeRefused(RestoreFixture account, String restore, String code) {
        Map<String, Map<String, String>> before = account.tags();
        Harness.Ran ran = account.harness().restoreVolume("--cluster", C, "--rollback", restore, "--yes");
        ran.mustEnd("refused", 20);
        assertTrue(ran.errors().contains(code), ran.shown());
        assertEquals(before, account.tags());
    }

    @Test
    void a_rollback_is_refused_while_the_nodes_run() {
        try (RestoreFixture account = RestoreFixture.start(LOST)) {
            account.restoreS1().mustEnd("done", 0);
            account.startNodes(account.membersMade());
            rollbackMustBeRefused(account, "s1.1", "STILL_ATTACHED");
        }
    }

    /** s1.1 ran and was snapshotted as s2. Then the nodes and one new volume were lost, and s2.1 replaced s1.1. */
    private static RestoreFixture twoRestores() {
        RestoreFixture account = RestoreFixture.start(LOST);
        account.restoreS1().mustEnd("done", 0);
        account.startNodes(account.membersMade());
        Harness.Ran set = account.snapshotAll("s2");
        assertTrue(List.of(0, 21).contains(set.code()), set.err());
        account.terminateNodes();
        account.deleteVolumes(List.of(account.made().get(0).id()));
        account.restore("--set", "s2", "--etcd", "main", "--yes").mustEnd("done", 0);
        return account;
    }

    @Test
    void a_rollback_is_refused_while_a_later_restore_stands() {
        try (RestoreFixture account = twoRestores()) {
            rollbackMustBeRefused(account, "s1.1", "LATER_RUN");
        }
    }

    @Test
    void an_earlier_restore_is_rolled_back_after_the_later() {
        try (RestoreFixture account = twoRestores()) {
            account.rollBack("s2.1").mustEnd("done", 0);
            account.rollBack("s1.1").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
        }
    }

    @Test
    void both_duplicates_of_a_member_are_retired() {
        try (RestoreFixture account = RestoreFixture.start(TWO_DUPLICATES)) {
            account.restoreS1().mustEnd("done", 0);
            account.found().forEach((member, ids) -> assertEquals(1, ids.size(), member + ids));
        }
    }

    @Test
    void a_rollback_that_would_make_two_volumes_claim_a_member_again_is_refused() {
        try (RestoreFixture account = RestoreFixture.start(TWO_DUPLICATES)) {
            account.restoreS1("--etcd", "main").mustEnd("done", 0);
            rollbackMustBeRefused(account, "s1.1", "DUPLICATE_MEMBER");
        }
    }

    @Test
    void a_rollback_is_refused_while_another_volume_claims_the_member() {
        try (RestoreFixture account = RestoreFixture.start(LOST)) {
            account.restoreS1().mustEnd("done", 0);
            account.makeBlankCopy(LOST.volume(vol("main", "a")));
            rollbackMustBeRefused(account, "s1.1", "DUPLICATE_MEMBER");
        }
    }
}
