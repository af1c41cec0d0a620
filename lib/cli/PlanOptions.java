package cli;

import java.util.List;

import picocli.CommandLine.Option;
import plan.Plan;
import problem.ProblemCode;
import report.Foreseen;
import report.Outcome;

/** The options of commands that show a plan first and change something only with --yes. */
final class PlanOptions {
    @Option(names = "--yes", description = "make the changes; without --yes only the plan is shown")
    private boolean yes;

    @Option(names = "--plan", paramLabel = "ID", converter = PlanId.class,
            description = "with --yes, make them only if the plan computed now has this id, else exit 20")
    private String plan;

    /** Whether the changes are to be made. */
    boolean isYes() {
        return yes;
    }

    /** Whether a plan was named. */
    boolean isNamed() {
        return plan != null;
    }

    /** Whether the operator agreed to another plan than this one. */
    boolean differs(Plan now) {
        return plan != null && (now.isEmpty() || !plan.equals(now.id()));
    }

    /**
     * Compares the plan that was agreed to with the plan of now.
     *
     * @param showAgain a whole command line that shows the plan of now
     * @throws Foreseen a refusal, when they differ
     */
    void check(Plan now, String showAgain) {
        if (differs(now)) {
            String id = now.isEmpty() ? "none: nothing is to be done" : now.id();
            throw new Foreseen(Outcome.REFUSED, ProblemCode.PLAN_DIFFERS,
                    "comparing with plan " + plan + ": the plan is now " + id + "; nothing was done", showAgain);
        }
    }

    /** The words with which a command line carries the plan out. */
    static List<String> agreeingTo(Plan plan) {
        return List.of("--yes", "--plan", plan.id());
    }

    static final class PlanId extends TextForm {
        PlanId() {
            super("[0-9a-f]{12}", "is no plan id like 3f9a1c2b77aa");
        }
    }
}
