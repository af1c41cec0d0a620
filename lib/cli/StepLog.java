package cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import aws.AwsFailure;
import aws.SnapshotTaker.Step;
import facts.Snapshot;
import problem.Problem;
import report.Change;
import report.Change.Status;
import report.Report;
import sets.SnapshotPlan;
import sets.SnapshotPlan.Source;

/** Puts every step into the report and says it on stderr, once it is true. */
public final class StepLog implements Consumer<Step> {
    private final Report report;
    private final Consumer<String> say;
    private boolean anyDone;
    private AwsFailure firstFailure;

    public StepLog(Report report, Consumer<String> say) {
        this.report = report;
        this.say = say;
    }

    @Override
    public void accept(Step step) {
        Status status = step.isDone() ? Status.DONE : step.failure().isPresent() ? Status.FAILED : Status.NOT_REACHED;
        change(step.action(), step.source(), step.resource(), step.after(), status,
                step.failure().map(AwsFailure::code).orElse(""));
        String who = (step.source().etcd() + " " + step.source().member()).strip();
        step.failure().ifPresent(failure -> {
            firstFailure = firstFailure == null ? failure : firstFailure;
            report.add(new Problem(failure.code(), Problem.Severity.ERROR, step.resource(),
                    who + ": " + failure.getMessage(), ""));
            say.accept("Failed " + failure.getMessage());
        });
        if (step.isDone()) {
            anyDone = true;
            switch (step.action()) {
                case "create_snapshot" -> say.accept(
                        "Snapshotted " + step.resource() + " (" + who + ") as " + step.after().get("snapshot"));
                case "lock" -> say.accept("Locked " + step.resource() + " for " + step.after().get("lock_days") + " days");
                default -> { } // Tags are many and wanted by programs: the report lists them.
            }
        }
    }

    /** Before anything is done: what the set has already, what cannot be done, and (of a dry run) what would be. */
    public void plan(SnapshotPlan plan, Map<Source, Snapshot> standing, boolean dryRun) {
        standing.forEach((source, snapshot) -> change("create_snapshot", source, source.volume().id(),
                Map.of("snapshot", snapshot.id()), Status.ALREADY, ""));
        plan.impossible().forEach(source -> report.add(new Problem("NOT_READY", Problem.Severity.ERROR,
                source.volume().id(), "no snapshot can be taken of a volume that is " + source.volume().state(), "")));
        plan.cuts().stream().filter(cut -> dryRun).flatMap(cut -> cut.sources().stream()).forEach(
                source -> change("create_snapshot", source, source.volume().id(), Map.of(), Status.PLANNED, ""));
    }

    public void strays(List<Snapshot> strays) {
        strays.forEach(stray -> report.add(new Problem("STRAY_SNAPSHOT", Problem.Severity.WARNING, stray.id(), "EC2 snapshotted "
                + stray.volume() + " although it was excluded", "it is no part of the set; delete it")));
    }

    private void change(
            String action, Source source, String resource, Map<String, String> after, Status status, String reason) {
        report.add(new Change(action, resource, source.etcd(), source.member(), reason, Map.of(), after, status));
    }

    /** Whether anything was changed in AWS. */
    public boolean hasDone() {
        return anyDone;
    }

    public boolean hasFailed() {
        return firstFailure != null;
    }

    /** Why nothing at all could be done; empty when something was. */
    public Optional<AwsFailure> onlyFailed() {
        return anyDone ? Optional.empty() : Optional.ofNullable(firstFailure);
    }
}
