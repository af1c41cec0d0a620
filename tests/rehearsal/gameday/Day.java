package gameday;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import disk.Tier;
import node.EtcdBinary;
import node.PracticeCluster;
import node.Writer;
import practice.CommandRunner;
import practice.Fault;
import practice.Settings;
import practice.World;
import practice.Worlds;

/** A game day from the first node to the proof, which can be reported at any moment, also after an interruption. */
public final class Day {
    private final Scenario scenario;
    private final StepHistory history;
    private final BooleanSupplier stopped;
    private Tier tier = Tier.NONE;
    private String etcdVersion = "";
    private Optional<Proof> proof = Optional.empty();
    private Optional<ScenarioRun> scenarioRun = Optional.empty();
    private Verdict verdict = Verdict.UNFINISHED;
    private String because = "it ended before the proof";
    private List<VolumeOutcome> outcomes = List.of();
    private Duration took = Duration.ZERO;

    /** What the game day proved. */
    public enum Verdict {
        PROVED("proved"), NOT_PROVED("not proved"), UNFINISHED("unfinished");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public Day(Scenario scenario, Consumer<String> say, BooleanSupplier stopped) {
        this.scenario = scenario;
        this.history = new StepHistory(say);
        this.stopped = stopped;
    }

    /** The launcher of the commands to rehearse with; empty outside a clone. */
    public static Optional<Path> launcher(Map<String, String> env) {
        return CollectionCommands.launcher(env);
    }

    /** What this machine lacks for this scenario. */
    public Optional<String> lacks() {
        return scenario.needsEtcd() && EtcdBinary.installed().isEmpty() ? Optional.of("showing what " + scenario.name()
                + " does to data: etcd is not installed: apt-get install etcd-server") : Optional.empty();
    }

    /**
     * @param wished empty for the best tier that works here
     * @throws IOException when the machine cannot run the game day
     */
    public Verdict run(Path launcher, Optional<Tier> wished) throws IOException {
        World world = Worlds.named("three-masters");
        history.note("Game day " + scenario.name() + ": " + scenario.lesson());
        history.note("Building the commands, which takes a while the first time");
        CollectionCommands.buildCommands(launcher, stopped);
        history.start();
        try {
            onPracticeCluster(launcher, wished, world);
        } catch (IOException failed) {
            if (stopped.getAsBoolean()) {
                throw new Interrupted();
            }
            because = failed.getMessage();
            throw failed;
        } finally {
            took = Duration.between(history.began(), Instant.now());
        }
        return verdict;
    }

    private void onPracticeCluster(Path launcher, Optional<Tier> wished, World world) throws IOException {
        Settings settings = Settings.defaults().snapshotTakes(Duration.ofSeconds(2));
        boolean real = !EtcdBinary.installed().isEmpty();
        Instant at = Instant.now();
        Path reports = Files.createTempDirectory("etcd-ops-game-day");
        try (PracticeCluster cluster = real ? PracticeCluster.withEtcd(world, settings, wished, line -> { })
                : PracticeCluster.open(world, settings)) {
            CommandRunner runner = new CommandRunner(cluster.cloud(), world, cluster.environment(Worlds.CLUSTER));
            if (!stopped.getAsBoolean()) {
                cluster.atEnd(runner::end);
            }
            tier = cluster.tier();
            etcdVersion = real ? cluster.nodes().etcdVersion() : "";
            ScenarioRun running = new ScenarioRun(cluster, world, new CollectionCommands(launcher, runner, reports),
                    history, scenario.retriesCommands(), stopped);
            scenarioRun = Optional.of(running);
            running.checkStopped();
            if (real && !running.serve(ScenarioRun.MEMBERS)) {
                throw new IOException("etcd of the practice cluster does not come up");
            }
            history.note((real ? setting() : "Without etcd this proves less") + ": " + scope());
            history.add(StepHistory.Entry.since(at, real ? "three masters run etcd" : "three masters hold their volumes", true));
            runSteps(running);
        } finally {
            remove(reports);
        }
    }

