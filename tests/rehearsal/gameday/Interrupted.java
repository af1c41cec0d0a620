package gameday;

/** The user ended the game day with Ctrl-C. */
public final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;
}
