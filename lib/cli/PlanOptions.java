package cli;

import java.util.List;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import plan.Plan;
import report.Foreseen;
import report.Outcome;

/** The options of commands that show a plan first and change something only when told to. */
public final class PlanOptions {
    @Option(names = "--yes", description = "make the changes; without it only the plan is shown")
    private boolean yes;

    @Option(names = "--plan", paramLabel = "ID", converter = PlanId.class,
            description = "make them only if the plan computed now has this id, else exit 20")
    private String plan;

    /** Whether the changes are to be made. */
    public boolean isYes() {
        return yes;
    }

    /** Whether another plan than the one of now was agreed to. */
    public boolean differs(Plan now) {
        return plan != null && (now.isEmpty() || !plan.equals(now.id()));
    }

    /**
     * Compares what was agreed to with what would be done now.
     *
     * @param showAgain a whole command line that shows the plan of now
     * @throws Foreseen a refusal, when they differ
     */
    public void check(Plan now, String showAgain) {
        if (differs(now)) {
            String id = now.isEmpty() ? "none: nothing is to be done" : now.id();
            throw new Foreseen(Outcome.REFUSED, "PLAN_DIFFERS",
                    "comparing with plan " + plan + ": the plan is now " + id + "; nothing was done", showAgain);
        }
    }

    /** What makes a plan's command line do it. */
    static List<String> agreeingTo(Plan plan) {
        return List.of("--yes", "--plan", plan.id());
    }

    static final class PlanId implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!value.matches("[0-9a-f]{12}")) {
                throw new TypeConversionException("'" + value + "' is no plan id like 3f9a1c2b77aa");
            }
            return value;
        }
    }
}
