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

/** A practice cluster on its worst night: what runs, what was written, what was lost, and what was done about it. */
final class ScenarioRun {
    static final List<String> MEMBERS = List.of("a", "b", "c");
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int TRIES = 12;
    private static final String PREFIX = "/game-day/";
    private static final String ETCD_TAG = "k8s.io/etcd/";

    final PracticeCluster bench;
    final World world;
    final Ec2Actions hand;
    final StepHistory diary;
    private final CollectionCommands shell;
    private final BooleanSupplier stopped;
    private final boolean patient;
    private Optional<Writer> writer = Optional.empty();
    private Optional<Instant> lossAt = Optional.empty();
    private Optional<Instant> line = Optional.empty();
    private List<String> pair = List.of();
    /** Members of main that have a new volume. */
    private final Set<String> restored = new TreeSet<>();
    private Set<String> found = Set.of();
    private JsonNode last = MissingNode.getInstance();
    private JsonNode judged = MissingNode.getInstance();

    /** @param patient whether a command that failed is given again, as among faults it has to be */
    ScenarioRun(PracticeCluster bench, World world, CollectionCommands shell, StepHistory diary, boolean patient,
                BooleanSupplier stopped) {
        this.bench = bench;
        this.world = world;
        this.hand = new Ec2Actions(bench.cloud());
        this.shell = shell;
        this.diary = diary;
        this.patient = patient;
        this.stopped = stopped;
    }

    /** What {@code verify-quorum-volumes} said last. */
    JsonNode judged() {
        return judged;
    }

    Optional<Instant> lossAt() {
        return lossAt;
    }

    void lost() {
        lossAt = Optional.of(Instant.now());
    }

    void writes() {
        writer = bench.hasNodes() ? Optional.of(Writer.start(PREFIX, bench.nodes().specified(Worlds.CLUSTER, "main"), 3))
                : Optional.empty();
    }

    void writesNoMore() {
        writer.ifPresent(Writer::close);
    }

    Set<String> found() {
        return found;
    }

    List<Writer.Ack> acks() {
        return writer.map(Writer::acks).orElse(List.of());
    }

    /** Something done that is no command of ours. */
    void does(String name, Step step) throws IOException {
        checkStopped();
        Instant at = Instant.now();
        step.on(this);
        checkStopped();
        diary.add(new StepHistory.Entry(name, at, Duration.between(at, Instant.now()), "", OptionalInt.empty(), true, List.of()));
    }

    /** A command of ours, which has to end with this code. */
    void types(int wanted, String line) throws IOException {
        for (int n = 1;; n++) {
            checkStopped();
            diary.types("./jbang " + line);
            CollectionCommands.Ran ran = shell.run(List.of(line.split(" ")));
            checkStopped();
            last = ran.report();
            boolean again = patient && ran.code() != wanted && n < TRIES;
            diary.add(new StepHistory.Entry(line.split(" ")[0], ran.at(), ran.took(), "./jbang " + line,
                    OptionalInt.of(ran.code()), ran.code() == wanted || again, ran.said()));
            if (line.startsWith("verify-quorum-volumes")) {
                judged = last;
            }
            if (line.startsWith("restore-volume") && List.of("done", "unchanged").contains(last.path("outcome").asText())) {
                restored.addAll(madeMembers("main"));
                drawLine();
            }
            if (ran.code() == wanted) {
                return;
            }
            if (!again) {
                throw new UnexpectedResult("./jbang " + line + " ended with " + ran.code() + ", not " + wanted);
            }
        }
    }

    /** The plan first, then what it says; among faults without the plan's id, which changes with what was done already. */
    void showsAndDoes(String line) throws IOException {
        types(0, line);
        types(0, line + " --yes" + (patient ? "" : " --plan " + last.path("plan_id").asText()));
    }

    /** The newest snapshot of the members that are started first: what was acknowledged before it must come back. */
    private void drawLine() {
        List<String> made = madeMembers("main");
        if (this.line.isEmpty() && !made.isEmpty()) {
            Map<String, Instant> starts = startsOfSet();
            if (starts.keySet().containsAll(made)) {
                pair = made;
                this.line = made.stream().map(starts::get).max(Instant::compareTo);
            }
        }
    }

    /** By member, of the set of main that the last report is about. */
    Map<String, Instant> startsOfSet() {
        Map<String, Instant> starts = new TreeMap<>();
        for (JsonNode set : last.path("sets")) {
            if (set.path("etcd").asText().equals("main")) {
                set.path("snapshots").forEach(s -> starts.put(s.path("member").asText(),
                        Instant.parse(s.path("start_at").asText())));
            }
        }
        return starts;
    }

    void lineAt(List<String> members, Instant at) {
        pair = members;
        line = Optional.of(at);
    }

