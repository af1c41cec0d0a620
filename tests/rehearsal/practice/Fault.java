package practice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A fault on purpose: what goes wrong, and with which calls of an action. The calls are counted from the moment the fault is
 * given, or drawn by chance. A kind that cannot happen to an action is refused: otherwise a rehearsal could pass because its
 * fault never happened.
 *
 * @param action  an action, or {@code *} for any
 * @param first   the first call that is hit; 1 is the next call
 * @param count   how many calls in a row are hit
 * @param percent how many calls of a hundred are hit; 0 when calls are counted
 * @param seed    for the random choice, so that a run can be repeated
 * @param lasting how long a stale read lasts; zero for every other kind
 */
public record Fault(String action, int first, int count, int percent, long seed, Kind kind, Duration lasting) {

    public static final String ANY = "*";

    public enum Kind {
        /** 503 RequestLimitExceeded, no effect. */
        THROTTLED,
        /** 500 InternalError, no effect. */
        SERVER_ERROR,
        /** 500 InternalError, although the call had its effect. */
        SERVER_ERROR_AFTER_EFFECT,
        /** The call has its effect, and the connection is closed without a reply. */
        REPLY_LOST,
        /** The call has its effect, and the reply ends half way. */
        REPLY_CUT,
        /** 403 UnauthorizedOperation, no effect. */
        DENIED,
        /** 400 RequestExpired, no effect: as if the clock of the caller were more than 15 minutes wrong. */
        CLOCK_SKEW,
        /** All snapshots that the call makes end in {@code error}: one that fails makes its set fail (EBS User Guide). */
        SNAPSHOT_FAILS,
        /** One snapshot of the set fails half way, and the others fail with it (EBS User Guide). */
        PARTIAL,
        /** CopyTagsFromSource is ignored, as some emulators do. */
        TAGS_IGNORED,
        /** The volume is {@code creating} and then gone, as with a key that EC2 may not use (EBS User Guide). */
        VOLUME_VANISHES,
        /** The detachment does not end until it is forced. */
        STAYS_BUSY,
        /** 500 InsufficientVolumeCapacity or InsufficientInstanceCapacity. */
        NO_CAPACITY,
        /** For a while a Describe does not show what the call made, and shows the old tags of what the call tagged. */
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

    /** For this long a Describe does not show what the next call makes. */
    public static Fault stale(String action, Duration lasting) {
        return new Fault(action, 1, 1, 0, 0, Kind.STALE_READS, lasting);
    }

    /** So many calls of a hundred, by chance. The same seed and the same calls give the same faults. */
    public static Fault chance(int percent, long seed, String action, Kind kind) {
        if (percent < 1) {
            throw new IllegalArgumentException("a chance is 1 to 100 of a hundred, not " + percent);
        }
        return new Fault(action, 1, Integer.MAX_VALUE, percent, seed, kind, Duration.ZERO);
    }

    /** @throws IllegalArgumentException with what is wrong; {@link FaultLine} describes the form of a line */
    public static Fault parse(String line) {
        return FaultLine.parse(line);
    }

    /** One fault a line. Empty lines and lines that begin with # are skipped. */
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
