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
import java.util.Optional;

import aws.Connection;
import aws.Ec2Queries;
import aws.Ec2Writer;
import aws.SnapshotTaker;
import cli.DurationOption;
import cli.OpsCommand;
import cli.SetFindings;
import cli.SetOptions;
import cli.StepLog;
import facts.Facts;
import facts.Snapshot;
import judgement.EtcdCluster;
import judgement.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import report.Console;
import report.Outcome;
import report.ProgressBar;
import sets.SnapshotPlan;
import sets.SnapshotPlan.Source;
import sets.SnapshotSet;

/**
 * Adds snapshots and tags on them; changes no volume, deletes nothing. One CreateSnapshots per instance, all instances at
 * once. A cluster that is already wrong is snapshotted as well: that is the night it is needed.
 */
@Command(name = "snapshot-all",
        description = "Snapshot every etcd volume of one or all kops clusters as one labelled set. Only adds, never deletes.")
public final class SnapshotAll extends OpsCommand {
    @Option(names = "--dry-run", description = "list what would be snapshotted, and do nothing")
    private boolean dryRun;

    @Option(names = "--no-wait", description = "do not wait until the snapshots are completed")
    private boolean noWait;

    @Option(names = "--set", paramLabel = "ID", converter = SetOptions.SetId.class,
            description = "name the set, or add what a set of this name lacks (default: the run's id)")
    private String set;

    @Option(names = "--max-skew", paramLabel = "DURATION", converter = DurationOption.class,
            description = "exit 21 when the members' moments are further apart (default: warn beyond 10s)")
    private Duration maxSkew;

    @Option(names = "--lock", paramLabel = "DAYS", converter = SetOptions.Days.class,
            description = "lock the snapshots against deletion for so many days (governance mode)")
    private Integer lockDays;

    /** One cluster's part of the run; the snapshots are filled in as they come and renewed as they complete. */
    private record Work(List<EtcdCluster> judged, SnapshotTaker taker, SnapshotPlan plan, Map<Source, Snapshot> snapshots) {
    }

    @Override
    protected Outcome work() {
        Connection connection = connect();
        Ec2Queries reader = new Ec2Queries(connection);
        Ec2Writer writer = new Ec2Writer(connection);
        Facts facts = reader.facts();
        StepLog log = new StepLog(report(), this::say);
        List<String> clusters = clusters(facts, connection.region());
        List<Work> works = new ArrayList<>();
        try {
            for (String cluster : clusters) {
                List<EtcdCluster> judged = judge(facts, cluster);
                List<Source> sources = SnapshotPlan.sources(facts, judged);
                Map<Source, Snapshot> standing = SnapshotPlan.standing(
                        sources, set == null ? List.of() : reader.snapshotsOfSet(set, cluster));
                works.add(new Work(judged, new SnapshotTaker(reader, writer, stop(), setId(), cluster, log),
                        SnapshotPlan.of(facts, judged, standing.keySet()), standing));
            }
            works.forEach(work -> log.plan(work.plan, work.snapshots, dryRun));
            if (!dryRun) {
                works.forEach(work -> take(work, log));
                await(works);
            }
        } finally {
            findings(works).addTo(report());
        }
        log.onlyFailed().ifPresent(failure -> {
            throw foreseen(failure);
        });
        if (works.stream().allMatch(w -> w.snapshots.isEmpty() && w.plan.cuts().isEmpty())) {
            throw refuseForWantOfVolumes();
        }
        next(clusters, works);
        return outcome(works, log);
    }

    private String setId() {
        return set == null ? report().runId() : set;
    }

    private void take(Work work, StepLog log) {
        work.snapshots.putAll(work.taker.take(work.plan.cuts()));
        log.strays(work.taker.strays());
        work.snapshots.putAll(work.taker.label(work.snapshots));
        if (lockDays != null) {
            work.taker.lock(work.snapshots, lockDays);
        }
    }

    /** Until no snapshot is pending; Ctrl-C ends the waiting, not the snapshots. */
    private void await(List<Work> works) {
        ProgressBar bar = new ProgressBar(console(), "Completing");
        for (int look = 0; !noWait && !stop().isAsked(); look++) {
            works.forEach(work -> work.snapshots.putAll(work.taker.refresh(work.snapshots)));
            List<Snapshot> all = works.stream().flatMap(w -> w.snapshots.values().stream()).toList();
            if (!bar.show(all, Duration.between(report().startedAt(), console().time().instant()))) {
                break;
            }
            stop().pause(Duration.ofSeconds(look < 30 ? 1 : 5));
        }
        bar.done();
    }

    private SetFindings findings(List<Work> works) {
        List<SnapshotSet> sets = works.stream().filter(w -> !dryRun)
                .flatMap(w -> SnapshotSet.of(setId(), w.judged, w.snapshots).stream()).toList();
        return new SetFindings(sets, Optional.ofNullable(maxSkew));
    }

    private void next(List<String> clusters, List<Work> works) {
        List<String> of = clusters.size() == 1 ? List.of("--cluster", clusters.get(0)) : List.of();
        report().next(commandLine(List.of(dryRun ? "snapshot-all" : "verify-quorum-volumes"), of));
        if (!findings(works).areAllRestorable()) {
            report().next(commandLine(List.of("snapshot-all"), of, List.of("--set", setId())));
        }
    }

    private Outcome outcome(List<Work> works, StepLog log) {
        boolean impossible = works.stream().anyMatch(w -> !w.plan.impossible().isEmpty());
        boolean wrong = works.stream().flatMap(w -> w.judged.stream()).anyMatch(e -> e.verdict() != Verdict.HEALTHY);
        SetFindings findings = findings(works);
        return dryRun ? Outcome.DRY_RUN
                : log.hasFailed() || impossible || findings.fallShort() ? Outcome.PARTIAL
                : wrong || findings.areIncomplete() ? Outcome.DEGRADED
                : log.hasDone() ? Outcome.DONE : Outcome.UNCHANGED;
    }

    public static int run(String[] args, Console console) {
        return run(new SnapshotAll(), args, console);
    }

    public static void main(String[] args) {
        main(new SnapshotAll(), args);
    }
}
