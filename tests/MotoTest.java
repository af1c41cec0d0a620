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

    static Stream<TruthTable.Row> rows() {
        return TruthTable.rows().stream().filter(r -> !r.ownWorld());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void judges_the_truth_table_alike(TruthTable.Row row) throws Exception {
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
    void an_endpoint_that_knows_no_locks_is_said_and_nothing_is_lost() throws Exception {
        moto.fill(Worlds.named("single-master"));
        Harness.Ran ran = new Harness(moto.endpoint()).snapshotAll("--lock", "7");
        assertEquals(21, ran.code(), ran.out());
        assertTrue(ran.texts("sets", "verdict").stream().allMatch("restorable"::equals), ran.out());
    }
}
