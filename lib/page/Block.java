package page;

/** A part of a page. */
public interface Block {
    /** Well-formed, with all that came from outside escaped. */
    String html();
}
