package problem;

/** A code that reports use, with its meaning. */
public interface ReportCode {
    /** The code as {@code problems[].code} writes it. */
    String word();

    /** What is wrong, and what comes of it. */
    String sentence();

    /** What to do about it; empty when nothing is to be done. */
    String remedy();
}
