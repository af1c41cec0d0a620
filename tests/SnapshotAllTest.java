import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.Fault;
import practice.Settings;
import practice.World;
import practice.Worlds;

/** Which volumes snapshot-all takes, what it records on each snapshot, and what it does when a call fails. */
class SnapshotAllTest {
    private static final Settings QUICK =
            Settings.defaults().snapshotTakes(Duration.ofMillis(300)).snapshotSpacing(Duration.ZERO);

    private static Cloud cloud(World world) throws Exception {
        return Cloud.start(world, QUICK);
    }

    private static List<String> actions(Cloud cloud, String action) {
        return cloud.journal().stream().map(Cloud.Request::action).filter(action::equals).toList();
    }

    private static List<String> sources(Cloud cloud) {
        return cloud.snapshots().stream().map(World.Snapshot::volumeId).sorted().toList();
    }

    private static List<String> sixVolumes() {
        return Stream.of("main", "events").flatMap(e -> Stream.of("a", "b", "c").map(m -> TruthTable.vol(e, m)))
                .sorted().toList();
    }

    private static Harness.Ran snapshotAll(Cloud cloud, String... args) {
        return new Harness(cloud.endpoint()).snapshotAll(args);
    }

    /** The tags of the snapshot of a volume of main. */
    private static Map<String, String> tagsOfMain(Cloud cloud, String member) {
        return cloud.snapshots().stream().filter(s -> s.volumeId().equals(TruthTable.vol("main", member))).findFirst()
                .orElseThrow().tags();
    }

