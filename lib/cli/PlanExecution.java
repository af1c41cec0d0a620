package cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

import aws.AwsFailure;
import aws.ChangeResult;
import plan.Plan;
import plan.PlannedChange;
import problem.Problem;
import problem.ProblemCode;
import report.Change;
import report.Change.Status;
import report.Outcome;
import report.Report;
import report.Stop;

/**
 * Carries a plan out: one change after the other, until one fails or Ctrl-C asks to stop. Every change is in the report and,
 * once it is true, a line on stderr. The report also lists the changes that were not reached.
 */
final class PlanExecution {
    private final Report report;
    private final Consumer<String> say;
    private final List<PlannedChange> planned;
    private final List<Change> changes = new ArrayList<>();
    private AwsFailure failure;

    /**
     * Puts the plan into the report.
     *
     * @param open the changes of the plan that are not so already
     */
    PlanExecution(Report report, Plan plan, List<PlannedChange> open, Consumer<String> say) {
        this.report = report;
        this.say = say;
        this.planned = new ArrayList<>(plan.changes());
        report.plan(plan);
        planned.forEach(c -> changes.add(change(c, open.contains(c) ? Status.PLANNED : Status.ALREADY)));
        report.changes(changes);
    }

    /**
     * Makes the changes in their order. The first failure ends the execution.
     *
     * @param maker is given each change with the id of its resource, if an earlier change to the same target made it
     */
    Outcome run(Stop stop, Function<PlannedChange, ChangeResult> maker) {
        notReached();
        for (int n = 0; n < planned.size() && !stop.isAsked() && failure == null; n++) {
            try {
                ChangeResult result = maker.apply(planned.get(n));
                name(planned.get(n).target(), result.resource());
                set(n, result.already() ? Status.ALREADY : Status.DONE);
                if (!result.already()) {
                    say.accept(sentence(planned.get(n)));
                }
            } catch (AwsFailure why) {
                failure = why;
                set(n, Status.FAILED);
                report.add(new Problem(why.code(), Problem.Severity.ERROR, planned.get(n).resource(),
                        who(planned.get(n)) + ": " + why.getMessage(), ""));
                say.accept("Failed " + why.getMessage());
            }
        }
        return outcome();
    }

    private Outcome outcome() {
        if (failure != null) {
            return !done().isEmpty() ? Outcome.PARTIAL
                    : failure.is(ProblemCode.CHANGED_MEANWHILE) ? Outcome.REFUSED : Outcome.UNKNOWN;
        }
        return done().isEmpty() ? Outcome.UNCHANGED : Outcome.DONE;
    }

    /** The changes that this run made, in their order. */
    List<PlannedChange> done() {
        List<PlannedChange> done = new ArrayList<>();
        for (int n = 0; n < planned.size(); n++) {
            if (changes.get(n).status() == Status.DONE) {
                done.add(planned.get(n));
            }
        }
        return done;
    }

    Optional<AwsFailure> failure() {
        return Optional.ofNullable(failure);
    }

    /** A new resource has an id from now on, for this change and for those that follow. */
    private void name(String target, String resource) {
        for (int n = 0; n < planned.size(); n++) {
            if (planned.get(n).target().equals(target)) {
                planned.set(n, planned.get(n).on(resource));
                changes.set(n, change(planned.get(n), changes.get(n).status()));
            }
        }
    }

    /** No change is made yet, and none will be if a guard refuses. */
    void notReached() {
        for (int n = 0; n < planned.size(); n++) {
            changes.set(n, change(planned.get(n), Status.NOT_REACHED));
        }
        report.changes(changes);
    }

    private void set(int n, Status status) {
        changes.set(n, change(planned.get(n), status));
        report.changes(changes);
    }

    private static Change change(PlannedChange c, Status status) {
        return new Change(c.action().word(), c.resource(), c.etcd(), c.member(), c.reason(), c.before(), c.after(), status);
    }

    private static String who(PlannedChange change) {
        return (change.etcd() + " " + change.member()).strip();
    }

    private static String sentence(PlannedChange change) {
        String resource = change.resource() + " (" + who(change) + ")";
        return switch (change.action()) {
            case CREATE_VOLUME -> "Created " + resource;
            case TAG -> "Tagged " + resource + ": " + String.join(", ", new TreeSet<>(change.after().keySet()));
            case UNTAG -> "Untagged " + resource + ": " + String.join(", ", new TreeSet<>(change.before().keySet()));
        };
    }
}
