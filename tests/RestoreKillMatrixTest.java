import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import practice.Cloud;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The process is stopped before and after every single call of a restore and of a rollback, and the same command again. */
class RestoreKillMatrixTest {
    private static final String C = RestoreScene.C;
    private static final int CLOUDS = 8;
    private static World quorum;
    private static World all;

    @BeforeAll
    static void play() throws Exception {
        try (Cloud cloud = Cloud.start(RestoreScene.quorumLost(), RestoreScene.QUICK);
                Ec2Client ec2 = RestoreScene.client(cloud)) {
            RestoreScene.mustEnd("done", 0, RestoreScene.restore(cloud, "--set", "s1", "--etcd", "main", "--yes"));
            List<String> members = RestoreScene.found(cloud.volumes(), C).keySet().stream()
                    .filter(m -> m.startsWith("main/")).map(m -> m.substring("main/".length())).toList();
            RestoreScene.startNodes(ec2, C, members);
            quorum = RestoreScene.of(cloud);
            RestoreScene.mustEnd("done", 0,
                    RestoreScene.restore(cloud, "--set", "s1", "--etcd", "main", "--stage", "rest", "--yes"));
            RestoreScene.terminateNodes(ec2);
            all = RestoreScene.of(cloud);
        }
    }

    @Test
    void a_restore_of_the_quorum() throws Exception {
        World both = RestoreScene.quorumLost().without(TruthTable.vol("events", "b")).without(TruthTable.vol("events", "c"))
                .withVolume(TruthTable.vol("main", "a"), v -> v.tag("team", "infra"))
                .withVolume(TruthTable.vol("events", "a"), v -> v.untag("k8s.io/etcd/events"));
        allPoints("quorum", both, "--set", "s1");
    }

    @Test
    void a_restore_of_the_rest() throws Exception {
        allPoints("rest", quorum, "--set", "s1", "--etcd", "main", "--stage", "rest");
    }

    @Test
    void an_empty_volume_for_a_lost_member() throws Exception {
        World one = Worlds.named("one-volume-gone").withoutInstance(Worlds.instanceId(C, "c"));
        allPoints("empty", one, "--empty", "--etcd", "main", "--member", "c");
    }

    @Test
    void a_rollback() throws Exception {
        allPoints("rollback", all, "--rollback", "s1.1");
    }

    @Test
    void a_restore_broken_off_anywhere_can_be_rolled_back() throws Exception {
        World world = RestoreScene.quorumLost();
        String[] command = {"--set", "s1", "--yes"};
        int calls;
        try (Cloud cloud = Cloud.start(world, RestoreScene.QUICK); RestoreGate gate = gate(cloud, world)) {
            RestoreScene.mustEnd("done", 0, through(gate, command));
            calls = gate.calls().size();
        }
        List<Callable<String>> points = new ArrayList<>();
        for (int call = 1; call <= calls; call++) {
            int n = call;
            points.add(() -> {
                try (Cloud cloud = Cloud.start(world, RestoreScene.QUICK); RestoreGate gate = gate(cloud, world);
                        RestoreGate healthy = gate(cloud, world)) {
                    killed(gate, n, RestoreGate.Cut.AFTER, command);
                    boolean isBegun = !RestoreScene.writes(cloud).isEmpty();
                    Harness.Ran back = through(healthy, "--rollback", "s1.1", "--yes");
                    Map<String, Map<String, String>> now = RestoreScene.tags(cloud.volumes());
                    now.keySet().retainAll(RestoreScene.tags(world.volumes()).keySet());
                    boolean isAsBefore = now.equals(RestoreScene.tags(world.volumes()));
                    boolean isInert = RestoreScene.found(RestoreScene.made(world, cloud.volumes()), C).isEmpty();
                    return isAsBefore && isInert && back.code() == (isBegun ? 0 : 20) ? ""
                            : "after call " + n + ": " + RestoreScene.shown(back);
                } catch (AssertionError broken) {
                    return "after call " + n + ": " + broken.getMessage();
                }
            });
        }
        assertEquals(List.of(), failures(points));
    }

