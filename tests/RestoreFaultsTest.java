import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import practice.Cloud;
import practice.Fault;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * One fault at one call at a time: either nobody notices, or the command says so with 21 or 22 and a report that is what
 * the cloud shows; and the same command again finishes.
 */
class RestoreFaultsTest {
    private static final String C = RestoreScene.C;
    private static final String[] QUORUM = {"--set", "s1"};
    private static final World LOST = RestoreScene.quorumLost();
    private static final World RESTORED = restored();

    private static World restored() {
        try (Cloud cloud = Cloud.start(LOST, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--set", "s1", "--yes"));
            return RestoreScene.of(cloud);
        }
    }

    /** What one run without any fault calls and leaves. */
    private record Course(World world, String[] args, List<String> calls, List<String> wanted) {
        static Course of(World world, String... args) throws Exception {
            String[] command = RestoreKillMatrixTest.with(args, "--yes");
            try (Cloud cloud = Cloud.start(world, RestoreScene.QUICK);
                    RestoreGate gate = new RestoreGate(cloud.endpoint(), action -> { })) {
                Harness.Ran ran = new Harness(gate.endpoint()).restoreVolume(RestoreScene.of(C, command));
                RestoreScene.mustEnd("done", 0, ran);
                RestoreScene.mustBeAsReported(world, ran, cloud.volumes());
                return new Course(world, command, gate.calls(), RestoreScene.state(world, cloud.volumes()));
            }
        }

        /** Empty when all is well. */
        String hit(Fault fault) throws Exception {
            try (Cloud cloud = Cloud.start(world, RestoreScene.QUICK); RestoreGate gate = new RestoreGate(cloud.endpoint(),
                    action -> RestoreScene.mustHold(world, cloud.volumes(), action))) {
                cloud.fault(fault);
                Harness.Ran ran = new Harness(gate.endpoint()).restoreVolume(RestoreScene.of(C, args));
                gate.mustHaveHeld();
                RestoreScene.mustBeAsReported(world, ran, cloud.volumes());
                boolean isSame = RestoreScene.state(world, cloud.volumes()).equals(wanted);
                assertTrue(ran.code() == 0 ? isSame : List.of(21, 22).contains(ran.code()), RestoreScene.shown(ran));
                if (ran.code() != 0) {
                    Harness.Ran again = RestoreScene.restore(cloud, args);
                    assertEquals(0, again.code(), RestoreScene.shown(again));
                    assertEquals(wanted, RestoreScene.state(world, cloud.volumes()), RestoreScene.shown(again));
                }
                return "";
            } catch (AssertionError | RuntimeException wrong) {
                return fault.kind() + " at call " + fault.first() + ": " + wrong;
            }
        }

        Stream<Callable<String>> hits(Fault.Kind kind) {
            return Stream.iterate(1, n -> n <= calls.size(), n -> n + 1)
                    .map(n -> () -> hit(Fault.nth(n, Fault.ANY, kind)));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.Kind.class, names = {"THROTTLED", "SERVER_ERROR", "SERVER_ERROR_AFTER_EFFECT", "REPLY_LOST",
        "REPLY_CUT", "DENIED"})
    void at_any_call_of_a_restore_and_of_a_rollback(Fault.Kind kind) throws Exception {
        List<Callable<String>> points = new ArrayList<>(Course.of(LOST, QUORUM).hits(kind).toList());
        points.addAll(Course.of(RESTORED, "--rollback", "s1.1").hits(kind).toList());
        assertEquals(List.of(), RestoreKillMatrixTest.failures(points));
    }

    @Test
    void a_zone_without_room_and_a_volume_that_vanishes_at_any_creation() throws Exception {
        Course course = Course.of(LOST, QUORUM);
        List<Callable<String>> points = new ArrayList<>();
        for (int n = 1; n <= 2; n++) {
            for (Fault.Kind kind : List.of(Fault.Kind.NO_CAPACITY, Fault.Kind.VOLUME_VANISHES)) {
                Fault fault = Fault.nth(n, "CreateVolume", kind);
                points.add(() -> course.hit(fault));
            }
        }
        assertEquals(List.of(), RestoreKillMatrixTest.failures(points));
    }

    @Test
    void what_EC2_shows_late() throws Exception {
        Course restore = Course.of(LOST, QUORUM);
        Course rollback = Course.of(RESTORED, "--rollback", "s1.1");
        List<Callable<String>> points = new ArrayList<>();
        for (Course course : List.of(restore, rollback)) {
            for (String action : List.of("CreateVolume", "CreateTags", "DeleteTags")) {
                long times = course.calls().stream().filter(action::equals).count();
                for (int n = 1; n <= times; n++) {
                    Fault late = new Fault(action, n, 1, 0, 0, Fault.Kind.STALE_READS, Duration.ofMillis(1500));
                    points.add(() -> course.hit(late));
                }
            }
        }
        assertEquals(List.of(), RestoreKillMatrixTest.failures(points));
    }

    @Test
    void a_volume_whose_key_cannot_be_used_is_noticed_within_seconds_and_nothing_was_retired() throws Exception {
        try (Cloud cloud = Cloud.start(LOST, RestoreScene.QUICK.volumeCreating(Duration.ofMillis(300)))) {
            cloud.fault(Fault.next(6, "CreateVolume", Fault.Kind.VOLUME_VANISHES));
            long began = System.nanoTime();
            Harness.Ran ran = RestoreScene.restore(cloud, "--set", "s1", "--yes");
            assertTrue(System.nanoTime() - began < 15_000_000_000L, RestoreScene.shown(ran));
            assertTrue(RestoreScene.errors(ran).contains("VolumeFailed"), RestoreScene.shown(ran));
            assertTrue(List.of(21, 22).contains(ran.code()), RestoreScene.shown(ran));
            assertEquals(RestoreScene.tags(LOST.volumes()), RestoreScene.tags(cloud.volumes()));
            RestoreScene.mustBeAsReported(LOST, ran, cloud.volumes());
        }
    }

    @Test
    void volumes_that_could_not_be_looked_at_are_waited_for_before_the_first_tag() throws Exception {
        try (Cloud cloud = Cloud.start(LOST, RestoreScene.QUICK.volumeCreating(Duration.ofSeconds(3)));
                RestoreGate gate = new RestoreGate(cloud.endpoint(),
                        action -> RestoreScene.mustHold(LOST, cloud.volumes(), action))) {
            cloud.fault(new Fault("DescribeVolumes", 2, 4, 0, 0, Fault.Kind.DENIED, Duration.ZERO));
            Harness.Ran ran = new Harness(gate.endpoint()).restoreVolume(RestoreScene.of(C, "--set", "s1", "--yes"));
            RestoreScene.mustEnd("done", 0, ran);
            gate.mustHaveHeld();
            assertEquals(4, cloud.journal().stream().filter(r -> r.outcome().equals("UnauthorizedOperation")).count());
        }
    }

    @Test
    void somebody_who_changes_a_tag_meanwhile_is_not_overwritten() throws Exception {
        String old = TruthTable.vol("main", "a");
        try (Cloud cloud = Cloud.start(LOST, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud);
                RestoreGate gate = new RestoreGate(cloud.endpoint(), action -> {
                    if (action.equals("CreateVolume")) {
                        ec2.createTags(r -> r.resources(old).tags(t -> t.key("Name").value("evidence")));
                    }
                })) {
            Harness.Ran ran = new Harness(gate.endpoint()).restoreVolume(RestoreScene.of(C, "--set", "s1", "--yes"));
            RestoreScene.mustEnd("partial", 21, ran);
            assertTrue(RestoreScene.errors(ran).contains("ChangedMeanwhile"), RestoreScene.shown(ran));
            assertEquals("evidence", cloud.volumes().stream().filter(v -> v.id().equals(old)).findFirst().orElseThrow().tags()
                    .get("Name"));
            assertEquals(Worlds.CLUSTER, cloud.volumes().stream().filter(v -> v.id().equals(old)).findFirst().orElseThrow()
                    .tags().get("KubernetesCluster"));
        }
    }
}
