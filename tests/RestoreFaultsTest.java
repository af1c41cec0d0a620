import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import practice.Fault;
import practice.World;
import practice.Worlds;

/**
 * One fault at one call at a time. Either the command ends as it does without the fault, or it ends with 21 or 22 and a
 * report that is true. The same command again finishes.
 */
class RestoreFaultsTest {
    private static final String C = RestoreFixture.C;
    private static final World LOST = RestoreFixture.quorumLost();
    private static final World RESTORED = restored();

    private static World restored() {
        try (RestoreFixture account = RestoreFixture.start(LOST)) {
            account.restoreS1().mustEnd("done", 0);
            return account.now();
        }
    }

    /** A command, the calls that it makes when no fault occurs, and the account that it leaves then. */
    private record Undisturbed(World world, String[] command, List<String> calls, List<String> end) {
        static Undisturbed of(World world, String... command) {
            try (RestoreFixture account = RestoreFixture.start(world)) {
                Harness.Ran ran = account.restore(command).mustEnd("done", 0);
                RestoreChecks.mustBeAsReported(world, ran, account.cloud().volumes());
                return new Undisturbed(world, command, account.proxy().calls(),
                        RestoreChecks.state(world, account.cloud().volumes()));
            }
        }

        /** Runs the command with this fault. Returns what is wrong, or nothing. */
        String with(Fault fault) {
            try (RestoreFixture account = RestoreFixture.start(world)) {
                account.cloud().fault(fault);
                Harness.Ran ran = account.restore(command);
                RestoreChecks.mustBeAsReported(world, ran, account.cloud().volumes());
                if (ran.code() == 0) {
                    assertEquals(end, RestoreChecks.state(world, account.cloud().volumes()), ran.shown());
                } else {
                    assertTrue(List.of(21, 22).contains(ran.code()), ran.shown());
                    Harness.Ran again = account.restore(command);
                    assertEquals(0, again.code(), again.shown());
                    assertEquals(end, RestoreChecks.state(world, account.cloud().volumes()), again.shown());
                }
                return "";
            } catch (AssertionError | RuntimeException wrong) {
                return fault.kind() + " at call " + fault.first() + ": " + wrong;
            }
        }

        /** This kind of fault at each call in turn. */
        Stream<Callable<String>> withEach(Fault.Kind kind) {
            return Stream.iterate(1, n -> n <= calls.size(), n -> n + 1)
                    .map(n -> () -> with(Fault.nth(n, Fault.ANY, kind)));
        }
    }

    private static Undisturbed restore() {
        return Undisturbed.of(LOST, "--set", "s1", "--yes");
    }

    private static Undisturbed rollback() {
        return Undisturbed.of(RESTORED, "--rollback", "s1.1", "--yes");
    }

    private static void mustAllEndWell(List<Callable<String>> runs) throws Exception {
        assertTrue(!runs.isEmpty(), "no fault was tried");
        assertEquals(List.of(), RestoreKillMatrixTest.failures(runs));
    }

    @ParameterizedTest
    @EnumSource(value = Fault.Kind.class, names = {"THROTTLED", "SERVER_ERROR", "SERVER_ERROR_AFTER_EFFECT", "REPLY_LOST",
        "REPLY_CUT", "DENIED"})
    void a_fault_at_any_call_of_a_restore(Fault.Kind kind) throws Exception {
        mustAllEndWell(restore().withEach(kind).toList());
    }

    @ParameterizedTest
    @EnumSource(value = Fault.Kind.class, names = {"THROTTLED", "SERVER_ERROR", "SERVER_ERROR_AFTER_EFFECT", "REPLY_LOST",
        "REPLY_CUT", "DENIED"})
    void a_fault_at_any_call_of_a_rollback(Fault.Kind kind) throws Exception {
        mustAllEndWell(rollback().withEach(kind).toList());
    }

    @ParameterizedTest
    @EnumSource(value = Fault.Kind.class, names = {"NO_CAPACITY", "VOLUME_VANISHES"})
    void a_volume_that_cannot_be_made_or_vanishes(Fault.Kind kind) throws Exception {
        Undisturbed restore = restore();
        mustAllEndWell(Stream.of(1, 2).map(n -> Fault.nth(n, "CreateVolume", kind))
                .map(fault -> (Callable<String>) () -> restore.with(fault)).toList());
    }

    @Test
    void a_restore_whose_changes_EC2_shows_late() throws Exception {
        mustAllEndWell(eachChangeShownLate(restore()));
    }

    @Test
    void a_rollback_whose_changes_EC2_shows_late() throws Exception {
        mustAllEndWell(eachChangeShownLate(rollback()));
    }

    private static List<Callable<String>> eachChangeShownLate(Undisturbed command) {
        List<Callable<String>> runs = new ArrayList<>();
        for (String action : List.of("CreateVolume", "CreateTags", "DeleteTags")) {
            long times = command.calls().stream().filter(action::equals).count();
            for (int n = 1; n <= times; n++) {
                Fault late = new Fault(action, n, 1, 0, 0, Fault.Kind.STALE_READS, Duration.ofMillis(1500));
                runs.add(() -> command.with(late));
            }
        }
        return runs;
    }

    @Test
    void volumes_that_vanish_are_noticed_within_seconds_and_nothing_was_retired() {
        try (RestoreFixture account = RestoreFixture.start(LOST,
                RestoreFixture.QUICK.volumeCreating(Duration.ofMillis(300)))) {
            account.cloud().fault(Fault.next(6, "CreateVolume", Fault.Kind.VOLUME_VANISHES));
            long began = System.nanoTime();
            Harness.Ran ran = account.restoreS1();
            assertTrue(System.nanoTime() - began < 15_000_000_000L, ran.shown());
            assertTrue(ran.errors().contains("VolumeFailed"), ran.shown());
            assertTrue(List.of(21, 22).contains(ran.code()), ran.shown());
            assertEquals(RestoreChecks.tags(LOST.volumes()), account.tags());
            RestoreChecks.mustBeAsReported(LOST, ran, account.cloud().volumes());
        }
    }

    @Test
    void new_volumes_that_nobody_may_describe_for_a_while_are_waited_for_before_the_first_tag() {
        try (RestoreFixture account = RestoreFixture.start(LOST, RestoreFixture.QUICK.volumeCreating(Duration.ofSeconds(3)))) {
            account.cloud().fault(new Fault("DescribeVolumes", 3, 4, 0, 0, Fault.Kind.DENIED, Duration.ZERO));
            account.restoreS1().mustEnd("done", 0);
            assertEquals(4, account.cloud().journal().stream().filter(r -> r.outcome().equals("UnauthorizedOperation")).count());
        }
    }

    @Test
    void a_tag_that_somebody_else_changes_meanwhile_is_not_overwritten() throws Exception {
        String old = TruthTable.vol("main", "a");
        try (RestoreFixture account = RestoreFixture.start(LOST);
                RestoreProxy proxy = new RestoreProxy(account.cloud().endpoint(), call -> {
                    if (call.equals("CreateVolume")) {
                        account.tag(old, "Name", "evidence");
                    }
                })) {
            Harness.Ran ran = RestoreFixture.through(proxy, C, "--set", "s1", "--yes").mustEnd("partial", 21);
            assertTrue(ran.errors().contains("ChangedMeanwhile"), ran.shown());
            Map<String, String> tags = account.tags().get(old);
            assertEquals("evidence", tags.get("Name"));
            assertEquals(Worlds.CLUSTER, tags.get("KubernetesCluster"));
        }
    }
}
