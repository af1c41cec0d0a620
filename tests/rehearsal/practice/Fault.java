package practice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One thing that goes wrong: which calls of an action it hits, counted from when it was given or by chance, and how. A
 * kind that cannot happen to an action is refused, or a rehearsal could pass for want of its fault.
 *
 * @param action  an action, or {@code *} for any
 * @param first   the first call that is hit, 1 being the next
 * @param count   how many calls in a row are hit
 * @param percent 0 when calls are counted, otherwise how many of a hundred are hit
 * @param seed    what the chance is drawn from, so that a run can be had again
 * @param lasting how long a stale read lasts, otherwise zero
 */
public record Fault(String action, int first, int count, int percent, long seed, Kind kind, Duration lasting) {

    public static final String ANY = "*";

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
        /** 400 RequestExpired, no effect: the clock of the caller is more than 15 minutes off. */
        CLOCK_SKEW,
        /** The snapshots that the call makes end in {@code error}. One failing fails its whole set (EBS User Guide). */
        SNAPSHOT_FAILS,
        /** One snapshot of the set fails half way and takes the others with it (EBS User Guide). */
        PARTIAL,
        /** CopyTagsFromSource does nothing, as in some emulators. */
        TAGS_IGNORED,
        /** The volume is creating and then no more, as with a key that EC2 may not use (EBS User Guide). */
        VOLUME_VANISHES,
        /** The detachment never ends, until it is forced. */
        STAYS_BUSY,
        /** 500 InsufficientVolumeCapacity or InsufficientInstanceCapacity. */
        NO_CAPACITY,
        /** What the call makes is not seen by a Describe for a while; of what it tags, the tags of before are. */
        STALE_READS
    }

    private static final Set<String> VOLUMES = Set.of("CreateVolume", "CopyVolumes");

    public Fault {
        boolean possible = switch (kind) {
            case SNAPSHOT_FAILS -> Set.of("CreateSnapshot", "CreateSnapshots", "CopySnapshot").contains(action);
            case TAGS_IGNORED, PARTIAL -> action.equals("CreateSnapshots");
            case VOLUME_VANISHES -> VOLUMES.contains(action);
            case STAYS_BUSY -> action.equals("DetachVolume");
            case NO_CAPACITY -> VOLUMES.contains(action) || Set.of("RunInstances", "StartInstances").contains(action);
            case STALE_READS -> VOLUMES.contains(action) || Set.of("CreateSnapshot", "CreateSnapshots", "CopySnapshot",
                    "RunInstances", "CreateTags", "DeleteTags").contains(action);
            default -> true;
        };
        if (!possible || first < 1 || count < 1 || percent < 0 || percent > 100
                || lasting.isZero() == (kind == Kind.STALE_READS) || lasting.isNegative()) {
            throw new IllegalArgumentException(kind + " cannot happen like this to " + action);
        }
    }

    public static Fault next(String action, Kind kind) {
        return nth(1, action, kind);
    }

    /** The next {@code count} calls. */
    public static Fault next(int count, String action, Kind kind) {
        return new Fault(action, 1, count, 0, 0, kind, Duration.ZERO);
    }

    public static Fault nth(int n, String action, Kind kind) {
        return new Fault(action, n, 1, 0, 0, kind, Duration.ZERO);
    }

    /** What the next call makes is not seen for this long. */
    public static Fault stale(String action, Duration lasting) {
        return new Fault(action, 1, 1, 0, 0, Kind.STALE_READS, lasting);
    }

    /** So many of a hundred calls, the same ones whenever the calls and the seed are the same. */
    public static Fault chance(int percent, long seed, String action, Kind kind) {
        if (percent < 1) {
            throw new IllegalArgumentException("a chance is 1 to 100 of a hundred, not " + percent);
        }
        return new Fault(action, 1, Integer.MAX_VALUE, percent, seed, kind, Duration.ZERO);
    }

    /** @throws IllegalArgumentException saying what is wrong with the line; {@link FaultLine} has its form */
    public static Fault parse(String line) {
        return FaultLine.parse(line);
    }

    /** One fault a line; empty lines and those that begin with # say nothing. */
    public static List<Fault> read(Path file) throws IOException {
        List<Fault> faults = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank() && !line.strip().startsWith("#")) {
                try {
                    faults.add(parse(line));
                } catch (IllegalArgumentException wrong) {
                    throw new IllegalArgumentException(file + " line " + number + ": " + wrong.getMessage(), wrong);
                }
            }
        }
        return faults;
    }
}
