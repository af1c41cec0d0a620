///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Make etcd volumes from a set of snapshots, retire the old, tag the new. Shows a plan; changes only with --yes.
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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import aws.Connection;
import aws.Ec2Queries;
import aws.Ec2Writer;
import aws.KeyStates;
import aws.Restorer;
import aws.TagChanger;
import aws.VolumeMaker;
import cli.PlannedCommand;
import cli.RestoreNotes;
import cli.RestoreOptions;
import facts.Facts;
import facts.Snapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import plan.Plan;
import problem.Problem;
import problem.Refusal;
import report.Console;
import report.Outcome;
import restore.RestoreChoice;
import restore.RestoreGuards;
import restore.RestoreId;
import restore.RestorePlan;
import restore.RestorePlan.Making;
import restore.RestoreRequest;
import restore.RestoreRequest.Stage;
import restore.Rollback;
import sets.SnapshotSet;
import sets.SnapshotSets;

/** Inert volumes first, then the old ones out of the way, then the live tags. Deletes nothing; a run can be rolled back. */
@Command(name = "restore-volume",
        description = "Make etcd volumes from a set of snapshots, retire the old, tag the new. Shows a plan; changes only with "
                + "--yes.")
public final class RestoreVolume extends PlannedCommand {
    @Mixin
    private RestoreOptions restore;

    private Connection connection;
    private Ec2Queries reader;
    private Ec2Writer writer;
    private String cluster;

    @Override
    protected void checkUsage() {
        cluster = namedCluster();
        restore.wrong(etcds().size()).ifPresent(wrong -> {
            throw wrongUsage(wrong);
        });
    }

    @Override
    protected Outcome work() {
        connection = connect();
        reader = new Ec2Queries(connection);
        writer = new Ec2Writer(connection);
        Facts facts = reader.facts();
        clusters(facts, connection.region());
        return restore.rollback().map(run -> rollBack(facts, run)).orElseGet(() -> restore(facts));
    }

    private Outcome restore(Facts facts) {
        List<SnapshotSet> sets = SnapshotSets.of(cluster, reader.snapshotsOfCluster(cluster));
        RestoreChoice choice = new RestoreChoice(facts, cluster, sets, etcds(),
                new RestoreChoice.How(restore.stage(), generation(), restore.wish(), restore.override()));
        String set = restore.set().orElseGet(() -> restore.isOfOne() ? "" : choice.newestRestorable().orElseThrow(
                () -> refuse(List.of(new Refusal("NO_RESTORABLE_SET", cluster, "no set has a quorum of usable snapshots of what "
                        + "is lost", "name one to see what it lacks: --set ID")), verify())));
        report().sets(sets.stream().filter(s -> s.set().equals(set)).toList());
        List<RestoreRequest> requests = requests(choice, set);
        List<RestorePlan> plans = requests.stream().map(choice::plan).toList();
        Map<String, Making> makings = new LinkedHashMap<>();
        plans.forEach(p -> makings.putAll(p.makings()));
        Plan whole = RestorePlan.merged(plans);
        Map<String, String> keys = new KeyStates(connection).unusable(RestorePlan.keys(plans));
        List<Refusal> refusals = new ArrayList<>(plans.stream().flatMap(p -> RestoreGuards.check(p, keys).stream()).toList());
        List<String> proposed = restore.set().isEmpty() && !restore.isOfOne() ? List.of("--set", set) : List.of();
        if (!proposed.isEmpty() && isYes()) {
            refusals.add(new Refusal("SET_NOT_NAMED", set, "a set is only a proposal until it is named", "name it with --set"));
        }
        report().count("initialization_at_most_s", restore.initRate() == 0 ? 0 : makings.values().stream()
                .mapToLong(m -> (m.spec().sizeGib() * 1024L - 1) / restore.initRate() + 1).max().orElse(0));
        if (restore.override() != RestoreRequest.Override.NONE) {
            report().add(new Problem("OVERRIDDEN", Problem.Severity.WARNING, "", "a guard was switched off by "
                    + restore.override().option() + ": acknowledged writes may be lost", ""));
        }
        String run = requests.get(0).run();
        Restorer restorer = new Restorer(new VolumeMaker(reader, writer, stop(), run, restore.initRate()),
                new TagChanger(reader, writer, stop()), makings);
        return carryOut(new Work(facts, cluster, whole, refusals, proposed), reader, restorer::make, ended -> {
            RestoreNotes.before(cluster, requests.get(0).etcd()).forEach(report()::add);
            if (!ended.done().isEmpty()) {
                RestoreNotes.after().forEach(report()::add);
                next(requests, set, run);
            }
        });
    }

    private List<RestoreRequest> requests(RestoreChoice choice, String set) {
        if (restore.isEmpty()) {
            return List.of(choice.ofNothing(etcds().iterator().next(), restore.member()));
        }
        if (restore.snapshot().isPresent()) {
            Snapshot snapshot = reader.snapshots(List.of(restore.snapshot().get())).stream().findFirst().orElseThrow(
                    () -> refuse(List.of(new Refusal("NO_SNAPSHOT", restore.snapshot().get(), "the region shows no such "
                            + "snapshot", "is it the right account and region?")), verify()));
            return List.of(choice.ofSnapshot(snapshot, etcds().iterator().next(), restore.member()));
        }
        List<RestoreRequest> requests = choice.ofSet(set);
        if (requests.isEmpty()) {
            throw refuse(List.of(choice.nothingOf(set)), verify());
        }
        return requests;
    }

    private Outcome rollBack(Facts facts, String run) {
        Rollback rollback = new Rollback(facts, cluster, run, etcds());
        if (!rollback.isKnown()) {
            Set<String> known = RestoreId.standing(facts, cluster);
            throw refuse(List.of(new Refusal("UNKNOWN_RUN", run, "nothing of such a run is left in " + report().region(),
                    "those that can be rolled back: " + (known.isEmpty() ? "none" : String.join(", ", known)))), verify());
        }
        TagChanger tags = new TagChanger(reader, writer, stop());
        return carryOut(new Work(facts, cluster, rollback.plan(), rollback.refusals()), reader, tags::make, ended -> { });
    }

    private void next(List<RestoreRequest> requests, String set, String run) {
        report().next(verify());
        if (restore.stage() == Stage.QUORUM && requests.stream().anyMatch(r -> r.pieces().size() > r.quorum())) {
            List<String> rest = List.of("--set", set, "--stage", "rest");
            report().next(commandLine(List.of(name(), "--cluster", cluster), etcdsAgain(), rest));
        }
        report().next(commandLine("restore-volume", "--cluster", cluster, "--rollback", run));
    }

    private String verify() {
        return commandLine("verify-quorum-volumes", "--cluster", cluster);
    }

    public static int run(String[] args, Console console) {
        return run(new RestoreVolume(), args, console);
    }

    public static void main(String[] args) {
        main(new RestoreVolume(), args);
    }
}
