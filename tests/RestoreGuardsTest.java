import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
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
    private static final World SNAPSHOTTED = RestoreFixture.withSet(Worlds.named("three-masters"));
    private static final World GONE = RestoreFixture.nodesGone(SNAPSHOTTED);
    /** Two volumes and two snapshots for main a. */
    private static final World TWO_DUPLICATES =
            RestoreFixture.nodesGone(RestoreFixture.withSetOfDuplicates(Worlds.named("duplicate-volume")));
    private static final World LOST = GONE.without(vol("main", "b")).without(vol("main", "c"));

    /** A command that is refused: where, with which problem, and what the report must hint at. */
    private static final class Refused {
        private final String name;
        private final World world;
        private String cluster = C;
        private String[] args = {};
        private String code;
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

        Refused with(String problem) {
            code = problem;
            return this;
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

    /** Two inert volumes of one restore for main a, as two processes at one time could make them. */
    private static World twoNewVolumesForOneMember() {
        World.Volume inert = LOST.volume(vol("main", "a")).tags(Map.of("Name", "inert", "etcd-ops/run", "s1.1",
                "etcd-ops/state", "inert", "etcd-ops/cluster", C, "etcd-ops/etcd", "main", "etcd-ops/member", "a"));
        return LOST.plus(inert.id(Worlds.id("vol", "first")), inert.id(Worlds.id("vol", "second")));
    }

    static Stream<Refused> whileNodesRun() {
        World oneLost = SNAPSHOTTED.without(vol("main", "c"));
        return Stream.of(
                new Refused("every node runs", SNAPSHOTTED).asked("--set s1 --etcd main")
                        .with("LIVE_QUORUM").hint("--empty"),
                new Refused("one member is lost and the others run", oneLost)
                        .asked("--etcd main --member c --snapshot " + snap(SNAPSHOTTED, "main", "c").id())
                        .with("LIVE_QUORUM").hint("--empty"),
                new Refused("the old volume is attached and its node runs", nodeRuns(LOST, "a", "main")).asked("--set s1")
                        .with("STILL_ATTACHED").hint("stop-instances --instance-ids " + Worlds.instanceId(C, "a")),
                new Refused("an empty volume for a member whose node runs", Worlds.named("three-masters"))
                        .asked("--etcd main --member c --empty").with("STILL_ATTACHED"),
                new Refused("an empty volume for a member that does not exist", Worlds.named("three-masters"))
                        .asked("--etcd main --member z --empty").with("MEMBER_NOT_IN_LIST"),
                new Refused("nothing is lost", SNAPSHOTTED).asked("--set s1").with("NOTHING_LOST").hint("--etcd"));
    }

    static Stream<Refused> snapshotsOfSomethingElse() {
        String restore = "--etcd main --member a --snapshot " + CONSOLE;
        return Stream.of(
                new Refused("the snapshot is of another etcd cluster", singleMasterWith(s -> s.tag("etcd-ops/etcd", "events")))
                        .asked(restore).with("RECORD_MISMATCH").hint("never joins"),
                new Refused("the snapshot is of another member", singleMasterWith(s -> s.tag("etcd-ops/member", "b")))
                        .asked(restore).with("RECORD_MISMATCH"),
                new Refused("the snapshot is of another cluster", singleMasterWith(s -> s.tag("etcd-ops/cluster", "other.tld")))
                        .asked(restore).with("RECORD_MISMATCH"),
                new Refused("only the tags of kops say that the snapshot is of another cluster", singleMasterWith(
                        s -> s.tag("KubernetesCluster", "other.tld").tag("k8s.io/etcd/main", "a/a")))
                        .asked(restore).with("RECORD_MISMATCH"));
    }

    static Stream<Refused> snapshotsThatCannotServe() {
        return Stream.of(
                new Refused("one snapshot for three members", onlyTheSnapshotOfA()).asked("--set s1 --etcd main")
                        .with("FEWER_THAN_QUORUM").hint("force-new-cluster"),
                new Refused("one snapshot for three members, all at once", onlyTheSnapshotOfA())
                        .asked("--set s1 --etcd main --stage all").with("FEWER_THAN_QUORUM"),
                new Refused("one named snapshot for three members", LOST)
                        .asked("--etcd main --member a --snapshot " + snap(LOST, "main", "a").id())
                        .with("FEWER_THAN_QUORUM").hint("--set"),
                new Refused("two snapshots are still pending", lostWith(s -> s.state("pending", "40%"), "a", "b"))
                        .asked("--set s1").with("SNAPSHOT_NOT_COMPLETED").hint("wait snapshot-completed"),
                new Refused("two snapshots failed", lostWith(s -> s.state("error", "40%"), "a", "b"))
                        .asked("--set s1").with("SNAPSHOT_NOT_COMPLETED").hint("another set"),
                new Refused("two snapshots are in the archive", lostWith(s -> s.storageTier("archive"), "a", "b"))
                        .asked("--set s1").with("SNAPSHOT_ARCHIVED").hint("restore-snapshot-tier"),
                new Refused("the named snapshot is in the archive", singleMasterWith(s -> s.storageTier("archive")))
                        .asked("--etcd main --member a --snapshot " + CONSOLE).with("SNAPSHOT_ARCHIVED").hint("72 hours"),
                new Refused("a member has two snapshots", TWO_DUPLICATES.withoutSnapshot(
                        snap(TWO_DUPLICATES, "main", "b").id()))
                        .asked("--set s1 --etcd main").with("DUPLICATE_MEMBER").hint("another set"));
    }

    static Stream<Refused> wrongOrder() {
        return Stream.of(
                new Refused("all stages at once", LOST).asked("--set s1 --stage all")
                        .with("START_ORDER").hint("--stage quorum"),
                new Refused("the rest before any quorum", LOST).asked("--set s1 --etcd main --stage rest")
                        .with("QUORUM_NOT_STARTED").hint("leader"),
                new Refused("an empty volume without a quorum", LOST).asked("--etcd main --member c --empty")
                        .with("QUORUM_NOT_STARTED").hint("--set"));
    }

    static Stream<Refused> membersThatChanged() {
        World noOldVolumes = singleMasterWith(s -> s).without(vol("main", "a")).without(vol("events", "a"));
        World moved = LOST.withVolume(vol("events", "b"), v -> v.zone("eu-central-1a"))
                .withVolume(vol("events", "a"), v -> v.zone("eu-central-1b"))
                .withVolume(vol("events", "c"), v -> v.zone("eu-central-1b"));
        return Stream.of(
                new Refused("the members are others now",
                        LOST.withVolume(vol("main", "a"), v -> v.tag("k8s.io/etcd/main", "a/a,b,d")))
                        .asked("--set s1 --etcd main").with("MEMBER_LIST_DISAGREES").hint("newer set"),
                new Refused("nothing tells the zone", noOldVolumes).asked("--etcd main --member a --snapshot " + CONSOLE)
                        .with("ZONE_UNKNOWN"),
                new Refused("the member moved to another zone", moved).asked("--set s1 --etcd main")
                        .with("WRONG_ZONE").hint("newer set"));
    }

    static Stream<Refused> oldVolumesThatCannotBeRetired() {
        return Stream.of(
                new Refused("the old volume is of two etcd clusters",
                        LOST.withVolume(vol("main", "a"), v -> v.tag("k8s.io/etcd/events", "a/a,b,c")))
                        .asked("--set s1 --etcd main").with("TWO_ETCD_TAGS"),
                new Refused("the old volume is of two clusters",
                        LOST.withVolume(vol("main", "a"), v -> v.tag("kubernetes.io/cluster/other.tld", "owned")))
                        .asked("--set s1 --etcd main").with("FOREIGN_CLUSTER"),
                new Refused("the old volume cannot take the parked tags", oldVolumeHasTags(49))
                        .asked("--set s1 --etcd main").with("CANNOT_PARK").hint("remove tags"),
                new Refused("the cluster's name is too long to be parked", clusterWithALongName()).ofCluster(LONG_NAME)
                        .asked("--set s1").with("CANNOT_PARK"),
                new Refused("there are two new volumes for one member", twoNewVolumesForOneMember())
                        .asked("--set s1 --stage all --accept-skew").with("DUPLICATE_MEMBER").hint("delete all but one"));
    }

    static Stream<Refused> thingsThatAreNotThere() {
        World otherCluster = RestoreFixture.nodesGone(SNAPSHOTTED.plus(Worlds.kops("other.tld", Worlds.REGION,
                Worlds.TagSet.KOPS_1_26, List.of("main"), new LinkedHashMap<>(Map.of("a", "eu-central-1a")))));
        return Stream.of(
                new Refused("there is no set at all", RestoreFixture.nodesGone(Worlds.named("two-volumes-gone")))
                        .with("NO_RESTORABLE_SET").hint("--set"),
                new Refused("no set is restorable", onlyTheSnapshotOfA()).with("NO_RESTORABLE_SET"),
                new Refused("the set is not there", LOST).asked("--set s2").with("NO_SNAPSHOT")
                        .hint("the sets of the cluster: s1"),
                new Refused("the snapshot is not there", LOST)
                        .asked("--etcd main --member a --snapshot snap-0123456789abcdef0").with("NO_SNAPSHOT").hint("region"),
                new Refused("the set is of another cluster", otherCluster).ofCluster("other.tld")
                        .asked("--set s1 --etcd main").with("NO_SNAPSHOT"),
                new Refused("the plan id is of another plan", LOST).asked("--set s1 --plan 0123456789ab").with("PLAN_DIFFERS"),
                new Refused("the restore is not there", LOST).asked("--rollback s9.1").with("UNKNOWN_RUN"));
    }

    static Stream<Refused> refusals() {
        return Stream.of(whileNodesRun(), snapshotsOfSomethingElse(), snapshotsThatCannotServe(), wrongOrder(),
                membersThatChanged(), oldVolumesThatCannotBeRetired(), thingsThatAreNotThere()).flatMap(rows -> rows);
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
            assertTrue(ran.errors().contains(row.code), ran.shown());
            assertTrue(ran.out().contains(row.hint), ran.shown());
            account.mustBeUnchanged();
            List<String> last = ran.errLines().subList(ran.errLines().size() - 2, ran.errLines().size());
            assertTrue(last.get(0).startsWith("Error: ") && last.get(1).startsWith("Try: ./jbang "), ran.err());
            assertTrue(ran.statuses().stream().allMatch(s -> s.equals("not_reached")
                    || s.equals("planned") && row.code.equals("PLAN_DIFFERS")), ran.out());
        }
    }

    @Test
    void a_set_must_be_named_before_anything_is_done() {
        try (RestoreFixture account = RestoreFixture.start(LOST)) {
            Harness.Ran ran = account.restore("--yes").mustEnd("refused", 20);
            assertEquals(1, ran.errors().stream().filter("SET_NOT_NAMED"::equals).count());
            account.mustBeUnchanged();
        }
    }

    @Test
    void a_volume_with_just_enough_room_for_parked_tags_is_retired_and_rolled_back() {
        try (RestoreFixture account = RestoreFixture.start(oldVolumeHasTags(42))) {
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
            Instant at = FIRST.plusSeconds(m.equals("a") ? 0 : 60);
            world = world.withoutSnapshot(s.id()).plus(new World.Snapshot(s.id(), s.volumeId(), s.state(), s.progress(), at,
                    s.sizeGib(), s.encrypted(), s.kmsKeyId(), s.storageTier(), s.description(), s.tags()));
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
            account.restoreS1("--etcd", "main").mustEnd("done", 0);
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
