package gameday;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import node.EtcdClient;
import node.PracticeCluster;
import node.Writer;
import practice.World;
import practice.Worlds;

/** The state of a game day: the practice cluster, the writes, the loss, and what the commands did. */
final class ScenarioRun {
    static final List<String> MEMBERS = List.of("a", "b", "c");
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int TRIES = 12;
    private static final String PREFIX = "/game-day/";
    private static final String ETCD_TAG = "k8s.io/etcd/";

    final PracticeCluster cluster;
    final World world;
    final Ec2Actions ec2;
    final StepHistory history;
    private final CollectionCommands commands;
    private final BooleanSupplier stopped;
    private final boolean retries;
    private Optional<Writer> writer = Optional.empty();
    private Optional<Instant> lossAt = Optional.empty();
    private Optional<Instant> recoveryPoint = Optional.empty();
    private List<String> recoveryMembers = List.of();
    /** Members of main that have a new volume. */
    private final Set<String> restored = new TreeSet<>();
    private Set<String> found = Set.of();
    private JsonNode lastReport = MissingNode.getInstance();
    private JsonNode lastVerification = MissingNode.getInstance();

    /** @param retries whether a command that failed is run again */
    ScenarioRun(PracticeCluster cluster, World world, CollectionCommands commands, StepHistory history, boolean retries,
                BooleanSupplier stopped) {
        this.cluster = cluster;
        this.world = world;
        this.ec2 = new Ec2Actions(cluster.cloud());
        this.commands = commands;
        this.history = history;
        this.retries = retries;
        this.stopped = stopped;
    }

    /** The last report of {@code verify-quorum-volumes}. */
    JsonNode lastVerification() {
        return lastVerification;
    }

    Optional<Instant> lossAt() {
        return lossAt;
    }

    void markLoss() {
        lossAt = Optional.of(Instant.now());
    }

    void startWriter() {
        writer = cluster.hasNodes() ? Optional.of(Writer.start(PREFIX, cluster.nodes().specified(Worlds.CLUSTER, "main"), 3))
                : Optional.empty();
    }

    void stopWriter() {
        writer.ifPresent(Writer::close);
    }

    Set<String> found() {
        return found;
    }

    List<Writer.Ack> acks() {
        return writer.map(Writer::acks).orElse(List.of());
    }

    /** A step that is not a command of this collection. */
    void step(String name, Step step) throws IOException {
        checkStopped();
        Instant at = Instant.now();
        step.on(this);
        checkStopped();
        history.add(StepHistory.Entry.since(at, name, true));
    }

    /** A command of this collection, which has to end with this exit code. */
    void command(int wanted, String line) throws IOException {
        for (int n = 1;; n++) {
            checkStopped();
            history.showCommand("./jbang " + line);
            CollectionCommands.Ran ran = commands.run(List.of(line.split(" ")));
            checkStopped();
            lastReport = ran.report();
            boolean again = retries && ran.code() != wanted && n < TRIES;
            history.add(new StepHistory.Entry(line.split(" ")[0], ran.at(), ran.took(), "./jbang " + line,
                    OptionalInt.of(ran.code()), ran.code() == wanted || again, ran.said()));
            if (line.startsWith("verify-quorum-volumes")) {
                lastVerification = lastReport;
            }
            if (line.startsWith("restore-volume") && List.of("done", "unchanged").contains(lastReport.path("outcome").asText())) {
                restored.addAll(madeMembers("main"));
                findRecoveryPoint();
            }
            if (ran.code() == wanted) {
                return;
            }
            if (!again) {
                throw new UnexpectedResult("./jbang " + line + " ended with " + ran.code() + ", not " + wanted);
            }
        }
    }

    /**
     * Shows the plan and then applies it. With faults the plan id is left out: it changes as soon as a part of the plan is
     * done.
     */
    void planAndApply(String line) throws IOException {
        command(0, line);
        command(0, line + " --yes" + (retries ? "" : " --plan " + lastReport.path("plan_id").asText()));
    }

    /** The newest snapshot of the members that are started first: every key acknowledged before it must come back. */
    private void findRecoveryPoint() {
        List<String> made = madeMembers("main");
        if (recoveryPoint.isEmpty() && !made.isEmpty()) {
            Map<String, Instant> starts = startsOfSet();
            if (starts.keySet().containsAll(made)) {
                recoveryMembers = made;
                recoveryPoint = made.stream().map(starts::get).max(Instant::compareTo);
            }
        }
    }

    /** By member, the start of its snapshot in the last report's set of main. */
    Map<String, Instant> startsOfSet() {
        Map<String, Instant> starts = new TreeMap<>();
        for (JsonNode set : lastReport.path("sets")) {
            if (set.path("etcd").asText().equals("main")) {
                set.path("snapshots").forEach(s -> starts.put(s.path("member").asText(),
                        Instant.parse(s.path("start_at").asText())));
            }
        }
        return starts;
    }

    void setRecoveryPoint(List<String> members, Instant at) {
        recoveryMembers = members;
        recoveryPoint = Optional.of(at);
    }

    private List<String> madeMembers(String etcd) {
        return StreamSupport.stream(lastReport.path("changes").spliterator(), false)
                .filter(c -> c.path("action").asText().equals("create_volume"))
                .filter(c -> etcd.isEmpty() || c.path("etcd").asText().equals(etcd))
                .map(c -> c.path("member").asText()).distinct().sorted().toList();
    }

