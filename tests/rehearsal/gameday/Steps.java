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

/** The steps that scenarios are put together from. */
final class Steps {
    private Steps() {
    }

    static Step types(int code, String line) {
        return scene -> scene.types(code, line);
    }

    static Step showsAndDoes(String line) {
        return scene -> scene.showsAndDoes(line);
    }

    static Step writesForSeconds(int seconds) {
        return scene -> scene.does(scene.bench.hasNodes() ? "clients go on writing" : "time passes",
                s -> s.awaits("time passes", after(seconds)));
    }

    private static BooleanSupplier after(int seconds) {
        Instant end = Instant.now().plusSeconds(seconds);
        return () -> Instant.now().isAfter(end);
    }

    /** Every node, and the volumes of two members: what the third has is newer than any snapshot, and no quorum. */
    static Step losesQuorum() {
        return scene -> scene.does("all three nodes are terminated, the volumes of b and c are deleted", s -> {
            s.lost();
            s.hand.terminate(s.hand.running().stream().map(World.Instance::id).toList());
            s.writesNoMore();
            for (String member : List.of("b", "c")) {
                for (String etcd : List.of("main", "events")) {
                    delete(s, Worlds.volumeId(Worlds.CLUSTER, etcd, member));
                }
            }
        });
    }

    private static void delete(ScenarioRun scene, String volume) throws IOException {
        scene.awaits(volume + " is available", () -> scene.hand.volume(volume).state().equals("available"));
        scene.hand.delete(volume);
    }

    /** Nodes of the members that the last command made volumes for. */
    static Step nodesOfRestoredServe() {
        return scene -> {
            List<String> members = scene.restoredMembers();
            List<String> serving = scene.restoredSoFar();
            scene.does(nodes(members) + " up, " + served(scene, serving), s -> {
                s.launch(members);
                s.awaitService(serving);
            });
        };
    }

    /** EC2 fails one of the three calls, and snapshot-all looks whether it was done after all before it asks again. */
    static Step takesSkewedSet() {
        return scene -> {
            scene.bench.cloud().fault(Fault.parse("nth=3 CreateSnapshots SERVER_ERROR"));
            scene.types(0, "snapshot-all --set night");
        };
    }

    static Step losesOneMember() {
        return scene -> scene.does("node a is terminated, its main volume deleted; b and c go on", s -> {
            s.lost();
            s.hand.terminate(List.of(Worlds.instanceId(Worlds.CLUSTER, "a")));
            delete(s, ScenarioRun.main("a"));
        });
    }

    static Step nodeServes(String member) {
        return scene -> scene.does("node " + member + " up, " + served(scene, ScenarioRun.MEMBERS), s -> {
            s.launch(List.of(member));
            s.attach();
            s.awaitService(ScenarioRun.MEMBERS);
        });
    }

    /** What somebody tidying up tags takes away, and when it is noticed. */
    static Step losesTags() {
        return scene -> {
            scene.does("somebody takes a tag off main of b and c; nobody notices", s -> {
                for (String member : List.of("b", "c")) {
                    s.hand.untag(ScenarioRun.main(member), "k8s.io/role/control-plane");
                }
            });
            scene.does("nodes b, c are replaced, and find no volume: quorum is lost", s -> {
                s.lost();
                replace(s, List.of("b", "c"));
                s.awaits("etcd main of a alone answers nobody", () -> !s.bench.hasNodes() || !s.serve(List.of("a")));
            });
        };
    }

    /** Old nodes gone, new ones up: whether they find their volumes is another matter. */
    private static void replace(ScenarioRun scene, List<String> members) throws IOException {
        List<String> zones = members.stream().map(m -> Worlds.REGION + m).toList();
        List<String> old = scene.hand.running().stream().filter(i -> zones.contains(i.zone())).map(World.Instance::id).toList();
        scene.hand.terminate(old);
        scene.awaits("the old nodes are gone", () -> old.stream().allMatch(i -> scene.hand.stateOf(i).equals("terminated")));
        scene.launch(members);
    }

    static Step volumesAreFound() {
        return scene -> scene.does("the nodes find their volumes, " + served(scene, ScenarioRun.MEMBERS), s -> {
            s.attach();
            s.awaitService(ScenarioRun.MEMBERS);
        });
    }

    static Step makesTwin() {
        return scene -> scene.does("somebody restores a's snapshot by hand, tags and all, beside the live volume", s -> {
            s.lost();
            String made = s.hand.restore(snapshot(s, "a"), Worlds.REGION + "a");
            s.awaits(made + " is available", () -> s.hand.volume(made).state().equals("available"));
        });
    }

    static Step deletesTwin() {
        return scene -> scene.does("the twin is deleted by hand, node a replaced, " + served(scene, ScenarioRun.MEMBERS), s -> {
            for (World.Volume volume : s.hand.volumes()) {
                if (!volume.snapshotId().isEmpty() && volume.tags().containsKey("k8s.io/etcd/main")) {
                    s.hand.delete(volume.id());
                }
            }
            replace(s, List.of("a"));
            s.awaitService(ScenarioRun.MEMBERS);
        });
    }

    /** The order our commands refuse, done by hand: whoever starts first decides what the cluster knows. */
    static Step startsOlderFirst() {
        return scene -> {
            Map<String, World.Snapshot> set = new TreeMap<>();
            ScenarioRun.MEMBERS.forEach(m -> set.put(m, snapshot(scene, m)));
            List<String> newestFirst = set.keySet().stream()
                    .sorted(Comparator.comparing((String m) -> set.get(m).startAt()).reversed()).toList();
            String newest = newestFirst.get(0);
            List<String> older = newestFirst.subList(1, 3).stream().sorted().toList();
            scene.lineAt(List.of(newest), set.get(newest).startAt());
            scene.does("by hand: the two older snapshots, " + String.join(" and ", older) + ", are started first and serve",
                    s -> {
                        discardOld(s);
                        restore(s, set, older);
                        s.awaitService(older);
                    });
            scene.does("by hand: " + newest + ", the newest, comes third and never joins", s -> {
                String node = restore(s, set, List.of(newest)).get(newest);
                s.awaits("etcd of " + newest + " gives up", () -> s.isLogged(node, "failed to publish"));
                if (s.serve(List.of(newest))) {
                    throw new UnexpectedResult(newest + " serves, though it should not");
                }
            });
        };
    }

    private static void discardOld(ScenarioRun scene) throws IOException {
        delete(scene, ScenarioRun.main("a"));
    }

    private static Map<String, String> restore(ScenarioRun scene, Map<String, World.Snapshot> set, List<String> members)
            throws IOException {
        for (String member : members) {
            String made = scene.hand.restore(set.get(member), Worlds.REGION + member);
            scene.awaits(made + " is available", () -> scene.hand.volume(made).state().equals("available"));
        }
        return scene.launch(members);
    }

    /** Of main of a member. */
    private static World.Snapshot snapshot(ScenarioRun scene, String member) {
        return scene.hand.snapshots().stream().filter(s -> s.tags().getOrDefault("k8s.io/etcd/main", "").startsWith(member + "/"))
                .max(Comparator.comparing(World.Snapshot::startAt)).orElseThrow();
    }

    private static String served(ScenarioRun scene, List<String> members) {
        return (scene.bench.hasNodes() ? "etcd main serves on " : "volumes of main attached for ") + String.join(", ", members);
    }

    private static String nodes(List<String> members) {
        return (members.size() > 1 ? "nodes " : "node ") + String.join(", ", members);
    }
}
