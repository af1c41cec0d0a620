package report;

import java.util.Locale;

import judgement.Verdict;

/**
 * How a command ended, with its exit code. This is the only table of exit codes. JBang itself ends with 1, 2, 4 or 10 before
 * our code starts, so no answer of ours has one of these.
 */
public enum Outcome {
    DONE(0), UNCHANGED(0), PLANNED(0), HEALTHY(0), FRESH(0), DRY_RUN(0),
    CRASHED(1),
    LOST(20), AMBIGUOUS(20), STALE(20), REFUSED(20),
    DEGRADED(21), PARTIAL(21),
    UNKNOWN(22),
    INTERRUPTED(130);

    /** Wrong usage: no report, since nothing was begun. */
    public static final int USAGE = 2;

    private final int exitCode;

    Outcome(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Outcome of(Verdict verdict) {
        return valueOf(verdict.name());
    }
}
