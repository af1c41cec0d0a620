package aws;

/**
 * What came of one planned change that did not fail.
 *
 * @param resource the id of what was changed or made
 * @param already  whether it was so before, so that nothing was called
 */
public record ChangeResult(String resource, boolean already) {
}
