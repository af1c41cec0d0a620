package gameday;

/** A step that did not come to what the rehearsal wants: the day proves nothing then. */
final class UnexpectedResult extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexpectedResult(String message) {
        super(message);
    }
}
