import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import practice.World;
import practice.Worlds;

/**
 * The command is killed before and after every single call of a restore and of a rollback. The same command again must end
 * as if nothing had happened.
 */
class RestoreKillMatrixTest {
    private static final String C = RestoreFixture.C;
    private static final int CLOUDS = 8;
    private static World quorumRestored;
    private static World allRestored;

    @BeforeAll
    static void restoreOnce() {
        try (RestoreFixture account = RestoreFixture.start(RestoreFixture.quorumLost())) {
            account.restoreS1("--etcd", "main").mustEnd("done", 0);
            account.startNodes(account.live().stream().filter(m -> m.startsWith("main/"))
                    .map(m -> m.substring("main/".length())).toList());
            quorumRestored = account.now();
            account.restoreS1("--etcd", "main", "--stage", "rest").mustEnd("done", 0);
            account.terminateNodes();
            allRestored = account.now();
        }
    }

    @Test
    void a_restore_of_the_quorum() throws Exception {
        World both = RestoreFixture.quorumLost().without(TruthTable.vol("events", "b")).without(TruthTable.vol("events", "c"))
                .withVolume(TruthTable.vol("main", "a"), v -> v.tag("team", "infra"))
                .withVolume(TruthTable.vol("events", "a"), v -> v.untag("k8s.io/etcd/events"));
        killedAtEveryCall("quorum", both, "--set", "s1");
    }

    @Test
    void a_restore_of_the_rest() throws Exception {
        killedAtEveryCall("rest", quorumRestored, "--set", "s1", "--etcd", "main", "--stage", "rest");
    }

    @Test
    void an_empty_volume_for_a_lost_member() throws Exception {
        World one = Worlds.named("one-volume-gone").withoutInstance(Worlds.instanceId(C, "c"));
        killedAtEveryCall("empty", one, "--empty", "--etcd", "main", "--member", "c");
    }

    @Test
    void a_rollback() throws Exception {
        killedAtEveryCall("rollback", allRestored, "--rollback", "s1.1");
    }

    @Test
    void a_restore_that_was_killed_at_any_call_can_be_rolled_back() throws Exception {
        World world = RestoreFixture.quorumLost();
        int calls;
        try (RestoreFixture account = RestoreFixture.start(world)) {
            account.restoreS1().mustEnd("done", 0);
            calls = account.proxy().calls().size();
        }
        List<Callable<String>> runs = new ArrayList<>();
        for (int call = 1; call <= calls; call++) {
            int n = call;
            runs.add(() -> killedAndRolledBack(world, n));
        }
        assertEquals(List.of(), failures(runs));
    }

    /** Returns what is wrong, or nothing. A restore that changed nothing yet has no rollback: 20. */
    private static String killedAndRolledBack(World world, int call) throws Exception {
        try (RestoreFixture account = RestoreFixture.start(world); RestoreProxy second = account.newProxy()) {
            killed(account, call, RestoreProxy.Stop.AFTER, "--set", "s1", "--yes");
            boolean isBegun = !account.writes().isEmpty();
            Harness.Ran back = RestoreFixture.through(second, C, "--rollback", "s1.1", "--yes");
            account.oldVolumesMustHaveTheirOldTags();
            boolean isInert = RestoreChecks.found(account.made(), C).isEmpty();
            return isInert && back.code() == (isBegun ? 0 : 20) ? "" : "after call " + call + ": " + back.shown();
        } catch (AssertionError wrong) {
            return "after call " + call + ": " + wrong.getMessage();
        }
    }

    private static void killedAtEveryCall(String name, World world, String... args) throws Exception {
        String plan;
        List<String> end;
        List<String> calls;
        try (RestoreFixture account = RestoreFixture.start(world)) {
            plan = account.harness().restoreVolume(RestoreFixture.with(new String[] {"--cluster", C}, args))
                    .mustEnd("planned", 0).planId();
            account.restore(RestoreFixture.with(args, "--yes", "--plan", plan)).mustEnd("done", 0);
            calls = account.proxy().calls();
            end = RestoreChecks.state(world, account.cloud().volumes());
        }
        // A rollback removes the tags that it reads, so half way its plan is another. The plan of a restore stays the same.
        String[] command = name.equals("rollback") ? RestoreFixture.with(args, "--yes")
                : RestoreFixture.with(args, "--yes", "--plan", plan);
        List<Callable<String>> runs = new ArrayList<>();
        for (int call = 1; call <= calls.size(); call++) {
            for (RestoreProxy.Stop stop : RestoreProxy.Stop.values()) {
                int n = call;
                String at = stop + " call " + n + ", " + calls.get(n - 1);
                runs.add(() -> killedAndRunAgain(at, world, n, stop, end, command));
            }
        }
        List<String> wrong = failures(runs);
        System.err.println("kill matrix " + name + ": N = " + calls.size() + ", equal in " + (runs.size() - wrong.size())
                + " of " + runs.size());
        assertEquals(List.of(), wrong);
    }

    /** Returns what differs from the end of a run that nobody killed, or nothing. */
    private static String killedAndRunAgain(
            String at, World world, int call, RestoreProxy.Stop stop, List<String> end, String... command) throws Exception {
        try (RestoreFixture account = RestoreFixture.start(world); RestoreProxy second = account.newProxy()) {
            Harness.Ran killed = killed(account, call, stop, command);
            if (!account.proxy().isStopped() || !List.of(0, 21, 22, 130).contains(killed.code())) {
                return at + ": ended with " + killed.code() + "\n" + killed.err();
            }
            Harness.Ran again = RestoreFixture.through(second, C, command);
            List<String> got = RestoreChecks.state(world, account.cloud().volumes());
            boolean isDone = again.code() == 0 && List.of("done", "unchanged").contains(again.outcome());
            List<String> missing = new ArrayList<>(end);
            missing.removeAll(got);
            List<String> surplus = new ArrayList<>(got);
            surplus.removeAll(end);
            return isDone && got.equals(end) ? "" : at + ": " + again.errors() + " " + again.code()
                    + ", instead of " + missing + " there is " + surplus + "\n" + again.err();
        } catch (AssertionError wrong) {
            return at + ": " + wrong.getMessage();
        }
    }

    /**
     * Runs the command through the proxy of the account, which stops at this call. Its thread is interrupted as well, which
     * ends every pause. Whatever the command still tries gets no answer.
     */
    private static Harness.Ran killed(RestoreFixture account, int call, RestoreProxy.Stop stop, String... args)
            throws Exception {
        AtomicReference<Harness.Ran> ran = new AtomicReference<>();
        String[] all = RestoreFixture.with(new String[] {"--cluster", C}, args);
        Thread process = new Thread(() -> ran.set(new Harness(account.proxy().endpoint()).restoreVolume(all)));
        account.proxy().stopAt(call, stop, process::interrupt);
        process.start();
        process.join(60_000);
        assertTrue(!process.isAlive(), "the command goes on though nothing answers");
        account.proxy().mustHaveSeenNothingWrong();
        return ran.get();
    }

    /** Runs all, several at a time, and returns what they found wrong. */
    static List<String> failures(List<Callable<String>> runs) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(CLOUDS);
        try {
            List<String> wrong = Collections.synchronizedList(new ArrayList<>());
            for (Future<String> run : workers.invokeAll(runs)) {
                if (!run.get().isEmpty()) {
                    wrong.add(run.get());
                }
            }
            return wrong;
        } finally {
            workers.shutdownNow();
        }
    }
}