    /** The members for which the last command made volumes. */
    List<String> restoredMembers() {
        return madeMembers("");
    }

    /** The members of main for which any command so far made volumes. */
    List<String> restoredSoFar() {
        return List.copyOf(restored);
    }

    /** Waits until the condition is true. After the time limit the game day ends with an unexpected result. */
    void await(String what, BooleanSupplier condition) {
        boolean came = PracticeCluster.until(TIMEOUT, () -> stopped.getAsBoolean() || condition.getAsBoolean());
        checkStopped();
        if (!came) {
            throw new UnexpectedResult(what + ": not within " + TIMEOUT.toSeconds() + " s");
        }
    }

    /** Whether these members of main answer a linearizable read. */
    boolean serve(List<String> members) {
        return cluster.serve(Worlds.CLUSTER, names(members), Duration.ZERO);
    }

    /** Waits until these members serve; without etcd, until their volumes are attached. */
    void awaitService(List<String> members) {
        await("etcd main of " + String.join(", ", members) + " serves", () -> cluster.hasNodes() ? serve(members)
                : members.stream().allMatch(m -> ec2.volumes().stream().anyMatch(v -> v.state().equals("in-use")
                        && v.tags().getOrDefault(ETCD_TAG + "main", "").startsWith(m + "/"))));
    }

    EtcdClient etcd(String member) {
        return new EtcdClient(cluster.nodes().clientUrl(Worlds.CLUSTER, "etcd-" + member), Duration.ofSeconds(3));
    }

    /** Whether the log of main on this instance has these words. */
    boolean isLogged(String instance, String words) {
        try {
            return Files.readString(cluster.nodes().log(instance, "main")).contains(words);
        } catch (IOException none) {
            return false;
        }
    }

    /** Launches nodes for the members that have none. The nodes find their volumes by the tags. */
    Map<String, String> launch(List<String> members) throws IOException {
        Map<String, String> launched = new LinkedHashMap<>();
        for (String member : members) {
            World.Instance like = world.instance(Worlds.instanceId(Worlds.CLUSTER, member));
            if (ec2.running().stream().noneMatch(i -> i.zone().equals(like.zone()))) {
                launched.put(member, ec2.launch(like));
            }
        }
        if (!cluster.hasNodes()) {
            for (String instance : launched.values()) {
                await(instance + " runs", () -> ec2.stateOf(instance).equals("running"));
            }
            attach();
        }
        return launched;
    }

    /** Without etcd there is no etcd-manager either, so this attaches the volumes that etcd-manager would find. */
    void attach() throws IOException {
        if (cluster.hasNodes()) {
            return;
        }
        for (World.Instance node : ec2.running()) {
            List<World.Volume> found = ec2.volumes().stream().filter(v -> v.state().equals("available")
                    && v.zone().equals(node.zone()) && v.tags().containsKey("k8s.io/role/control-plane")
                    && v.tags().getOrDefault("kubernetes.io/cluster/" + Worlds.CLUSTER, "").equals("owned")).toList();
            for (World.Volume volume : found) {
                ec2.attach(volume.id(), node.id(), volume.tags().containsKey(ETCD_TAG + "main") ? "/dev/xvdu" : "/dev/xvdv");
            }
        }
    }

    /** @param losesData whether some members may not answer: then only those that answer are compared */
    Optional<Proof> prove(boolean losesData) throws IOException {
        stopWriter();
        if (!cluster.hasNodes()) {
            return Optional.empty();
        }
        List<String> answering = MEMBERS.stream().filter(m -> !losesData || serve(List.of(m))).toList();
        List<Writer.Ack> acks = acks();
        found = Set.copyOf(etcd(answering.get(0)).keys(PREFIX));
        List<String> before = acks.stream().filter(a -> recoveryPoint.isEmpty() || a.at().isBefore(recoveryPoint.get()))
                .map(Writer.Ack::key).toList();
        List<String> later = acks.stream().filter(a -> recoveryPoint.isPresent() && !a.at().isBefore(recoveryPoint.get()))
                .map(Writer.Ack::key).toList();
        long revision = etcd(answering.get(0)).status().revision();
        Map<String, Long> hashes = new TreeMap<>();
        for (String member : answering) {
            await(member + " is at revision " + revision, () -> isAt(member, revision));
            hashes.put(member, etcd(member).hashKv(revision));
        }
        return Optional.of(new Proof(recoveryPoint, recoveryMembers, before.size(), countFound(before), later.size(),
                countFound(later), revision, hashes));
    }

    private int countFound(List<String> keys) {
        return (int) keys.stream().filter(found::contains).count();
    }

    private boolean isAt(String member, long revision) {
        try {
            return etcd(member).status().revision() >= revision;
        } catch (IOException silent) {
            return false;
        }
    }

    void checkStopped() {
        if (stopped.getAsBoolean()) {
            throw new Interrupted();
        }
    }

    private static List<String> names(List<String> members) {
        return members.stream().map(m -> "etcd-" + m).toList();
    }

    static String main(String member) {
        return Worlds.volumeId(Worlds.CLUSTER, "main", member);
    }
}
