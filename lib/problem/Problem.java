package problem;

/**
 * Something that is wrong, as a report lists it.
 *
 * @param code     a reason code of {@code kops.Reason}, AWS's own code, or a word of ours listed in REPORTS.md
 * @param resource the volume, snapshot, instance or member it is about, or empty
 * @param hint     what to do about it, or empty
 */
public record Problem(String code, Severity severity, String resource, String summary, String hint) {
    /** An error keeps something from counting or from being done; a warning does not; a note is only to be known. */
    public enum Severity { ERROR, WARNING, NOTE }
}
