package problem;

import java.util.Arrays;

/**
 * Something that is wrong or that must be known. A refusal is a problem of severity ERROR.
 *
 * @param code     the word of a {@link ReportCode}, with a tag key after a colon where there is a key, or AWS's own code
 * @param resource the volume, snapshot, instance or member that the problem is about; empty for none
 * @param hint     what to do; empty when nothing is to be done
 */
public record Problem(String code, Severity severity, String resource, String summary, String hint) {
    /** An error keeps something from counting or from being done. A warning does not. A note only informs. */
    public enum Severity { ERROR, WARNING, NOTE }

    public static Problem error(ReportCode code, String resource, String summary) {
        return error(code, resource, summary, code.remedy());
    }

    public static Problem error(ReportCode code, String resource, String summary, String hint) {
        return new Problem(code.word(), Severity.ERROR, resource, summary, hint);
    }

    public static Problem warning(ReportCode code, String resource, String summary) {
        return new Problem(code.word(), Severity.WARNING, resource, summary, code.remedy());
    }

    /** A note about no resource, in the words of its code. */
    public static Problem note(ReportCode code, String hint) {
        return new Problem(code.word(), Severity.NOTE, "", code.sentence(), hint);
    }

    /** The code in capitals and without a tag key. Empty for AWS's own codes, which keep AWS's spelling. */
    public String id() {
        return Arrays.stream(ProblemCode.values()).filter(known -> known.word().equals(code)).map(Enum::name).findFirst()
                .orElse(code.matches("[A-Z]+(_[A-Z]+)*(:.*)?") ? code.split(":", 2)[0] : "");
    }
}
