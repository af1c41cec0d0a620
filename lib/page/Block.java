package page;

/** A part of a page. */
public interface Block {
    /** Well-formed XML. All text that came from outside is escaped. */
    String html();

    /** The style rules that only this kind of block needs. */
    default String css() {
        return "";
    }
}
