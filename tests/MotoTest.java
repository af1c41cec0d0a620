import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import practice.Worlds;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.Tag;

/** The commands against moto, an EC2 that this project did not write. */
class MotoTest {
    private static Moto moto;

    @BeforeAll
    static void start() throws Exception {
        moto = Moto.start();
    }

    @AfterAll
    static void stop() {
        if (moto != null) {
            moto.close();
        }
    }

    static Stream<TruthTableRow> rows() {
        return TruthTable.stream().filter(r -> !r.isOnlyInPracticeCloud());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void verify_quorum_volumes_gives_the_answer_of_the_row(TruthTableRow row) throws Exception {
        moto.fill(row.world());
        row.check(new Harness(moto.endpoint()));
    }

    // ---- snapshot-all

    @Test
    void snapshot_all_takes_six_volumes_as_one_restorable_set() throws Exception {
        moto.fill(Worlds.named("three-masters"));
        Harness.Ran ran = new Harness(moto.endpoint()).snapshotAll("--set", "night-1");
        assertEquals(0, ran.code(), ran.shown());
        assertEquals(List.of("restorable", "restorable"), ran.texts("sets", "verdict"));
        assertEquals(6, snapshots("etcd-ops/set", "night-1").size());
    }

    @Test
    void a_snapshot_has_all_tags_though_moto_ignores_CopyTagsFromSource() throws Exception {
        moto.fill(Worlds.named("three-masters"));
        assertEquals(0, new Harness(moto.endpoint()).snapshotAll("--set", "night-1").code());
        Map<String, String> tags = snapshots("Name", "b.etcd-events." + Worlds.CLUSTER).get(0).tags().stream()
                .collect(Collectors.toMap(Tag::key, Tag::value));
        assertEquals("b", tags.get("etcd-ops/member"));
        assertEquals("events", tags.get("etcd-ops/etcd"));
        assertEquals("eu-central-1b", tags.get("etcd-ops/zone"));
        assertEquals("b/a,b,c", tags.get("k8s.io/etcd/events"));
        assertEquals("1", tags.get("k8s.io/role/control-plane"));
    }

    @Test
    void a_set_that_is_asked_for_again_only_gets_what_it_lacks() throws Exception {
        moto.fill(Worlds.named("nodes-gone"));
        Harness harness = new Harness(moto.endpoint());
        assertEquals(0, harness.snapshotAll("--set", "s").code());
        try (Ec2Client ec2 = moto.client()) {
            ec2.deleteSnapshot(r -> r.snapshotId(snapshots("Name", "a.etcd-main." + Worlds.CLUSTER).get(0).snapshotId()));
        }
        Harness.Ran again = harness.snapshotAll("--set", "s");
        assertEquals(0, again.code(), again.out());
        assertEquals(5, again.statuses().stream().filter("already"::equals).count(), again.out());
        assertEquals("unchanged", harness.snapshotAll("--set", "s").outcome());
    }

    private static List<Snapshot> snapshots(String key, String value) {
        try (Ec2Client ec2 = moto.client()) {
            return ec2.describeSnapshots(r -> r.filters(f -> f.name("tag:" + key).values(value))).snapshots();
        }
    }

    // ---- fix-tags

    static Stream<TruthTableRow> rowsToFix() {
        return Stream.of("two volumes each have a wrong tag", "T6 the etcd tag's key is mistyped",
                "kops 1.26 reads the five tags of kops 1.9").map(TruthTable::row);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rowsToFix")
    void fix_tags_fixes_the_row_and_a_second_run_finds_nothing_to_do(TruthTableRow row) throws Exception {
        moto.fill(row.world().withVolumes(v -> v.tag("team", "infra, & co")));
        Harness harness = new Harness(moto.endpoint());
        String[] args = FixTagsFixture.with(row.args(), "--cluster", TruthTable.C, "--yes");
        harness.fixTags(args).mustEnd("done", 0);
        assertEquals("unchanged", harness.fixTags(args).outcome());
        assertEquals(0, harness.verify().code());
        try (Ec2Client ec2 = moto.client()) {
            Tag foreign = Tag.builder().key("team").value("infra, & co").build();
            assertTrue(ec2.describeVolumes().volumes().stream().filter(v -> v.hasTags())
                    .allMatch(v -> v.tags().contains(foreign)));
        }
    }

    // ---- restore-volume

    private static final String[] QUORUM = {"--cluster", TruthTable.C, "--set", "s1", "--etcd", "main"};

    /** Three masters were snapshotted as s1. Then all nodes were lost, and main of b and c. */
    private static Harness quorumLost(Ec2Client ec2) throws Exception {
        moto.fill(Worlds.named("three-masters"));
        Harness harness = new Harness(moto.endpoint());
        assertEquals(0, harness.snapshotAll("--set", "s1").code());
        ec2.terminateInstances(r -> r.instanceIds(ec2.describeInstances().reservations().stream()
                .flatMap(i -> i.instances().stream()).map(i -> i.instanceId()).toList()));
        ec2.describeVolumes(r -> r.filters(f -> f.name("tag:Name").values("b.etcd-main." + TruthTable.C,
                "c.etcd-main." + TruthTable.C))).volumes().forEach(v -> ec2.deleteVolume(r -> r.volumeId(v.volumeId())));
        return harness;
    }

    private static void restoreTheQuorumAndStartItsNodes(Harness harness, Ec2Client ec2) {
        harness.restoreVolume(RestoreFixture.with(QUORUM, "--yes")).mustEnd("done", 0);
        RestoreFixture.startNodes(ec2, TruthTable.C, Stream.of("a", "b", "c").filter(m -> ec2.describeVolumes(
                r -> r.filters(f -> f.name("tag:k8s.io/etcd/main").values(m + "/a,b,c"))).hasVolumes()).toList());
    }

    @Test
    void a_plan_of_a_restore_changes_nothing() throws Exception {
        try (Ec2Client ec2 = moto.client()) {
            Harness harness = quorumLost(ec2);
            Map<String, Map<String, String>> before = volumeTags(ec2);
            harness.restoreVolume(QUORUM).mustEnd("planned", 0);
            assertEquals(before, volumeTags(ec2));
        }
    }

    @Test
    void the_quorum_is_restored_by_plan_and_once() throws Exception {
        try (Ec2Client ec2 = moto.client()) {
            Harness harness = quorumLost(ec2);
            int before = volumeTags(ec2).size();
            String plan = harness.restoreVolume(QUORUM).planId();
            harness.restoreVolume(RestoreFixture.with(QUORUM, "--yes", "--plan", plan)).mustEnd("done", 0);
            assertEquals(before + 2, volumeTags(ec2).size());
            assertEquals("degraded", harness.verify().etcd("main").get("verdict").asText());
            RestoreFixture.mustEndUnchanged(harness.restoreVolume(RestoreFixture.with(QUORUM, "--yes")));
        }
    }

    @Test
    void the_rest_is_restored_when_the_quorum_runs() throws Exception {
        try (Ec2Client ec2 = moto.client()) {
            Harness harness = quorumLost(ec2);
            restoreTheQuorumAndStartItsNodes(harness, ec2);
            harness.restoreVolume(RestoreFixture.with(QUORUM, "--stage", "rest", "--yes")).mustEnd("done", 0);
            assertEquals("healthy", harness.verify().etcd("main").get("verdict").asText());
        }
    }

    @Test
    void both_stages_are_rolled_back_once() throws Exception {
        try (Ec2Client ec2 = moto.client()) {
            Harness harness = quorumLost(ec2);
            Map<String, Map<String, String>> before = volumeTags(ec2);
            restoreTheQuorumAndStartItsNodes(harness, ec2);
            harness.restoreVolume(RestoreFixture.with(QUORUM, "--stage", "rest", "--yes")).mustEnd("done", 0);
            RestoreFixture.terminateNodes(ec2);
            String[] rollback = {"--cluster", TruthTable.C, "--rollback", "s1.1", "--yes"};
            harness.restoreVolume(rollback).mustEnd("done", 0);
            Map<String, Map<String, String>> after = volumeTags(ec2);
            after.keySet().retainAll(before.keySet());
            assertEquals(before, after);
            RestoreFixture.mustEndUnchanged(harness.restoreVolume(rollback));
        }
    }

    private static Map<String, Map<String, String>> volumeTags(Ec2Client ec2) {
        return ec2.describeVolumes().volumes().stream().collect(Collectors.toMap(v -> v.volumeId(), v -> v.tags().stream()
                .collect(Collectors.toMap(Tag::key, Tag::value, (a, b) -> a, TreeMap::new)), (a, b) -> a, TreeMap::new));
    }

    @Test
    void an_endpoint_that_cannot_lock_snapshots_is_reported_and_every_snapshot_is_kept() throws Exception {
        moto.fill(Worlds.named("single-master"));
        Harness.Ran ran = new Harness(moto.endpoint()).snapshotAll("--lock", "7");
        assertEquals(21, ran.code(), ran.out());
        assertTrue(ran.texts("sets", "verdict").stream().allMatch("restorable"::equals), ran.out());
    }
}
