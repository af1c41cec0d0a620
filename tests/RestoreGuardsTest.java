import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import practice.Cloud;
import practice.Settings;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Whatever would lose acknowledged writes, or a volume, is refused with 20, and nothing was changed. */
class RestoreGuardsTest {
    private static final String C = RestoreScene.C;
    private static final String CONSOLE = Worlds.id("snap", "console");
    private static final Instant FIRST = Instant.parse("2026-10-01T02:00:00Z");
    private static final String LONG = "x".repeat(60) + "." + "y".repeat(40) + ".tld";
    private static final World SNAPSHOTTED = RestoreScene.withSet(Worlds.named("three-masters"));
    private static final World GONE = RestoreScene.nodesGone(SNAPSHOTTED);
    private static final World LOST = GONE.without(vol("main", "b")).without(vol("main", "c"));

    /** @param hint what one of the refusals must tell */
    record Row(String name, World world, String cluster, String args, String code, String hint) {
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

    /** The same world with some of main's snapshots changed. */
    private static World snapshots(UnaryOperator<World.Snapshot> edit, String... members) {
        World world = LOST;
        for (String m : members) {
            World.Snapshot s = snap(world, "main", m);
            world = world.withoutSnapshot(s.id()).plus(edit.apply(s));
        }
        return world;
    }

    private static World single(UnaryOperator<World.Snapshot> edit) {
        World world = Worlds.named("single-master");
        return RestoreScene.nodesGone(world.plus(edit.apply(World.Snapshot.of(CONSOLE, world.volume(vol("main", "a")), FIRST)
                .tags(Map.of()))));
    }

    private static World full(int tags) {
        World world = LOST;
        for (int n = 0; world.volume(vol("main", "a")).tags().size() < tags; n++) {
            String key = "label-" + n;
            world = world.withVolume(vol("main", "a"), v -> v.tag(key, "x"));
        }
        return world;
    }

    private static World longCluster() {
        LinkedHashMap<String, String> zones = new LinkedHashMap<>();
        List.of("a", "b", "c").forEach(m -> zones.put(m, "eu-central-1" + m));
        World world = RestoreScene.nodesGone(RestoreScene.withSet(
                Worlds.kops(LONG, Worlds.REGION, Worlds.TagSet.KOPS_1_26, List.of("main"), zones)));
        return world.without(Worlds.volumeId(LONG, "main", "b")).without(Worlds.volumeId(LONG, "main", "c"));
    }

