package gameday;

/** The person at the keyboard ended it. */
public final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;
}
