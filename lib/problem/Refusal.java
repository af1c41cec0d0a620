package problem;

/**
 * Why nothing is changed: what stands against it, on which resource.
 *
 * @param code a reason code of {@link Reason} or a word listed in REPORTS.md
 * @param hint what to do about it
 */
public record Refusal(String code, String resource, String summary, String hint) {
}
