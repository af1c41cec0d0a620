package report;

import problem.Problem;
import problem.ReportCode;

/** A failure that was foreseen. It becomes a problem of the report and two lines on stderr: {@code Error:} and {@code Try:}. */
public final class Foreseen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Outcome outcome;
    private final transient Problem problem;
    private final String tryCommand;

    /** @param tryCommand a whole command line that helps */
    public Foreseen(Outcome outcome, ReportCode code, String error, String tryCommand) {
        this(outcome, code.word(), error, tryCommand);
    }

    /** @param code AWS's own code, or the word of one of ours */
    public Foreseen(Outcome outcome, String code, String error, String tryCommand) {
        this(outcome, new Problem(code, Problem.Severity.ERROR, "", error, tryCommand), error, tryCommand);
    }

    /** @param problem as the report has it */
    Foreseen(Outcome outcome, Problem problem, String error, String tryCommand) {
        super(error);
        this.outcome = outcome;
        this.problem = problem;
        this.tryCommand = tryCommand;
    }

    public Outcome outcome() {
        return outcome;
    }

    public Problem problem() {
        return problem;
    }

    public String tryCommand() {
        return tryCommand;
    }
}
