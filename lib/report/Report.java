package report;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import judgement.EtcdCluster;
import plan.Plan;
import problem.Problem;
import sets.SnapshotSet;

/**
 * What a command found and did: one JSON document, the same shape for all commands (REPORTS.md). Filled as things become
 * true, so that it can be printed at any moment, also when the command is interrupted.
 */
public final class Report {
    public static final String FORMAT_VERSION = "1.0";
    public static final String TOOL_VERSION = "0.1.0";
    private static final DateTimeFormatter RUN_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String command;
    private final Instant startedAt;
    private final String runId;
    private Outcome outcome = Outcome.INTERRUPTED;
    private String account = "";
    private String region = "";
    private String cluster = "";
    private String restore = "";
    private Duration took = Duration.ZERO;
    private String planId = "";
    private final Map<String, Object> summary = new LinkedHashMap<>();
    private final List<EtcdCluster> etcdClusters = new ArrayList<>();
    private final List<SnapshotSet> sets = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> next = new ArrayList<>();

    public Report(String command, InstantSource time) {
        this.command = command;
        this.startedAt = time.instant();
        short chance = (short) ThreadLocalRandom.current().nextInt();
        this.runId = RUN_TIME.format(startedAt) + "-" + HexFormat.of().toHexDigits(chance);
    }

    public synchronized void where(String newAccount, String newRegion, String newCluster) {
        account = newAccount;
        region = newRegion;
        cluster = newCluster;
    }

    /** The restore that this run makes, continues, rolls back or plans. */
    public synchronized void restore(String name) {
        restore = name;
    }

    /** A count for people and alerts; a value is a whole number or a word. */
    public synchronized void count(String key, Object value) {
        summary.put(key, value);
    }

    public synchronized void judged(List<EtcdCluster> judged) {
        etcdClusters.addAll(judged);
    }

    /** Takes the place of what was said of the sets before. */
    public synchronized void sets(List<SnapshotSet> judged) {
        sets.clear();
        sets.addAll(judged);
    }

    public synchronized void add(Change change) {
        changes.add(change);
    }

    /** What is to be done: all of it, before the first change is made. */
    public synchronized void plan(Plan plan) {
        planId = plan.isEmpty() ? "" : plan.id();
    }

    /** Takes the place of what was said of the changes before. */
    public synchronized void changes(List<Change> all) {
        changes.clear();
        changes.addAll(all);
    }

    public synchronized void add(Problem problem) {
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    public synchronized void next(String commandLine) {
        if (!next.contains(commandLine)) {
            next.add(commandLine);
        }
    }

    public synchronized void end(Outcome how, InstantSource time) {
        outcome = how;
        took = Duration.between(startedAt, time.instant());
    }

    public synchronized Outcome outcome() {
        return outcome;
    }

    public String command() {
        return command;
    }

    public String runId() {
        return runId;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public synchronized String region() {
        return region;
    }

    public synchronized String cluster() {
        return cluster;
    }

    public synchronized List<EtcdCluster> etcdClusters() {
        return List.copyOf(etcdClusters);
    }

    public synchronized List<SnapshotSet> sets() {
        return List.copyOf(sets);
    }

    /** Empty where no plan was made. */
    public synchronized String planId() {
        return planId;
    }

    public synchronized List<Change> changes() {
        return List.copyOf(changes);
    }

    public synchronized List<Problem> problems() {
        return List.copyOf(problems);
    }

    public synchronized List<String> next() {
        return List.copyOf(next);
    }

    /** The document, keys in the order of REPORTS.md. */
    public synchronized ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format_version", FORMAT_VERSION).put("command", command).put("tool_version", TOOL_VERSION)
                .put("outcome", outcome.word()).put("account", emptyAsNull(account)).put("region", emptyAsNull(region))
                .put("cluster", emptyAsNull(cluster)).put("run_id", runId);
        if (!restore.isEmpty()) {
            json.put("restore", restore);
        }
        json.put("started_at", startedAt.truncatedTo(ChronoUnit.SECONDS).toString()).put("took_ms", took.toMillis());
        ObjectNode counts = json.putObject("summary");
        summary.forEach((key, value) -> counts.set(key, value instanceof Number number
                ? counts.numberNode(number.longValue()) : counts.textNode(value.toString())));
        JudgementJson.fill(json.putArray("etcd_clusters"), etcdClusters);
        JudgementJson.fillSets(json.putArray("sets"), sets, startedAt.plus(took));
        json.put("plan_id", planId.isEmpty() && !changes.isEmpty() ? fingerprint() : emptyAsNull(planId));
        ChangeJson.fill(json.putArray("changes"), changes);
        ChangeJson.fillProblems(json.putArray("problems"), problems);
        next.forEach(json.putArray("next")::add);
        return json;
    }

    /** The fingerprint of what is to be changed: the same changes in any order, and however far they came, have the same. */
    private String fingerprint() {
        List<String> lines = changes.stream()
                .map(c -> String.join("\n", c.action(), c.resource(), c.etcd(), c.member(), c.before().toString())).toList();
        return Plan.fingerprint(lines);
    }

    static String emptyAsNull(String value) {
        return value.isEmpty() ? null : value;
    }
}