    private static World nodeRuns(World world, String member, String etcd) {
        String instance = Worlds.instanceId(C, member);
        return world.withInstance(instance, i -> i.state("running")).withVolume(vol(etcd, member),
                v -> v.attachedTo(instance, "/dev/xvdu"));
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        row(rows, "the nodes run", SNAPSHOTTED, "--set s1 --etcd main", "LIVE_QUORUM", "--empty");
        row(rows, "one member is lost, the others run", SNAPSHOTTED.without(vol("main", "c")),
                "--etcd main --member c --snapshot " + snap(SNAPSHOTTED, "main", "c").id(), "LIVE_QUORUM", "--empty");
        row(rows, "the old volume is attached and its node runs", nodeRuns(LOST, "a", "main"), "--set s1", "STILL_ATTACHED",
                "stop-instances --instance-ids " + Worlds.instanceId(C, "a"));
        row(rows, "a snapshot of another etcd cluster", single(s -> s.tag("etcd-ops/etcd", "events")), "--etcd main --member a "
                + "--snapshot " + CONSOLE, "RECORD_MISMATCH", "never joins");
        row(rows, "a snapshot of another member", single(s -> s.tag("etcd-ops/member", "b")), "--etcd main --member a "
                + "--snapshot " + CONSOLE, "RECORD_MISMATCH", "");
        row(rows, "a snapshot of another cluster", single(s -> s.tag("etcd-ops/cluster", "other.tld")), "--etcd main --member a "
                + "--snapshot " + CONSOLE, "RECORD_MISMATCH", "");
        row(rows, "a snapshot that only by kops' tags is of another cluster", single(s -> s.tag("KubernetesCluster",
                "other.tld").tag("k8s.io/etcd/main", "a/a")), "--etcd main --member a --snapshot " + CONSOLE, "RECORD_MISMATCH",
                "");
        World one = LOST.withoutSnapshot(snap(LOST, "main", "b").id()).withoutSnapshot(snap(LOST, "main", "c").id());
        row(rows, "one snapshot of three members", one, "--set s1 --etcd main", "FEWER_THAN_QUORUM", "force-new-cluster");
        row(rows, "one snapshot of three members, all at once", one, "--set s1 --etcd main --stage all", "FEWER_THAN_QUORUM", "");
        row(rows, "one named snapshot for three members", LOST, "--etcd main --member a --snapshot "
                + snap(LOST, "main", "a").id(), "FEWER_THAN_QUORUM", "--set");
        row(rows, "snapshots still pending", snapshots(s -> s.state("pending", "40%"), "a", "b"), "--set s1",
                "SNAPSHOT_NOT_COMPLETED", "wait snapshot-completed");
        row(rows, "snapshots that failed", snapshots(s -> s.state("error", "40%"), "a", "b"), "--set s1",
                "SNAPSHOT_NOT_COMPLETED", "another set");
        row(rows, "snapshots in the archive", snapshots(s -> s.storageTier("archive"), "a", "b"), "--set s1",
                "SNAPSHOT_ARCHIVED", "restore-snapshot-tier");
        row(rows, "a named snapshot in the archive", single(s -> s.storageTier("archive")), "--etcd main --member a --snapshot "
                + CONSOLE, "SNAPSHOT_ARCHIVED", "72 hours");
        row(rows, "other members now", LOST.withVolume(vol("main", "a"), v -> v.tag("k8s.io/etcd/main", "a/a,b,d")),
                "--set s1 --etcd main", "MEMBER_LIST_DISAGREES", "newer set");
        row(rows, "all at once", LOST, "--set s1 --stage all", "START_ORDER", "--stage quorum");
        row(rows, "the rest before any quorum", LOST, "--set s1 --etcd main --stage rest", "QUORUM_NOT_STARTED", "leader");
        row(rows, "an empty volume without a quorum", LOST, "--etcd main --member c --empty", "QUORUM_NOT_STARTED", "--set");
        row(rows, "an empty volume for nobody", Worlds.named("three-masters"), "--etcd main --member z --empty",
                "MEMBER_NOT_IN_LIST", "");
        row(rows, "an empty volume for a member whose node runs", Worlds.named("three-masters"),
                "--etcd main --member c --empty", "STILL_ATTACHED", "");
        World nothing = single(s -> s);
        row(rows, "nothing tells the zone", nothing.without(vol("main", "a")).without(vol("events", "a")),
                "--etcd main --member a --snapshot " + CONSOLE, "ZONE_UNKNOWN", "");
        row(rows, "the member moved", LOST.withVolume(vol("events", "b"), v -> v.zone("eu-central-1a"))
                .withVolume(vol("events", "a"), v -> v.zone("eu-central-1b"))
                .withVolume(vol("events", "c"), v -> v.zone("eu-central-1b")), "--set s1 --etcd main", "WRONG_ZONE", "newer set");
        row(rows, "an old volume of two etcd clusters", LOST.withVolume(vol("main", "a"),
                v -> v.tag("k8s.io/etcd/events", "a/a,b,c")), "--set s1 --etcd main", "TWO_ETCD_TAGS", "");
        row(rows, "an old volume of two clusters", LOST.withVolume(vol("main", "a"),
                v -> v.tag("kubernetes.io/cluster/other.tld", "owned")), "--set s1 --etcd main", "FOREIGN_CLUSTER", "");
        row(rows, "an old volume full of tags", full(49), "--set s1 --etcd main", "CANNOT_PARK", "remove tags");
        rows.add(new Row("a cluster's name too long to be parked", longCluster(), LONG, "--set s1", "CANNOT_PARK", ""));
        row(rows, "no set at all", RestoreScene.nodesGone(Worlds.named("two-volumes-gone")), "", "NO_RESTORABLE_SET", "--set");
        row(rows, "no set is good enough", one, "", "NO_RESTORABLE_SET", "");
        row(rows, "nothing is lost", SNAPSHOTTED, "--set s1", "NOTHING_LOST", "--etcd");
        row(rows, "a set that is not there", LOST, "--set s2", "NO_SNAPSHOT", "the sets of the cluster: s1");
        row(rows, "a snapshot that is not there", LOST, "--etcd main --member a --snapshot snap-0123456789abcdef0",
                "NO_SNAPSHOT", "region");
        rows.add(new Row("a set of another cluster", RestoreScene.nodesGone(SNAPSHOTTED.plus(Worlds.kops("other.tld",
                Worlds.REGION, Worlds.TagSet.KOPS_1_26, List.of("main"), new LinkedHashMap<>(Map.of("a", "eu-central-1a"))))),
                "other.tld", "--set s1 --etcd main", "NO_SNAPSHOT", ""));
        row(rows, "a plan id of yesterday", LOST, "--set s1 --plan 0123456789ab", "PLAN_DIFFERS", "");
        row(rows, "no such run", LOST, "--rollback s9.1", "UNKNOWN_RUN", "");
        World.Volume inert = LOST.volume(vol("main", "a")).tags(Map.of("Name", "inert", "etcd-ops/run", "s1.1",
                "etcd-ops/state", "inert", "etcd-ops/cluster", C, "etcd-ops/etcd", "main", "etcd-ops/member", "a"));
        row(rows, "two new volumes for one member", LOST.plus(inert.id(Worlds.id("vol", "first")),
                inert.id(Worlds.id("vol", "second"))), "--set s1 --stage all --accept-skew", "DUPLICATE_MEMBER",
                "delete all but one");
        World twin = RestoreScene.nodesGone(RestoreScene.withTwins(Worlds.named("old-twin")));
        row(rows, "two snapshots of one member", twin.withoutSnapshot(snap(twin, "main", "b").id()),
                "--set s1 --etcd main", "DUPLICATE_MEMBER", "another set");
        return rows;
    }