    private List<String> madeMembers(String etcd) {
        return StreamSupport.stream(last.path("changes").spliterator(), false)
                .filter(c -> c.path("action").asText().equals("create_volume"))
                .filter(c -> etcd.isEmpty() || c.path("etcd").asText().equals(etcd))
                .map(c -> c.path("member").asText()).distinct().sorted().toList();
    }

    /** The members that the last command made volumes for. */
    List<String> restoredMembers() {
        return madeMembers("");
    }

    /** The members of main that any command made volumes for. */
    List<String> restoredSoFar() {
        return List.copyOf(restored);
    }

    /** Whether it comes to be true in good time; false ends a rehearsal. */
    void awaits(String what, BooleanSupplier condition) {
        boolean came = PracticeCluster.until(SOON, () -> stopped.getAsBoolean() || condition.getAsBoolean());
        checkStopped();
        if (!came) {
            throw new UnexpectedResult(what + ": not within " + SOON.toSeconds() + " s");
        }
    }

    /** Members of main that answer a linearizable read. */
    boolean serve(List<String> members) {
        return bench.serve(Worlds.CLUSTER, names(members), Duration.ZERO);
    }

    /** Until they do; where there is no etcd, until nodes hold their volumes. */
    void awaitService(List<String> members) {
        awaits("etcd main of " + String.join(", ", members) + " serves", () -> bench.hasNodes() ? serve(members)
                : members.stream().allMatch(m -> hand.volumes().stream().anyMatch(v -> v.state().equals("in-use")
                        && v.tags().getOrDefault(ETCD_TAG + "main", "").startsWith(m + "/"))));
    }

    EtcdClient etcd(String member) {
        return new EtcdClient(bench.nodes().clientUrl(Worlds.CLUSTER, "etcd-" + member), Duration.ofSeconds(3));
    }

    /** The logs of the node programs of main, as far as there are any. */
    boolean isLogged(String instance, String words) {
        try {
            return Files.readString(bench.nodes().log(instance, "main")).contains(words);
        } catch (IOException none) {
            return false;
        }
    }

    /** New nodes for the members that have none, which take their volumes by the tags. */
    Map<String, String> launch(List<String> members) throws IOException {
        Map<String, String> launched = new LinkedHashMap<>();
        for (String member : members) {
            World.Instance like = world.instance(Worlds.instanceId(Worlds.CLUSTER, member));
            if (hand.running().stream().noneMatch(i -> i.zone().equals(like.zone()))) {
                launched.put(member, hand.launch(like));
            }
        }
        if (!bench.hasNodes()) {
            for (String instance : launched.values()) {
                awaits(instance + " runs", () -> hand.stateOf(instance).equals("running"));
            }
            attach();
        }
        return launched;
    }

    /** Where nodes have no etcd-manager: what it would do with volumes it finds by their tags. */
    void attach() throws IOException {
        if (bench.hasNodes()) {
            return;
        }
        for (World.Instance node : hand.running()) {
            List<World.Volume> found = hand.volumes().stream().filter(v -> v.state().equals("available")
                    && v.zone().equals(node.zone()) && v.tags().containsKey("k8s.io/role/control-plane")
                    && v.tags().getOrDefault("kubernetes.io/cluster/" + Worlds.CLUSTER, "").equals("owned")).toList();
            for (World.Volume volume : found) {
                hand.attach(volume.id(), node.id(), volume.tags().containsKey(ETCD_TAG + "main") ? "/dev/xvdu" : "/dev/xvdv");
            }
        }
    }

    /** @param losesData whether members may be silent: then only those that answer are compared */
    Optional<Proof> prove(boolean losesData) throws IOException {
        writesNoMore();
        if (!bench.hasNodes()) {
            return Optional.empty();
        }
        List<String> answering = MEMBERS.stream().filter(m -> !losesData || serve(List.of(m))).toList();
        List<Writer.Ack> acks = acks();
        found = Set.copyOf(etcd(answering.get(0)).keys(PREFIX));
        List<String> before = acks.stream().filter(a -> line.isEmpty() || a.at().isBefore(line.get()))
                .map(Writer.Ack::key).toList();
        List<String> later = acks.stream().filter(a -> line.isPresent() && !a.at().isBefore(line.get()))
                .map(Writer.Ack::key).toList();
        long revision = etcd(answering.get(0)).status().revision();
        Map<String, Long> hashes = new TreeMap<>();
        for (String member : answering) {
            awaits(member + " is at revision " + revision, () -> isAt(member, revision));
            hashes.put(member, etcd(member).hashKv(revision));
        }
        return Optional.of(new Proof(line, pair, before.size(), (int) before.stream().filter(found::contains).count(),
                later.size(), (int) later.stream().filter(found::contains).count(), revision, hashes));
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
