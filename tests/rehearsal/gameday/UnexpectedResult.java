package gameday;

/** A step did not end as the scenario expects. The game day ends there and proves nothing. */
final class UnexpectedResult extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexpectedResult(String message) {
        super(message);
    }
}