    private static void row(List<Row> rows, String name, World world, String args, String code, String hint) {
        rows.add(new Row(name, world, C, args, code, hint));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void refuses_and_changes_nothing(Row row) {
        Settings pending = RestoreScene.QUICK.snapshotTakes(Duration.ofHours(1));
        for (boolean isYes : new boolean[] {true, false}) {
            try (Cloud cloud = Cloud.start(row.world, pending)) {
                String[] args = RestoreKillMatrixTest.with(row.args.isEmpty() ? new String[0] : row.args.split(" "),
                        isYes ? new String[] {"--yes"} : new String[0]);
                Harness.Ran ran = new Harness(cloud.endpoint()).restoreVolume(RestoreScene.of(row.cluster, args));
                RestoreScene.mustEnd("refused", 20, ran);
                assertTrue(RestoreScene.errors(ran).contains(row.code), RestoreScene.shown(ran));
                assertTrue(ran.out().contains(row.hint), RestoreScene.shown(ran));
                assertEquals(List.of(), RestoreScene.writes(cloud));
                assertEquals(row.world.volumes(), cloud.volumes());
                List<String> last = ran.errLines().subList(ran.errLines().size() - 2, ran.errLines().size());
                assertTrue(last.get(0).startsWith("Error: ") && last.get(1).startsWith("Try: ./jbang "), ran.err());
                assertTrue(ran.texts("changes", "status").stream().allMatch(s -> s.equals("not_reached")
                        || s.equals("planned") && row.code.equals("PLAN_DIFFERS")), ran.out());
            }
        }
    }

    @Test
    void a_set_is_named_before_anything_is_done() {
        try (Cloud cloud = Cloud.start(LOST, RestoreScene.QUICK)) {
            Harness.Ran ran = RestoreScene.restore(cloud, "--yes");
            RestoreScene.mustEnd("refused", 20, ran);
            assertEquals(List.of("SET_NOT_NAMED"), RestoreScene.errors(ran).stream().filter("SET_NOT_NAMED"::equals).toList());
            assertEquals(LOST.volumes(), cloud.volumes());
            assertEquals(List.of(), RestoreScene.writes(cloud));
        }
    }

    @Test
    void a_volume_with_just_room_for_what_is_parked() {
        World world = full(42);
        try (Cloud cloud = Cloud.start(world, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--set", "s1", "--yes"));
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--rollback", "s1.1", "--yes"));
            Map<String, Map<String, String>> now = RestoreScene.tags(cloud.volumes());
            world.volumes().forEach(v -> assertEquals(v.tags(), now.get(v.id())));
        }
    }

    @Test
    void a_volume_that_changed_since_the_plan() {
        try (Cloud cloud = Cloud.start(LOST, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            String id = RestoreScene.planId(RestoreScene.restore(cloud, "--set", "s1"));
            ec2.createTags(r -> r.resources(vol("main", "a")).tags(t -> t.key("k8s.io/role/node").value("1")));
            RestoreScene.mustEnd("planned", 0, RestoreScene.restore(cloud, "--set", "s1", "--plan", id));
            ec2.createTags(r -> r.resources(vol("main", "a")).tags(t -> t.key("k8s.io/role/master").value("yes")));
            Map<String, Map<String, String>> before = RestoreScene.tags(cloud.volumes());
            Harness.Ran ran = RestoreScene.restore(cloud, "--set", "s1", "--yes", "--plan", id);
            RestoreScene.mustEnd("refused", 20, ran);
            assertTrue(RestoreScene.errors(ran).contains("PLAN_DIFFERS"), ran.out());
            assertEquals(before, RestoreScene.tags(cloud.volumes()));
        }
    }

    @Test
    void one_bad_snapshot_of_three_is_no_obstacle_to_a_quorum() {
        for (UnaryOperator<World.Snapshot> edit : List.<UnaryOperator<World.Snapshot>>of(s -> s.state("error", "1%"),
                s -> s.storageTier("archive"), s -> s.state("pending", "1%"))) {
            try (Cloud cloud = Cloud.start(snapshots(edit, "c"), RestoreScene.QUICK.snapshotTakes(Duration.ofHours(1)))) {
                RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--set", "s1", "--yes"));
                assertEquals(List.of("a", "b"), RestoreScene.made(LOST, cloud.volumes()).stream()
                        .map(v -> v.tags().get("etcd-ops/member")).sorted().toList());
                Harness.Ran rest = RestoreScene.restore(cloud, "--set", "s1", "--etcd", "main", "--stage", "rest", "--yes");
                RestoreScene.mustEnd("refused", 20, rest);
            }
        }
    }

    @Test
    void the_newest_moments_are_the_quorum() {
        World world = LOST;
        for (String m : List.of("a", "b", "c")) {
            World.Snapshot s = snap(world, "main", m);
            Instant at = FIRST.plusSeconds(m.equals("a") ? 0 : 60);
            world = world.withoutSnapshot(s.id()).plus(new World.Snapshot(s.id(), s.volumeId(), s.state(), s.progress(), at,
                    s.sizeGib(), s.encrypted(), s.kmsKeyId(), s.storageTier(), s.description(), s.tags()));
        }
        try (Cloud cloud = Cloud.start(world, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--set", "s1", "--etcd", "main", "--yes"));
            assertEquals(List.of("b", "c"), RestoreScene.made(LOST, cloud.volumes()).stream()
                    .map(v -> v.tags().get("etcd-ops/member")).sorted().toList());
        }
    }

    @Test
    void the_overrides_allow_what_they_name() {
        World world = SNAPSHOTTED.without(vol("main", "c")).withoutInstance(Worlds.instanceId(C, "c"));
        try (Cloud cloud = Cloud.start(world, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--etcd", "main", "--member", "c", "--snapshot",
                    snap(world, "main", "c").id(), "--into-live-quorum", "--yes"));
            assertEquals(1, RestoreScene.made(world, cloud.volumes()).size());
        }
        try (Cloud cloud = Cloud.start(LOST, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--set", "s1", "--etcd", "main", "--stage", "all",
                    "--accept-skew", "--yes"));
            assertEquals(3, RestoreScene.made(LOST, cloud.volumes()).size());
        }
    }

    @Test
    void a_rollback_waits_for_the_nodes_and_for_later_runs() {
        World snapshotted = LOST;
        try (Cloud cloud = Cloud.start(snapshotted, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--set", "s1", "--yes"));
            List<String> quorum = RestoreScene.made(snapshotted, cloud.volumes()).stream()
                    .map(v -> v.tags().get("etcd-ops/member")).toList();
            RestoreScene.startNodes(ec2, C, quorum);
            refused(cloud, "STILL_ATTACHED", "--rollback", "s1.1");
            Harness.Ran second = new Harness(cloud.endpoint()).snapshotAll("--cluster", C, "--set", "s2");
            assertTrue(second.code() == 0 || second.code() == 21, second.err());
            RestoreScene.terminateNodes(ec2);
            RestoreScene.made(snapshotted, cloud.volumes()).stream().limit(1).forEach(
                    v -> ec2.deleteVolume(r -> r.volumeId(v.id())));
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--set", "s2", "--etcd", "main", "--yes"));
            refused(cloud, "LATER_RUN", "--rollback", "s1.1");
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--rollback", "s2.1", "--yes"));
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--rollback", "s1.1", "--yes"));
            Map<String, Map<String, String>> now = RestoreScene.tags(cloud.volumes());
            snapshotted.volumes().forEach(v -> assertEquals(v.tags(), now.get(v.id())));
        }
    }

    private static void refused(Cloud cloud, String code, String... args) {
        Map<String, Map<String, String>> before = RestoreScene.tags(cloud.volumes());
        Harness.Ran ran = RestoreScene.restore(cloud, RestoreKillMatrixTest.with(args, "--yes"));
        RestoreScene.mustEnd("refused", 20, ran);
        assertTrue(RestoreScene.errors(ran).contains(code), RestoreScene.shown(ran));
        assertEquals(before, RestoreScene.tags(cloud.volumes()));
    }

    @Test
    void twins_are_both_retired_and_not_given_back_as_twins() {
        World twins = RestoreScene.nodesGone(RestoreScene.withTwins(Worlds.named("old-twin")));
        try (Cloud cloud = Cloud.start(twins, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--set", "s1", "--etcd", "main", "--yes"));
            RestoreScene.found(cloud.volumes(), C).forEach((member, ids) -> assertEquals(1, ids.size(), member + ids));
            refused(cloud, "DUPLICATE_MEMBER", "--rollback", "s1.1");
        }
    }

    @Test
    void a_rollback_beside_another_volume_of_the_member_is_refused() {
        try (Cloud cloud = Cloud.start(LOST, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--set", "s1", "--yes"));
            String blank = ec2.createVolume(r -> r.availabilityZone("eu-central-1a").size(20)).volumeId();
            LOST.volume(vol("main", "a")).tags().forEach((key, value) ->
                    ec2.createTags(r -> r.resources(blank).tags(t -> t.key(key).value(value))));
            refused(cloud, "DUPLICATE_MEMBER", "--rollback", "s1.1");
        }
    }
}
