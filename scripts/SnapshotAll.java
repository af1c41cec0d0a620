///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Snapshot every etcd volume of one or all kops clusters as one labelled set. Only adds, never deletes.
//JAVA 17+
//SOURCES ../lib/facts/package-info.java
//SOURCES ../lib/tags/package-info.java
//SOURCES ../lib/problem/package-info.java
//SOURCES ../lib/plan/package-info.java
//SOURCES ../lib/judgement/package-info.java
//SOURCES ../lib/sets/package-info.java
//SOURCES ../lib/restore/package-info.java
//SOURCES ../lib/report/package-info.java
//SOURCES ../lib/aws/package-info.java
//SOURCES ../lib/cli/package-info.java

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import aws.AwsFailure;
import aws.Connection;
import aws.Ec2Queries;
import aws.Ec2Writer;
import aws.SnapshotTaker;
import aws.SnapshotTaker.Step;
import cli.AnyCluster;
import cli.ClusterOptions;
import cli.DurationForm;
import cli.OpsCommand;
import cli.TextForm;
import facts.Facts;
import facts.Snapshot;
import judgement.EtcdCluster;
import judgement.Reason;
import judgement.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import problem.Problem;
import problem.Problem.Severity;
import problem.ProblemCode;
import report.Change;
import report.Change.Status;
import report.Console;
import report.Outcome;
import report.ProgressBar;
import sets.SnapshotPlan;
import sets.SnapshotPlan.Source;
import sets.SnapshotSet;

/**
 * Adds snapshots and tags on them; changes no volume, deletes nothing. Each instance gets one CreateSnapshots call, and all
 * calls are made at once. A cluster that is already wrong is snapshotted as well, since that is when the set is needed.
 */
@Command(name = "snapshot-all",
        description = "Snapshot every etcd volume of one or all kops clusters as one labelled set. Only adds, never deletes.",
        exitCodeList = {
            "0:the set is restorable, or with --no-wait every snapshot is begun; or --dry-run has listed the volumes",
            "1:a bug, or JBang could not build the script",
            "2:wrong usage",
            "20:refused, since the region shows no etcd volume to snapshot",
            "21:a snapshot or tag is missing, the moments are further apart than --max-skew, or the cluster is not healthy",
            "22:AWS could not be asked, or refused every snapshot",
            "130:interrupted; the same command with --set continues the set"},
        footer = {"", "Examples:",
            "  ./jbang snapshot-all --cluster k8s.mycompany.tld --set before-maintenance",
            "  ./jbang snapshot-all --dry-run",
            "", "REPORTS.md describes the report and every code in it."})
public final class SnapshotAll extends OpsCommand {
    private static final Duration USUAL_SKEW = Duration.ofSeconds(10); // parallel calls are well below a second apart

    @Mixin
    private AnyCluster cluster;

    @Option(names = "--dry-run", description = "list what would be snapshotted, and do nothing")
    private boolean dryRun;

    @Option(names = "--no-wait", description = "do not wait until the snapshots are completed")
    private boolean noWait;

    @Option(names = "--set", paramLabel = "ID", converter = TextForm.SetName.class,
            description = "name the set, or add the snapshots that a set of this name lacks (default: the run's id)")
    private String set;

    @Option(names = "--max-skew", paramLabel = "DURATION", converter = DurationForm.class,
            description = "exit 21 when the members' moments are further apart, e.g. 2s (default: warn beyond 10s)")
    private Duration maxSkew;

    @Option(names = "--lock", paramLabel = "DAYS", converter = TextForm.Amount.class,
            description = "lock the snapshots against deletion for so many days (governance mode)")
    private Integer lockDays;

    /** One cluster's part of the run. The snapshots are filled in as they are taken, and renewed as they complete. */
    private record OfCluster(
            List<EtcdCluster> judged, SnapshotTaker taker, SnapshotPlan plan, Map<Source, Snapshot> snapshots) {
    }

