package gameday;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

import practice.Fault;
import practice.World;
import practice.Worlds;

/** The steps of which scenarios are made. */
final class Steps {
    private Steps() {
    }

    static Step command(int code, String line) {
        return run -> run.command(code, line);
    }

    static Step planAndApply(String line) {
        return run -> run.planAndApply(line);
    }

    static Step writeForSeconds(int seconds) {
        return run -> run.step(run.cluster.hasNodes() ? "clients go on writing" : "time passes",
                s -> s.await("time passes", after(seconds)));
    }

    private static BooleanSupplier after(int seconds) {
        Instant end = Instant.now().plusSeconds(seconds);
        return () -> Instant.now().isAfter(end);
    }

    /** Every node and the volumes of two members. The third member has data newer than any snapshot, but is no quorum. */
    static Step loseQuorum() {
        return run -> run.step("all three nodes are terminated, the volumes of b and c are deleted", s -> {
            s.markLoss();
            s.ec2.terminate(s.ec2.running().stream().map(World.Instance::id).toList());
            s.stopWriter();
            for (String member : List.of("b", "c")) {
                for (String etcd : List.of("main", "events")) {
                    delete(s, Worlds.volumeId(Worlds.CLUSTER, etcd, member));
                }
            }
        });
    }

    private static void delete(ScenarioRun run, String volume) throws IOException {
        run.await(volume + " is available", () -> run.ec2.volume(volume).state().equals("available"));
        run.ec2.delete(volume);
    }

    /** Launches nodes for the members for which the last command made volumes. */
    static Step startRestoredNodes() {
        return run -> {
            List<String> members = run.restoredMembers();
            List<String> serving = run.restoredSoFar();
            run.step(nodes(members) + " up, " + served(run, serving), s -> {
                s.launch(members);
                s.awaitService(serving);
            });
        };
    }

    /** EC2 fails one of the three calls. Before snapshot-all asks again, it checks whether the call had an effect. */
    static Step takeSkewedSet() {
        return run -> {
            run.cluster.cloud().fault(Fault.parse("nth=3 CreateSnapshots SERVER_ERROR"));
            run.command(0, "snapshot-all --set " + Scenarios.SET);
        };
    }

    static Step loseOneMember() {
        return run -> run.step("node a is terminated, its main volume deleted; b and c go on", s -> {
            s.markLoss();
            s.ec2.terminate(List.of(Worlds.instanceId(Worlds.CLUSTER, "a")));
            delete(s, ScenarioRun.main("a"));
        });
    }

    static Step startNode(String member) {
        return run -> run.step("node " + member + " up, " + served(run, ScenarioRun.MEMBERS), s -> {
            s.launch(List.of(member));
            s.attach();
            s.awaitService(ScenarioRun.MEMBERS);
        });
    }

    /** Somebody deletes a tag, and nothing happens before the nodes are replaced. */
    static Step loseTags() {
        return run -> {
            run.step("somebody deletes a tag of the main volumes of b and c; nobody notices", s -> {
                for (String member : List.of("b", "c")) {
                    s.ec2.untag(ScenarioRun.main(member), "k8s.io/role/control-plane");
                }
            });
            run.step("nodes b, c are replaced, and find no volume: quorum is lost", s -> {
                s.markLoss();
                replace(s, List.of("b", "c"));
                s.await("etcd main of a alone answers nobody", () -> !s.cluster.hasNodes() || !s.serve(List.of("a")));
            });
        };
    }

    /** Terminates the old nodes and launches new ones. The new nodes may or may not find their volumes. */
    private static void replace(ScenarioRun run, List<String> members) throws IOException {
        List<String> zones = members.stream().map(m -> Worlds.REGION + m).toList();
        List<String> old = run.ec2.running().stream().filter(i -> zones.contains(i.zone())).map(World.Instance::id).toList();
        run.ec2.terminate(old);
        run.await("the old nodes are gone", () -> old.stream().allMatch(i -> run.ec2.stateOf(i).equals("terminated")));
        run.launch(members);
    }

    static Step waitForVolumes() {
        return run -> run.step("the nodes find their volumes, " + served(run, ScenarioRun.MEMBERS), s -> {
            s.attach();
            s.awaitService(ScenarioRun.MEMBERS);
        });
    }

    static Step makeDuplicate() {
        return run -> run.step("somebody makes a volume of a's snapshot by hand, with all tags, beside the live volume", s -> {
            s.markLoss();
            String made = s.ec2.restore(snapshot(s, "a"), Worlds.REGION + "a");
            s.await(made + " is available", () -> s.ec2.volume(made).state().equals("available"));
        });
    }

    static Step deleteDuplicate() {
        return run -> run.step("the duplicate is deleted by hand, node a is replaced, " + served(run, ScenarioRun.MEMBERS), s -> {
            for (World.Volume volume : s.ec2.volumes()) {
                if (!volume.snapshotId().isEmpty() && volume.tags().containsKey("k8s.io/etcd/main")) {
                    s.ec2.delete(volume.id());
                }
            }
            replace(s, List.of("a"));
            s.awaitService(ScenarioRun.MEMBERS);
        });
    }

    /** By hand, in the order that the commands refuse: the members that start first decide what data the cluster has. */
    static Step startOlderFirst() {
        return run -> {
            Map<String, World.Snapshot> set = new TreeMap<>();
            ScenarioRun.MEMBERS.forEach(m -> set.put(m, snapshot(run, m)));
            List<String> newestFirst = set.keySet().stream()
                    .sorted(Comparator.comparing((String m) -> set.get(m).startAt()).reversed()).toList();
            String newest = newestFirst.get(0);
            List<String> older = newestFirst.subList(1, 3).stream().sorted().toList();
            run.setRecoveryPoint(List.of(newest), set.get(newest).startAt());
            run.step("by hand: the two older snapshots, " + String.join(" and ", older) + ", are started first and serve",
                    s -> {
                        discardOld(s);
                        restore(s, set, older);
                        s.awaitService(older);
                    });
            run.step("by hand: " + newest + ", the newest, is started third and never joins", s -> {
                String node = restore(s, set, List.of(newest)).get(newest);
                s.await("etcd of " + newest + " gives up", () -> s.isLogged(node, "failed to publish"));
                if (s.serve(List.of(newest))) {
                    throw new UnexpectedResult(newest + " serves, though it should not");
                }
            });
        };
    }

    private static void discardOld(ScenarioRun run) throws IOException {
        delete(run, ScenarioRun.main("a"));
    }

    private static Map<String, String> restore(ScenarioRun run, Map<String, World.Snapshot> set, List<String> members)
            throws IOException {
        for (String member : members) {
            String made = run.ec2.restore(set.get(member), Worlds.REGION + member);
            run.await(made + " is available", () -> run.ec2.volume(made).state().equals("available"));
        }
        return run.launch(members);
    }

    /** The newest snapshot of a member's main volume. */
    private static World.Snapshot snapshot(ScenarioRun run, String member) {
        return run.ec2.snapshots().stream().filter(s -> s.tags().getOrDefault("k8s.io/etcd/main", "").startsWith(member + "/"))
                .max(Comparator.comparing(World.Snapshot::startAt)).orElseThrow();
    }

    private static String served(ScenarioRun run, List<String> members) {
        return (run.cluster.hasNodes() ? "etcd main serves on " : "volumes of main attached for ") + String.join(", ", members);
    }

    private static String nodes(List<String> members) {
        return (members.size() > 1 ? "nodes " : "node ") + String.join(", ", members);
    }
}