    private void runSteps(ScenarioRun running) throws IOException {
        try {
            running.startWriter();
            scenario.faults().forEach(line -> running.cluster.cloud().fault(Fault.parse(line)));
            for (Step step : scenario.steps()) {
                step.on(running);
            }
            Instant at = Instant.now();
            proof = running.prove(scenario.losesData());
            conclude();
            if (proof.isPresent()) {
                history.add(StepHistory.Entry.since(at, "every acknowledged key is looked for, and the members are compared",
                        verdict == Verdict.PROVED));
            }
        } catch (UnexpectedResult not) {
            verdict = Verdict.NOT_PROVED;
            because = not.getMessage();
        } finally {
            running.stopWriter();
            outcomes = VolumeOutcome.of(running);
        }
    }

    private void conclude() {
        if (proof.isEmpty()) {
            verdict = Verdict.PROVED;
            because = "tags, order and volumes are right; about data nothing is proven";
            return;
        }
        Proof found = proof.get();
        boolean holds = scenario.losesData() ? found.lost() > 0 : found.holds(ScenarioRun.MEMBERS.size());
        verdict = holds ? Verdict.PROVED : Verdict.NOT_PROVED;
        because = scenario.losesData() ? found.lost() + " keys of the newest snapshot are lost, as expected with this order"
                : found.lost() > 0 ? found.lost() + " acknowledged keys are lost"
                : !found.areEqual() ? "the members do not have the same data"
                : found.acked() == 0 ? "no write was acknowledged"
                : found.recoveryPoint().isPresent() ? "no key that was acknowledged before the snapshots is lost"
                : "no acknowledged key is lost";
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** Adds what only the report of a game day has. */
    public void fill(ObjectNode json) {
        scenarioRun.map(ScenarioRun::lastVerification).filter(report -> report.has("etcd_clusters"))
                .ifPresent(report -> json.set("etcd_clusters", report.get("etcd_clusters")));
        json.put("scenario", scenario.name());
        history.fill(json.putArray("steps"));
        ObjectNode node = json.putObject("proof").put("verdict", verdict.word).put("because", because);
        proof.ifPresentOrElse(p -> p.fill(node), () -> List.of("acked", "found", "lost", "line_at", "hashkv")
                .forEach(node::putNull));
        node.put("tier", tierWord()).put("claim", claim()).put("etcd_version", etcdVersion.isEmpty() ? null : etcdVersion);
    }

    public Scenario scenario() {
        return scenario;
    }

    public Verdict verdict() {
        return verdict;
    }

    /** The reason for the verdict. */
    public String because() {
        return because;
    }

    public List<StepHistory.Entry> entries() {
        return history.entries();
    }

    public Optional<Proof> proof() {
        return proof;
    }

    public List<VolumeOutcome> outcomes() {
        return outcomes;
    }

    public List<Writer.Ack> acks() {
        return scenarioRun.map(ScenarioRun::acks).orElse(List.of());
    }

    /** The keys that etcd has at the end. */
    public Set<String> found() {
        return scenarioRun.map(ScenarioRun::found).orElse(Set.of());
    }

    public Optional<Instant> lossAt() {
        return scenarioRun.flatMap(ScenarioRun::lossAt);
    }

    public Instant began() {
        return history.began();
    }

    public Duration took() {
        return took;
    }

    /** Empty without etcd. */
    public String etcdVersion() {
        return etcdVersion;
    }

    public String tierWord() {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    /** What the game day ran on: the version of etcd and the tier. */
    public String setting() {
        return scenarioRun.isEmpty() ? "no cluster" : etcdVersion.isEmpty() ? "no etcd"
                : "etcd " + etcdVersion + ", " + tierWord() + " tier";
    }

    /** What this game day proves and what not. */
    public String claim() {
        return verdict == Verdict.UNFINISHED ? "nothing is proven" : scope();
    }

    private String scope() {
        return tier == Tier.NONE ? "tags, order and volumes are proven; data is not" : tier.claim();
    }
}