    private String setId;
    private boolean anyDone;
    private AwsFailure firstFailure;

    @Override
    protected ClusterOptions options() {
        return cluster;
    }

    @Override
    protected void checkUsage() {
        if (lockDays != null && (lockDays < 1 || lockDays > 36_500)) { // EC2 API reference, LockSnapshot
            throw wrongUsage("--lock takes 1 to 36500 days, not " + lockDays);
        }
    }

    @Override
    protected Outcome work() {
        setId = set == null ? report().runId() : set;
        Connection connection = connect();
        Ec2Queries queries = new Ec2Queries(connection);
        Ec2Writer writer = new Ec2Writer(connection);
        Facts facts = queries.facts();
        List<String> clusters = clusters(facts, connection.region());
        List<OfCluster> all = new ArrayList<>();
        try {
            for (String cluster : clusters) {
                List<EtcdCluster> judged = judge(facts, cluster);
                Map<Source, Snapshot> standing = SnapshotPlan.standing(SnapshotPlan.sources(facts, judged),
                        set == null ? List.of() : queries.snapshotsOfSet(set, cluster));
                all.add(new OfCluster(judged, new SnapshotTaker(queries, writer, stop(), setId, cluster, this::reported),
                        SnapshotPlan.of(facts, judged, standing.keySet()), standing));
            }
            all.forEach(this::planned);
            if (!dryRun) {
                all.forEach(this::take);
                await(all);
            }
        } finally {
            report(sets(all));
        }
        if (!anyDone && firstFailure != null) {
            throw foreseen(firstFailure);
        }
        if (all.stream().allMatch(c -> c.snapshots.isEmpty() && c.plan.calls().isEmpty())) {
            throw refuseForWantOfVolumes();
        }
        next(clusters, sets(all));
        return outcome(all);
    }

    /** Before anything is done: the snapshots that the set has already, what cannot be done, and on a dry run what would be. */
    private void planned(OfCluster of) {
        of.snapshots.forEach((source, snapshot) -> change("create_snapshot", source, source.volume().id(),
                Map.of("snapshot", snapshot.id()), Status.ALREADY, ""));
        of.plan.impossible().forEach(source -> report().add(Problem.error(Reason.Code.NOT_READY, source.volume().id(),
                "EC2 takes no snapshot of a volume that is " + source.volume().state(), "")));
        of.plan.calls().stream().filter(call -> dryRun).flatMap(call -> call.sources().stream()).forEach(
                source -> change("create_snapshot", source, source.volume().id(), Map.of(), Status.PLANNED, ""));
    }

    private void take(OfCluster of) {
        of.snapshots.putAll(of.taker.take(of.plan.calls()));
        of.taker.strays().forEach(stray -> report().add(Problem.warning(ProblemCode.STRAY_SNAPSHOT, stray.id(),
                "EC2 snapshotted " + stray.volume() + " although the call excluded it")));
        of.snapshots.putAll(of.taker.label(of.snapshots));
        if (lockDays != null) {
            of.taker.lock(of.snapshots, lockDays);
        }
    }

    /** Puts a step into the report and says it on stderr, once it is true. */
    private void reported(Step step) {
        Status status = step.isDone() ? Status.DONE : step.failure().isPresent() ? Status.FAILED : Status.NOT_REACHED;
        change(step.action(), step.source(), step.resource(), step.after(), status,
                step.failure().map(AwsFailure::code).orElse(""));
        String who = (step.source().etcd() + " " + step.source().member()).strip();
        step.failure().ifPresent(failure -> {
            firstFailure = firstFailure == null ? failure : firstFailure;
            report().add(new Problem(failure.code(), Severity.ERROR, step.resource(), who + ": " + failure.getMessage(), ""));
            say("Failed " + failure.getMessage());
        });
        anyDone |= step.isDone();
        if (step.isDone() && step.action().equals("create_snapshot")) {
            say("Snapshotted " + step.resource() + " (" + who + ") as " + step.after().get("snapshot"));
        } else if (step.isDone() && step.action().equals("lock")) {
            say("Locked " + step.resource() + " for " + step.after().get("lock_days") + " days");
        }
    }