    @Test
    void takes_the_volumes_of_an_instance_in_one_call() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("three-masters"))) {
            assertEquals(0, snapshotAll(cloud).code());
            assertEquals(3, actions(cloud, "CreateSnapshots").size());
            assertEquals(0, actions(cloud, "CreateSnapshot").size());
            assertEquals(sixVolumes(), sources(cloud));
        }
    }

    @Test
    void reports_two_restorable_sets_named_after_the_run() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("three-masters"))) {
            Harness.Ran ran = snapshotAll(cloud).mustEnd("done", 0);
            assertEquals(List.of("restorable", "restorable"), ran.texts("sets", "verdict"));
            assertEquals(ran.json().get("run_id").asText(), ran.texts("sets", "set").get(0));
            assertTrue(ran.json().get("summary").get("skew_ms").asLong() < 2000, ran.out());
        }
    }

    @Test
    void stderr_has_a_line_for_each_volume_after_the_line_that_names_the_account() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("three-masters"))) {
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(7, ran.errLines().size(), ran.err());
        }
    }

    @Test
    void takes_no_root_volume_and_no_volume_of_another_cluster() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("with-noise"))) {
            Harness.Ran ran = snapshotAll(cloud, "--cluster", Worlds.CLUSTER);
            assertEquals(0, ran.code(), ran.out());
            assertEquals(sixVolumes(), sources(cloud));
        }
    }

    @Test
    void takes_all_clusters_of_the_region_when_none_is_named() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("with-noise"))) {
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(0, ran.code(), ran.out());
            assertEquals(12, cloud.snapshots().size());
            assertEquals(4, ran.json().get("sets").size());
        }
    }

    @Test
    void a_snapshot_records_everything_that_a_restore_needs() throws Exception {
        World world = Worlds.named("three-masters")
                .withVolume(TruthTable.vol("main", "b"), v -> v.tag("team", "infra & co"));
        try (Cloud cloud = cloud(world)) {
            snapshotAll(cloud, "--set", "before-upgrade");
            Map<String, String> expected = new TreeMap<>(world.volume(TruthTable.vol("main", "b")).tags());
            expected.putAll(Map.of("etcd-ops/set", "before-upgrade", "etcd-ops/run", "before-upgrade",
                    "etcd-ops/cluster", Worlds.CLUSTER, "etcd-ops/etcd", "main", "etcd-ops/member", "b",
                    "etcd-ops/members", "a,b,c", "etcd-ops/zone", "eu-central-1b", "etcd-ops/size-gib", "20",
                    "etcd-ops/volume-type", "gp3", "etcd-ops/source-volume", TruthTable.vol("main", "b")));
            expected.putAll(Map.of("etcd-ops/iops", "3000", "etcd-ops/throughput", "125",
                    "etcd-ops/kms-key", Worlds.kmsKey("eu-central-1")));
            assertEquals(expected, new TreeMap<>(tagsOfMain(cloud, "b")));
        }
    }

    @Test
    void the_tags_are_set_in_a_second_call_where_EC2_does_not_copy_them() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("single-master"))) {
            cloud.fault(Fault.next("CreateSnapshots", Fault.Kind.TAGS_IGNORED));
            assertEquals(0, snapshotAll(cloud).code());
            cloud.snapshots().forEach(s -> assertEquals("a", s.tags().get("etcd-ops/member")));
            cloud.snapshots().forEach(s -> assertTrue(s.tags().get("Name").endsWith(Worlds.CLUSTER), s.toString()));
        }
    }

    @Test
    void of_fifty_tags_those_that_a_restore_needs_are_kept() throws Exception {
        World world = Worlds.named("single-master").withVolume(TruthTable.vol("main", "a"), v -> {
            World.Volume full = v;
            for (int n = v.tags().size(); n < 50; n++) {
                full = full.tag("label-" + n, "x");
            }
            return full;
        });
        try (Cloud cloud = cloud(world)) {
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(0, ran.code(), ran.err());
            Map<String, String> tags = tagsOfMain(cloud, "a");
            assertEquals(50, tags.size());
            assertEquals("a/a", tags.get("k8s.io/etcd/main"));
            assertEquals("eu-central-1a", tags.get("etcd-ops/zone"));
        }
    }

    @Test
    void takes_volumes_that_no_instance_holds_one_by_one() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("nodes-gone"))) {
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(0, ran.code(), ran.out());
            assertEquals(6, actions(cloud, "CreateSnapshot").size());
            assertEquals(sixVolumes(), sources(cloud));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"duplicate-volume", "two-volumes-gone", "one-volume-gone", "tags-wrong"})
    void every_volume_of_a_cluster_is_taken_though_something_is_wrong_already(String name) throws Exception {
        World world = Worlds.named(name);
        try (Cloud cloud = cloud(world)) {
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(21, ran.code(), ran.out());
            assertEquals("degraded", ran.outcome());
            assertFalse(ran.json().get("problems").isEmpty());
            List<String> etcd = world.volumes().stream()
                    .filter(v -> v.tags().keySet().stream().anyMatch(k -> k.startsWith("k8s.io/etcd/")))
                    .map(World.Volume::id).sorted().toList();
            assertEquals(etcd, sources(cloud));
        }
    }

    @Test
    void a_volume_that_lost_its_etcd_tag_is_taken_by_its_name() throws Exception {
        World world = Worlds.named("three-masters")
                .withVolume(TruthTable.vol("main", "c"), v -> v.untag("k8s.io/etcd/main"));
        try (Cloud cloud = cloud(world)) {
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(21, ran.code());
            assertEquals(sixVolumes(), sources(cloud));
        }
    }

    @Test
    void a_dry_run_lists_six_and_does_nothing() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("three-masters"))) {
            Harness.Ran ran = snapshotAll(cloud, "--dry-run");
            assertEquals(0, ran.code());
            assertEquals("dry_run", ran.outcome());
            assertEquals(Collections.nCopies(6, "planned"), ran.statuses());
            assertEquals(List.of(), cloud.snapshots());
            assertTrue(cloud.journal().stream().allMatch(r -> r.action().startsWith("Describe")));
        }
    }

    @Test
    void without_waiting_the_set_is_pending_and_the_same_set_is_proposed_again() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"), QUICK.snapshotTakes(Duration.ofHours(1)))) {
            Harness.Ran ran = snapshotAll(cloud, "--no-wait", "--set", "s1");
            assertEquals(0, ran.code());
            assertEquals(List.of("pending", "pending"), ran.texts("sets", "verdict"));
            assertTrue(ran.next().get(1).startsWith(
                    "./jbang snapshot-all --cluster k8s.mycompany.tld --set s1 --region"), ran.out());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.Kind.class, names = {"REPLY_LOST", "REPLY_CUT", "SERVER_ERROR_AFTER_EFFECT"})
    void a_lost_reply_leads_to_no_second_snapshot(Fault.Kind kind) throws Exception {
        try (Cloud cloud = cloud(Worlds.named("three-masters"))) {
            cloud.fault(Fault.next("CreateSnapshots", kind));
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(0, ran.code(), ran.err());
            assertEquals(sixVolumes(), sources(cloud));
            assertEquals(List.of("restorable", "restorable"), ran.texts("sets", "verdict"));
        }
    }

    @Test
    void a_lost_reply_is_found_though_EC2_shows_the_snapshots_late() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("single-master"))) {
            cloud.fault(Fault.next("CreateSnapshots", Fault.Kind.REPLY_LOST));
            cloud.fault(Fault.stale("CreateSnapshots", Duration.ofMillis(900)));
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(0, ran.code(), ran.err());
            assertEquals(2, cloud.snapshots().size());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.Kind.class, names = {"THROTTLED", "SERVER_ERROR"})
    void a_call_that_failed_without_effect_is_repeated(Fault.Kind kind) throws Exception {
        try (Cloud cloud = cloud(Worlds.named("single-master"))) {
            cloud.fault(Fault.next("CreateSnapshots", kind));
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(0, ran.code(), ran.err());
            assertEquals(2, cloud.snapshots().size());
        }
    }

    /** The first instance's volumes are denied. */
    private static Cloud oneInstanceDenied() throws Exception {
        Cloud cloud = cloud(Worlds.named("three-masters"));
        cloud.fault(Fault.next("CreateSnapshots", Fault.Kind.DENIED));
        return cloud;
    }

    @Test
    void the_other_members_are_snapshotted_when_one_cannot_be() throws Exception {
        try (Cloud cloud = oneInstanceDenied()) {
            Harness.Ran ran = snapshotAll(cloud, "--set", "s2").mustEnd("partial", 21);
            assertEquals(4, cloud.snapshots().size());
            assertEquals(2, ran.statuses().stream().filter("failed"::equals).count(), ran.out());
        }
    }

    @Test
    void the_same_set_again_takes_the_volumes_that_failed() throws Exception {
        try (Cloud cloud = oneInstanceDenied()) {
            snapshotAll(cloud, "--set", "s2");
            Harness.Ran again = snapshotAll(cloud, "--set", "s2");
            assertEquals(0, again.code(), again.out());
            assertEquals(sixVolumes(), sources(cloud));
        }
    }

    @Test
    void when_every_call_is_denied_the_end_is_22_with_an_error_and_a_remedy() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("three-masters"))) {
            cloud.fault(Fault.next(3, "CreateSnapshots", Fault.Kind.DENIED));
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(22, ran.code());
            assertTrue(ran.err().contains("Error: snapshotting the volumes of i-"), ran.err());
            assertTrue(ran.err().contains("UnauthorizedOperation"), ran.err());
            assertTrue(ran.errLines().get(ran.errLines().size() - 1).startsWith("Try: aws sts get-caller-identity"), ran.err());
        }
    }

    @Test
    void a_snapshot_that_ends_in_error_fails_its_set() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("single-master"))) {
            cloud.fault(Fault.next("CreateSnapshots", Fault.Kind.SNAPSHOT_FAILS));
            Harness.Ran ran = snapshotAll(cloud, "--set", "s3");
            assertEquals(21, ran.code(), ran.out());
            assertTrue(ran.texts("sets", "verdict").contains("failed"), ran.out());
        }
    }

    @Test
    void a_snapshot_that_ended_in_error_is_taken_again_with_the_same_set() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("single-master"))) {
            cloud.fault(Fault.next("CreateSnapshots", Fault.Kind.SNAPSHOT_FAILS));
            assertEquals(21, snapshotAll(cloud, "--set", "s3").code());
            Harness.Ran again = snapshotAll(cloud, "--set", "s3");
            assertEquals(0, again.code(), again.out());
        }
    }

    /** Set s4 lacks two volumes, and five minutes pass. */
    private static Cloud fiveMinutesAfterAPartOfASet() throws Exception {
        Cloud cloud = oneInstanceDenied();
        snapshotAll(cloud, "--set", "s4");
        cloud.clock().advance(Duration.ofMinutes(5));
        return cloud;
    }

    @Test
    void a_set_that_is_finished_minutes_later_is_good_with_a_warning() throws Exception {
        try (Cloud cloud = fiveMinutesAfterAPartOfASet()) {
            Harness.Ran ran = snapshotAll(cloud, "--set", "s4");
            assertEquals(0, ran.code(), ran.out());
            assertTrue(ran.texts("problems", "code").contains("SKEWED_SET"), ran.out());
        }
    }

    @ParameterizedTest
    @CsvSource({"1m, 21", "1h, 0"})
    void a_set_with_more_skew_than_allowed_ends_with_21(String allowed, int code) throws Exception {
        try (Cloud cloud = fiveMinutesAfterAPartOfASet()) {
            assertEquals(0, snapshotAll(cloud, "--set", "s4").code());
            assertEquals(code, snapshotAll(cloud, "--set", "s4", "--max-skew", allowed).code());
        }
    }

    @Test
    void a_second_snapshot_of_a_volume_within_fifteen_seconds_waits_its_turn() throws Exception {
        Settings spaced = QUICK.snapshotSpacing(Duration.ofSeconds(2));
        try (Cloud cloud = Cloud.start(Worlds.named("single-master"), spaced)) {
            assertEquals(0, snapshotAll(cloud).code());
            Harness.Ran ran = snapshotAll(cloud);
            assertEquals(0, ran.code(), ran.err());
            assertEquals(4, cloud.snapshots().size());
        }
    }

    @Test
    void locks_the_snapshots_when_asked() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("single-master"))) {
            assertEquals(0, snapshotAll(cloud, "--lock", "7").code());
            List<Cloud.Request> locks = cloud.journal().stream().filter(r -> r.action().equals("LockSnapshot")).toList();
            assertEquals(2, locks.size());
            assertEquals("7", locks.get(0).parameters().get("LockDuration"));
            assertEquals("governance", locks.get(0).parameters().get("LockMode"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--lock 0", "--lock soon", "--set a/b", "--max-skew 5", "--set"})
    void a_wrong_value_is_two_lines_and_nothing_is_asked(String args) throws Exception {
        try (Cloud cloud = cloud(Worlds.named("three-masters"))) {
            Harness.Ran ran = snapshotAll(cloud, args.split(" "));
            assertEquals(2, ran.code());
            assertEquals(2, ran.errLines().size(), ran.err());
            assertEquals(List.of(), cloud.journal());
        }
    }

    @Test
    void a_cluster_that_is_not_there_is_refused() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("three-masters"))) {
            Harness.Ran ran = snapshotAll(cloud, "--cluster", "typo.tld");
            assertEquals(20, ran.code(), ran.out());
            assertEquals("refused", ran.outcome());
            assertEquals(List.of("Error: looking for what to do: no etcd volume of typo.tld in eu-central-1",
                    "Try: ./jbang verify-quorum-volumes --cluster typo.tld --region eu-central-1 --endpoint-url "
                            + cloud.endpoint()), ran.errLines().subList(1, 3));
            assertEquals(List.of(), cloud.snapshots());
        }
    }

    private static Cloud withSlowSnapshots() {
        return Cloud.start(Worlds.named("single-master"), QUICK.snapshotTakes(Duration.ofMillis(1500)));
    }

    @Test
    void a_pipe_gets_no_progress_bar() {
        try (Cloud cloud = withSlowSnapshots()) {
            assertFalse(snapshotAll(cloud).err().contains("\r"));
        }
    }

    @Test
    void a_terminal_gets_a_progress_bar_and_a_table() {
        try (Cloud cloud = withSlowSnapshots()) {
            Harness.Ran ran = new Harness(cloud.endpoint()).onTerminal().snapshotAll();
            assertTrue(ran.err().contains("Completing [#"), ran.err());
            assertTrue(ran.out().startsWith("DONE  k8s.mycompany.tld in eu-central-1\n"), ran.out());
        }
    }

    @Test
    void the_report_has_the_keys_of_the_contract_in_their_order() throws Exception {
        try (Cloud cloud = cloud(Worlds.named("single-master"))) {
            JsonNode json = snapshotAll(cloud).json();
            List<String> keys = new ArrayList<>();
            json.fieldNames().forEachRemaining(keys::add);
            assertEquals(List.of("format_version", "command", "tool_version", "outcome", "account", "region", "cluster",
                    "run_id", "started_at", "took_ms", "summary", "etcd_clusters", "sets", "plan_id", "changes", "problems",
                    "next"), keys);
            assertNull(json.get("error"));
        }
    }
}
