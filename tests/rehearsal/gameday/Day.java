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
import java.util.OptionalInt;
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

/** A game day from the first node to the proof. What became true stands here at any moment, also when it was ended. */
public final class Day {
    private final Scenario scenario;
    private final StepHistory diary;
    private final BooleanSupplier stopped;
    private Tier tier = Tier.NONE;
    private String etcdVersion = "";
    private Optional<Proof> proof = Optional.empty();
    private Optional<ScenarioRun> scene = Optional.empty();
    private Verdict verdict = Verdict.UNFINISHED;
    private String because = "it did not come to a proof";
    private List<VolumeOutcome> fates = List.of();
    private Duration took = Duration.ZERO;

    /** How it went. */
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
        this.diary = new StepHistory(say);
        this.stopped = stopped;
    }

    /** The launcher whose commands are rehearsed with; empty outside a clone. */
    public static Optional<Path> launcher(Map<String, String> env) {
        return CollectionCommands.launcher(env);
    }

    /** What this machine lacks to show anything of it. */
    public Optional<String> lacks() {
        return scenario.needsEtcd() && EtcdBinary.installed().isEmpty() ? Optional.of("showing what " + scenario.name()
                + " does to data: etcd is not installed: apt-get install etcd-server") : Optional.empty();
    }

    /**
     * @param wished none takes the best tier that works here
     * @throws IOException when the machine cannot run it
     */
    public Verdict run(Path launcher, Optional<Tier> wished) throws IOException {
        World world = Worlds.named("three-masters");
        diary.note("Game day " + scenario.name() + ": " + scenario.lesson());
        diary.note("Building the commands, which takes a while the first time");
        CollectionCommands.buildCommands(launcher, stopped);
        diary.begins();
        try {
            onBench(launcher, wished, world);
        } catch (IOException failed) {
            if (stopped.getAsBoolean()) {
                throw new Interrupted();
            }
            because = failed.getMessage();
            throw failed;
        } finally {
            took = Duration.between(diary.began(), Instant.now());
        }
        return verdict;
    }

    private void onBench(Path launcher, Optional<Tier> wished, World world) throws IOException {
        Settings settings = Settings.defaults().snapshotTakes(Duration.ofSeconds(2));
        boolean real = !EtcdBinary.installed().isEmpty();
        Instant at = Instant.now();
        Path reports = Files.createTempDirectory("etcd-ops-game-day");
        try (PracticeCluster bench = real ? PracticeCluster.withEtcd(world, settings, wished, line -> { })
                : PracticeCluster.open(world, settings)) {
            CommandRunner guest = new CommandRunner(bench.cloud(), world, bench.environment(Worlds.CLUSTER));
            if (!stopped.getAsBoolean()) {
                bench.atEnd(guest::end);
            }
            tier = bench.tier();
            etcdVersion = real ? bench.nodes().etcdVersion() : "";
            ScenarioRun running = new ScenarioRun(bench, world, new CollectionCommands(launcher, guest, reports),
                    diary, scenario.isPatient(), stopped);
            scene = Optional.of(running);
            running.checkStopped();
            if (real && !running.serve(ScenarioRun.MEMBERS)) {
                throw new IOException("etcd of the practice cluster does not come up");
            }
            diary.note((real ? "" : "Lesser claim, ") + setting() + ": " + scope());
            diary.add(new StepHistory.Entry(real ? "three masters run etcd" : "three masters hold their volumes",
                    at, Duration.between(at, Instant.now()), "", OptionalInt.empty(), true, List.of()));
            rehearse(running);
        } finally {
            remove(reports);
        }
    }

    private void rehearse(ScenarioRun running) throws IOException {
        try {
            running.writes();
            scenario.faults().forEach(line -> running.bench.cloud().fault(Fault.parse(line)));
            for (Step step : scenario.steps()) {
                step.on(running);
            }
            Instant at = Instant.now();
            proof = running.prove(scenario.losesData());
            conclude();
            if (proof.isPresent()) {
                diary.add(new StepHistory.Entry("every acknowledged key is looked for, and the members are compared", at,
                        Duration.between(at, Instant.now()), "", OptionalInt.empty(), verdict == Verdict.PROVED, List.of()));
            }
        } catch (UnexpectedResult not) {
            verdict = Verdict.NOT_PROVED;
            because = not.getMessage();
        } finally {
            running.writesNoMore();
            fates = VolumeOutcome.of(running);
        }
    }

    private void conclude() {
        if (proof.isEmpty()) {
            verdict = Verdict.PROVED;
            because = "tags, order and volumes are as they must be; of data nothing is proven here";
            return;
        }
        Proof found = proof.get();
        boolean holds = scenario.losesData() ? found.lost() > 0 : found.holds(ScenarioRun.MEMBERS.size());
        verdict = holds ? Verdict.PROVED : Verdict.NOT_PROVED;
        because = scenario.losesData() ? found.lost() + " keys that the newest snapshot has are gone, as this order makes it"
                : found.lost() > 0 ? found.lost() + " acknowledged keys are lost"
                : !found.areEqual() ? "the members do not hold the same"
                : found.acked() == 0 ? "nothing was acknowledged"
                : found.line().isPresent() ? "no key that was acknowledged before the snapshots is lost"
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

    /** What it has beside every report. */
    public void fill(ObjectNode json) {
        scene.map(ScenarioRun::judged).filter(judged -> judged.has("etcd_clusters"))
                .ifPresent(judged -> json.set("etcd_clusters", judged.get("etcd_clusters")));
        json.put("scenario", scenario.name());
        diary.fill(json.putArray("steps"));
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

    /** Why the verdict is what it is. */
    public String because() {
        return because;
    }

    public List<StepHistory.Entry> entries() {
        return diary.entries();
    }

    public Optional<Proof> proof() {
        return proof;
    }

    public List<VolumeOutcome> fates() {
        return fates;
    }

    public List<Writer.Ack> acks() {
        return scene.map(ScenarioRun::acks).orElse(List.of());
    }

    /** The keys that are there at the end. */
    public Set<String> found() {
        return scene.map(ScenarioRun::found).orElse(Set.of());
    }

    public Optional<Instant> lossAt() {
        return scene.flatMap(ScenarioRun::lossAt);
    }

    public Instant began() {
        return diary.began();
    }

    public Duration took() {
        return took;
    }

    /** Empty where there is none. */
    public String etcdVersion() {
        return etcdVersion;
    }

    public String tierWord() {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    /** What it ran on. */
    public String setting() {
        return scene.isEmpty() ? "no cluster" : etcdVersion.isEmpty() ? "no etcd"
                : "etcd " + etcdVersion + ", " + tierWord() + " tier";
    }

    /** What this day proves, and what not. */
    public String claim() {
        return verdict == Verdict.UNFINISHED ? "nothing is proven" : scope();
    }

    private String scope() {
        return tier == Tier.NONE ? "tags, order and volumes are proven; data is not" : tier.claim();
    }
}
