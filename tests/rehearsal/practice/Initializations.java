package practice;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The progress of volumes that EBS is still filling from a snapshot or from another volume. */
final class Initializations {

    /** MiB/s. AWS documents no rate for a volume that was made without one, so this number is made up. */
    private static final int DEFAULT_RATE = 64;

    private final Map<String, Initialization> byVolume = new HashMap<>();

    /** @param rate in MiB/s; 0 when the call asked for none */
    record Initialization(String type, String sourceVolume, int rate, Instant starts, Instant ends) {

        boolean isRunning(Instant now) {
            return now.isBefore(ends);
        }

        long progress(Instant now) {
            return isRunning(now) ? 100 * Duration.between(starts, now).toMillis()
                    / Duration.between(starts, ends).toMillis() : 100;
        }

        long secondsLeft(Instant now) {
            return isRunning(now) ? Duration.between(now, ends).toSeconds() : 0;
        }
    }

    /** All blocks of the volume count, written or not, so this is the longest time that it can take. */
    void fromSnapshot(String volume, int gib, int rate, Instant now) {
        byVolume.put(volume, new Initialization(rate > 0 ? "provisioned-rate" : "default", "", rate, now,
                now.plusSeconds(gib * 1024L / (rate > 0 ? rate : DEFAULT_RATE))));
    }

    /** "Copy an Amazon EBS volume": up to six hours for the first TiB. */
    void fromVolume(String volume, String source, int gib, Instant now) {
        byVolume.put(volume, new Initialization("volume-copy", source, 0, now,
                now.plusSeconds(gib * Duration.ofHours(6).toSeconds() / 1024)));
    }

    Optional<Initialization> of(String volume) {
        return Optional.ofNullable(byVolume.get(volume));
    }

    Stream<Initialization> running(Instant now) {
        return byVolume.values().stream().filter(i -> i.isRunning(now));
    }

    boolean isRunning(String volume, Instant now) {
        return of(volume).filter(i -> i.isRunning(now)).isPresent();
    }

    /** For a volume that is gone. */
    void forget(String volume) {
        byVolume.remove(volume);
    }
}