    private static void allPoints(String name, World world, String... args) throws Exception {
        String plan;
        List<String> wanted;
        List<String> calls;
        try (Cloud cloud = Cloud.start(world, RestoreScene.QUICK)) {
            Harness.Ran planned = RestoreScene.restore(cloud, args);
            RestoreScene.mustEnd("planned", 0, planned);
            plan = RestoreScene.planId(planned);
            try (RestoreGate gate = gate(cloud, world)) {
                RestoreScene.mustEnd("done", 0, through(gate, with(args, "--yes", "--plan", plan)));
                calls = gate.calls();
            }
            wanted = RestoreScene.state(world, cloud.volumes());
        }
        // A rollback forgets what it was about, so its plan is another one half way; a restore's is the same to the end.
        String[] command = name.equals("rollback") ? with(args, "--yes") : with(args, "--yes", "--plan", plan);
        List<Callable<String>> points = new ArrayList<>();
        for (int call = 1; call <= calls.size(); call++) {
            for (RestoreGate.Cut cut : RestoreGate.Cut.values()) {
                int n = call;
                String at = cut + " call " + n + ", " + calls.get(n - 1);
                points.add(() -> point(at, world, n, cut, wanted, command));
            }
        }
        List<String> wrong = failures(points);
        System.err.println("kill matrix " + name + ": N = " + calls.size() + ", equal in " + (points.size() - wrong.size())
                + " of " + points.size());
        assertEquals(List.of(), wrong);
    }

    /** Empty when the second run ends as an undisturbed one does. */
    private static String point(
            String at, World world, int call, RestoreGate.Cut cut, List<String> wanted, String... command) throws Exception {
        try (Cloud cloud = Cloud.start(world, RestoreScene.QUICK)) {
            try (RestoreGate gate = gate(cloud, world)) {
                Harness.Ran killed = killed(gate, call, cut, command);
                if (!gate.isShut() || !List.of(0, 21, 22, 130).contains(killed.code())) {
                    return at + ": ended with " + killed.code() + "\n" + killed.err();
                }
            }
            Harness.Ran again;
            try (RestoreGate gate = gate(cloud, world)) {
                again = through(gate, command);
            }
            List<String> got = RestoreScene.state(world, cloud.volumes());
            boolean isDone = again.code() == 0 && List.of("done", "unchanged").contains(RestoreScene.outcome(again));
            List<String> missing = new ArrayList<>(wanted);
            missing.removeAll(got);
            List<String> surplus = new ArrayList<>(got);
            surplus.removeAll(wanted);
            return isDone && got.equals(wanted) ? "" : at + ": " + RestoreScene.errors(again) + " " + again.code()
                    + ", instead of " + missing + " there is " + surplus + "\n" + again.err();
        } catch (AssertionError broken) {
            return at + ": " + broken.getMessage();
        }
    }

    private static RestoreGate gate(Cloud cloud, World before) throws Exception {
        return new RestoreGate(cloud.endpoint(), action -> RestoreScene.mustHold(before, cloud.volumes(), action));
    }

    private static Harness.Ran through(RestoreGate gate, String... args) {
        Harness.Ran ran = new Harness(gate.endpoint()).restoreVolume(RestoreScene.of(C, args));
        gate.mustHaveHeld();
        return ran;
    }

    /** The thread is interrupted as well, which ends every pause: whatever it still tries meets a shut door. */
    private static Harness.Ran killed(RestoreGate gate, int call, RestoreGate.Cut cut, String... args) throws Exception {
        AtomicReference<Harness.Ran> ran = new AtomicReference<>();
        Thread process = new Thread(() -> ran.set(new Harness(gate.endpoint()).restoreVolume(RestoreScene.of(C, args))));
        gate.cutAt(call, cut, process::interrupt);
        process.start();
        process.join(60_000);
        assertTrue(!process.isAlive(), "it goes on though nobody answers");
        gate.mustHaveHeld();
        return ran.get();
    }

    static List<String> failures(List<Callable<String>> points) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(CLOUDS);
        try {
            List<String> wrong = Collections.synchronizedList(new ArrayList<>());
            for (Future<String> point : workers.invokeAll(points)) {
                if (!point.get().isEmpty()) {
                    wrong.add(point.get());
                }
            }
            return wrong;
        } finally {
            workers.shutdownNow();
        }
    }

    static String[] with(String[] args, String... more) {
        return Stream.concat(Stream.of(args), Stream.of(more))
                .toArray(String[]::new);
    }
}