    private void change(
            String action, Source source, String resource, Map<String, String> after, Status status, String reason) {
        report().add(new Change(action, resource, source.etcd(), source.member(), reason, Map.of(), after, status));
    }

    /** Waits until no snapshot is pending. Ctrl-C ends the wait, not the snapshots. */
    private void await(List<OfCluster> all) {
        ProgressBar bar = new ProgressBar(console(), "Completing");
        for (int look = 0; !noWait && !stop().isAsked(); look++) {
            all.forEach(c -> c.snapshots.putAll(c.taker.refresh(c.snapshots)));
            List<Snapshot> snapshots = all.stream().flatMap(c -> c.snapshots.values().stream()).toList();
            if (!bar.show(snapshots, Duration.between(report().startedAt(), console().time().instant()))) {
                break;
            }
            stop().pause(Duration.ofSeconds(look < 30 ? 1 : 5));
        }
        bar.done();
    }

    private List<SnapshotSet> sets(List<OfCluster> all) {
        return all.stream().filter(c -> !dryRun).flatMap(c -> SnapshotSet.of(setId, c.judged, c.snapshots).stream()).toList();
    }

    private void report(List<SnapshotSet> sets) {
        report().sets(sets);
        report().count("snapshots", sets.stream().mapToInt(s -> s.parts().size()).sum());
        Stream.of(SnapshotSet.Verdict.values()).forEach(verdict ->
                report().count(verdict.word(), sets.stream().filter(s -> s.verdict() == verdict).count()));
        report().count("skew_ms", sets.stream().mapToLong(s -> s.skew().toMillis()).max().orElse(0));
        sets.stream().filter(s -> s.skew().compareTo(maxSkew == null ? USUAL_SKEW : maxSkew) > 0).forEach(s ->
                report().add(new Problem(Reason.Code.SKEWED_SET.word(), maxSkew == null ? Severity.WARNING : Severity.ERROR,
                        s.set(), s.etcd() + " of " + s.cluster() + ": the members' moments are " + s.skew().toMillis()
                        + " ms apart", "take another set; with this set the newest quorum must start first")));
    }

    private void next(List<String> clusters, List<SnapshotSet> sets) {
        List<String> of = clusters.size() == 1 ? List.of("--cluster", clusters.get(0)) : List.of();
        report().next(commandLine(List.of(dryRun ? "snapshot-all" : "verify-quorum-volumes"), of));
        if (sets.stream().anyMatch(s -> s.verdict() != SnapshotSet.Verdict.RESTORABLE)) {
            report().next(commandLine(List.of("snapshot-all"), of, List.of("--set", setId)));
        }
    }

    private Outcome outcome(List<OfCluster> all) {
        List<SnapshotSet> sets = sets(all);
        boolean fallsShort = firstFailure != null || all.stream().anyMatch(c -> !c.plan.impossible().isEmpty())
                || sets.stream().anyMatch(s -> s.verdict() == SnapshotSet.Verdict.FAILED
                || maxSkew != null && s.skew().compareTo(maxSkew) > 0);
        boolean isWrong = all.stream().flatMap(c -> c.judged.stream()).anyMatch(e -> e.verdict() != Verdict.HEALTHY)
                || sets.stream().anyMatch(s -> s.verdict() == SnapshotSet.Verdict.INCOMPLETE);
        return dryRun ? Outcome.DRY_RUN : fallsShort ? Outcome.PARTIAL : isWrong ? Outcome.DEGRADED
                : anyDone ? Outcome.DONE : Outcome.UNCHANGED;
    }

    public static int run(String[] args, Console console) {
        return run(new SnapshotAll(), args, console);
    }

    public static void main(String[] args) {
        main(new SnapshotAll(), args);
    }
}
