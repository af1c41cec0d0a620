import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** The same answers from an EC2 that we did not write. */
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
    void judges_the_truth_table_alike(TruthTableRow row) throws Exception {
        moto.fill(row.world());
        row.check(new Harness(moto.endpoint()));
    }

    @Test
    void snapshots_six_volumes_as_one_set_with_all_tags_though_moto_ignores_CopyTagsFromSource() throws Exception {
        moto.fill(Worlds.named("three-masters"));
        Harness.Ran ran = new Harness(moto.endpoint()).snapshotAll("--set", "night-1");
        assertEquals(0, ran.code(), ran.err() + ran.out());
        assertEquals(List.of("restorable", "restorable"), ran.texts("sets", "verdict"));
        try (Ec2Client ec2 = moto.client()) {
            List<Snapshot> snapshots = ec2.describeSnapshots(
                    r -> r.filters(f -> f.name("tag:etcd-ops/set").values("night-1"))).snapshots();
            assertEquals(6, snapshots.size());
            Map<String, Map<String, String>> byName = new TreeMap<>();
            snapshots.forEach(s -> {
                Map<String, String> tags = s.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value));
                byName.put(tags.get("Name"), tags);
            });
            Map<String, String> tags = byName.get("b.etcd-events." + Worlds.CLUSTER);
            assertEquals("b", tags.get("etcd-ops/member"));
            assertEquals("events", tags.get("etcd-ops/etcd"));
            assertEquals("eu-central-1b", tags.get("etcd-ops/zone"));
            assertEquals("b/a,b,c", tags.get("k8s.io/etcd/events"));
            assertEquals("1", tags.get("k8s.io/role/control-plane"));
        }
    }

    @Test
    void a_set_asked_for_again_only_gets_what_it_lacks() throws Exception {
        moto.fill(Worlds.named("nodes-gone"));
        Harness harness = new Harness(moto.endpoint());
        assertEquals(0, harness.snapshotAll("--set", "s").code());
        try (Ec2Client ec2 = moto.client()) {
            String one = ec2.describeSnapshots(r -> r.filters(f -> f.name("tag:etcd-ops/member").values("a"),
                    f -> f.name("tag:etcd-ops/etcd").values("main"))).snapshots().get(0).snapshotId();
            ec2.deleteSnapshot(r -> r.snapshotId(one));
        }
        Harness.Ran again = harness.snapshotAll("--set", "s");
        assertEquals(0, again.code(), again.out());
        assertEquals(5, again.texts("changes", "status").stream().filter("already"::equals).count(), again.out());
        assertEquals("unchanged", harness.snapshotAll("--set", "s").json().get("outcome").asText());
    }

    @Test
    void mends_tags_there_too_and_a_second_run_finds_nothing_to_do() throws Exception {
        for (TruthTableRow row : TruthTable.rows()) {
            if (Set.of("two volumes each have a wrong tag", "T6 the etcd tag's key is mistyped",
                    "kops 1.26 reads the five tags of kops 1.9").contains(row.name())) {
                moto.fill(row.world().withVolumes(v -> v.tag("team", "infra, & co")));
                Harness harness = new Harness(moto.endpoint());
                List<String> args = new ArrayList<>(List.of("--cluster", TruthTable.C, "--yes"));
                args.addAll(List.of(row.args()));
                Harness.Ran ran = harness.fixTags(args.toArray(String[]::new));
                assertEquals("done", ran.json().get("outcome").asText(), ran.err() + ran.out());
                assertEquals("unchanged", harness.fixTags(args.toArray(String[]::new)).json().get("outcome").asText());
                assertEquals(0, harness.verify().code());
                try (Ec2Client ec2 = moto.client()) {
                    assertTrue(ec2.describeVolumes().volumes().stream().filter(v -> v.hasTags()).allMatch(v -> v.tags().contains(
                            Tag.builder().key("team").value("infra, & co").build())), row.name());
                }
            }
        }
    }

    @Test
    void restores_there_too_and_rolls_back() throws Exception {
        moto.fill(Worlds.named("three-masters"));
        Harness harness = new Harness(moto.endpoint());
        assertEquals(0, harness.snapshotAll("--set", "s1").code());
        try (Ec2Client ec2 = moto.client()) {
            ec2.terminateInstances(r -> r.instanceIds(ec2.describeInstances().reservations().stream()
                    .flatMap(i -> i.instances().stream()).map(i -> i.instanceId()).toList()));
            ec2.describeVolumes(r -> r.filters(f -> f.name("tag:Name").values("b.etcd-main." + TruthTable.C,
                    "c.etcd-main." + TruthTable.C))).volumes().forEach(v -> ec2.deleteVolume(r -> r.volumeId(v.volumeId())));
            Map<String, Map<String, String>> before = volumeTags(ec2);
            String[] quorum = {"--cluster", TruthTable.C, "--set", "s1", "--etcd", "main"};
            Harness.Ran planned = harness.restoreVolume(quorum);
            RestoreScene.mustEnd("planned", 0, planned);
            assertEquals(before, volumeTags(ec2));
            RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreKillMatrixTest.with(quorum, "--yes", "--plan",
                    RestoreScene.planId(planned))));
            assertEquals(before.size() + 2, volumeTags(ec2).size());
            assertEquals("degraded", harness.verify().etcd("main").get("verdict").asText());
            RestoreScene.mustEnd("unchanged", 0, harness.restoreVolume(RestoreKillMatrixTest.with(quorum, "--yes")));
            RestoreScene.startNodes(ec2, TruthTable.C, List.of("a", "b", "c").stream().filter(m -> ec2.describeVolumes(
                    r -> r.filters(f -> f.name("tag:k8s.io/etcd/main").values(m + "/a,b,c"))).hasVolumes()).toList());
            RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreKillMatrixTest.with(quorum, "--stage", "rest",
                    "--yes")));
            assertEquals("healthy", harness.verify().etcd("main").get("verdict").asText());
            RestoreScene.terminateNodes(ec2);
            String[] rollback = {"--cluster", TruthTable.C, "--rollback", "s1.1", "--yes"};
            RestoreScene.mustEnd("done", 0, harness.restoreVolume(rollback));
            Map<String, Map<String, String>> after = volumeTags(ec2);
            after.keySet().retainAll(before.keySet());
            assertEquals(before, after);
            RestoreScene.mustEnd("unchanged", 0, harness.restoreVolume(rollback));
        }
    }

    private static Map<String, Map<String, String>> volumeTags(Ec2Client ec2) {
        return ec2.describeVolumes().volumes().stream().collect(Collectors.toMap(v -> v.volumeId(), v -> v.tags().stream()
                .collect(Collectors.toMap(Tag::key, Tag::value, (a, b) -> a, TreeMap::new)), (a, b) -> a, TreeMap::new));
    }

    @Test
    void an_endpoint_that_knows_no_locks_is_said_and_nothing_is_lost() throws Exception {
        moto.fill(Worlds.named("single-master"));
        Harness.Ran ran = new Harness(moto.endpoint()).snapshotAll("--lock", "7");
        assertEquals(21, ran.code(), ran.out());
        assertTrue(ran.texts("sets", "verdict").stream().allMatch("restorable"::equals), ran.out());
    }
}
