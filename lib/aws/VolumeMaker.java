package aws;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

import facts.Volume;
import report.Stop;
import restore.Restore.NewVolume;
import tags.OwnTags;

/**
 * Makes volumes and waits until they can be used. The client token is made from the restore's name and the member. So the
 * same call gives the same volume, and neither a lost reply nor a second run makes a second volume.
 */
public final class VolumeMaker {
    /** EC2's own waiter sleeps 15 s and does not notice a volume that failed; most volumes are there in 1.5 s. */
    private static final List<Duration> LOOKS = List.of(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    private static final Duration LONGEST = Duration.ofMinutes(5);
    /** A new volume may be unseen for a moment. A volume that stays unseen for so many looks is gone. */
    private static final int UNSEEN = 5;
    private static final int TOKENS = 3;

    private final Ec2Queries queries;
    private final Ec2Writer writer;
    private final Stop stop;
    private final String restore;
    private final int rate;

    public VolumeMaker(Ec2Queries queries, Ec2Writer writer, Stop stop, String restore, int rate) {
        this.queries = queries;
        this.writer = writer;
        this.stop = stop;
        this.restore = restore;
        this.rate = rate;
    }

    /**
     * Makes one volume and returns its id. A token whose volume failed is of no use for half a day (measured by the EBS CSI
     * driver's authors), so another token is tried. A token is never used again with other parameters.
     */
    public String make(String target, NewVolume volume) {
        AwsFailure last = null;
        for (int number = 1; number <= TOKENS; number++) {
            try {
                String id = made(volume, token(volume.tags().get(OwnTags.CLUSTER) + "\n" + target, number));
                if (number == TOKENS || !isGone(id)) {
                    return id;
                }
            } catch (AwsFailure failure) {
                if (!failure.code().equals("IdempotentParameterMismatch")) {
                    throw failure;
                }
                last = failure;
            }
        }
        throw last;
    }

    /** A volume that cannot be looked at just now counts as being there. */
    private boolean isGone(String id) {
        try {
            return !queries.volumes(List.of(id)).stream().allMatch(Volume::exists);
        } catch (AwsFailure unseen) {
            return false;
        }
    }

    private String made(NewVolume volume, String token) {
        return Retries.asked(stop, () -> writer.createVolume(volume.spec(), rate, volume.tags(), token));
    }

    private String token(String what, int number) {
        try {
            byte[] text = (restore + "\n" + what + (number == 1 ? "" : "\n" + number)).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Like {@link #await}, but a request to stop is a failure. */
    void mustBeReady(Collection<String> ids) {
        if (!await(ids)) {
            throw AwsFailure.volumeFailed(String.join(", ", ids), "creating");
        }
    }

    /** Waits until all volumes can be used; false when asked to stop before. A volume that can never be used is a failure. */
    boolean await(Collection<String> ids) {
        TreeSet<String> waiting = new TreeSet<>(ids);
        Map<String, Integer> unseen = new TreeMap<>();
        long end = System.nanoTime() + LONGEST.toNanos();
        for (int look = 0; !waiting.isEmpty(); look++) {
            if (stop.isAsked()) {
                return false;
            }
            Map<String, Volume> seen = new TreeMap<>();
            Retries.asked(stop, () -> queries.volumes(waiting)).forEach(v -> seen.put(v.id(), v));
            for (String id : List.copyOf(waiting)) {
                String state = Optional.ofNullable(seen.get(id)).map(Volume::state).orElse("");
                if (state.equals("available") || state.equals("in-use")) {
                    waiting.remove(id);
                } else if (!state.equals("creating") && (!state.isEmpty() || unseen.merge(id, 1, Integer::sum) == UNSEEN)) {
                    throw AwsFailure.volumeFailed(id, state);
                }
            }
            if (!waiting.isEmpty() && System.nanoTime() > end) {
                throw AwsFailure.volumeFailed(waiting.first(), "creating");
            }
            if (!waiting.isEmpty()) {
                stop.pause(LOOKS.get(Math.min(look, LOOKS.size() - 1)));
            }
        }
        return true;
    }
}
