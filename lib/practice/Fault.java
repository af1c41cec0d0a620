package practice;

import java.time.Duration;
import java.util.Set;

/**
 * One thing that goes wrong: which call of an action it hits, counted from when it was given, and how. A kind that
 * cannot happen to an action is refused, or a rehearsal could pass for want of its fault.
 *
 * @param first   the first call that is hit, 1 being the next
 * @param count   how many calls in a row are hit
 * @param lasting how long a stale read lasts, otherwise zero
 */
public record Fault(String action, int first, int count, Kind kind, Duration lasting) {

    public enum Kind {
        /** 503 RequestLimitExceeded, no effect. */
        THROTTLED,
        /** 500 InternalError, no effect. */
        SERVER_ERROR,
        /** 500 InternalError although it was done. */
        SERVER_ERROR_AFTER_EFFECT,
        /** It is done and the connection is closed without a reply. */
        REPLY_LOST,
        /** It is done and the reply ends half way. */
        REPLY_CUT,
        /** 403 UnauthorizedOperation, no effect. */
        DENIED,
        /** The snapshots that the call makes end in {@code error}. One failing fails its whole set (EBS User Guide). */
        SNAPSHOT_FAILS,
        /** CopyTagsFromSource does nothing, as in some emulators. */
        TAGS_IGNORED,
        /** What the call makes is not seen by a Describe for a while. */
        STALE_READS
    }

    private static final Set<String> SNAPSHOTTING = Set.of("CreateSnapshot", "CreateSnapshots");

    public Fault {
        boolean possible = switch (kind) {
            case SNAPSHOT_FAILS, STALE_READS -> SNAPSHOTTING.contains(action);
            case TAGS_IGNORED -> action.equals("CreateSnapshots");
            default -> true;
        };
        if (!possible || first < 1 || count < 1 || lasting.isZero() == (kind == Kind.STALE_READS)) {
            throw new IllegalArgumentException(kind + " cannot happen like this to " + action);
        }
    }

    public static Fault next(String action, Kind kind) {
        return nth(1, action, kind);
    }

    /** The next {@code count} calls. */
    public static Fault next(int count, String action, Kind kind) {
        return new Fault(action, 1, count, kind, Duration.ZERO);
    }

    public static Fault nth(int n, String action, Kind kind) {
        return new Fault(action, n, 1, kind, Duration.ZERO);
    }

    /** What the next call makes is not seen for this long. */
    public static Fault stale(String action, Duration lasting) {
        return new Fault(action, 1, 1, Kind.STALE_READS, lasting);
    }
}
