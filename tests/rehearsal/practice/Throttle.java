package practice;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The request token buckets of an account (EC2 Developer Guide, "Request throttling for the Amazon EC2 API"). */
final class Throttle {

    private static final Set<String> TAGGING = Set.of("CreateTags", "DeleteTags");
    private static final Set<String> FREQUENT =
            Set.of("CreateSnapshot", "CreateSnapshots", "CreateVolume", "DeleteSnapshot", "DeleteVolume");

    private final Map<String, Bucket> buckets = new HashMap<>();

    private static final class Bucket {
        private final int most;
        private final int perSecond;
        private double left;
        private Instant at;

        Bucket(int most, int perSecond, Instant now) {
            this.most = most;
            this.perSecond = perSecond;
            this.left = most;
            this.at = now;
        }

        boolean take(Instant now) {
            left = Math.min(most, left + perSecond * Duration.between(at, now).toMillis() / 1000.0);
            at = now;
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }
    }

    /** Every action has its own bucket. A Describe without filter, ids and paging has another, smaller one. */
    void take(String action, Map<String, String> form, Instant now) {
        boolean isReading = action.startsWith("Describe");
        boolean isWhole = isReading && form.keySet().stream()
                .noneMatch(key -> key.matches("(Filter|[A-Za-z]+Id|ZoneName)\\..*|MaxResults|NextToken"));
        Bucket bucket = buckets.computeIfAbsent(isWhole ? action + " of all" : action, key -> {
            if (isReading) {
                return isWhole ? new Bucket(50, 10, now) : new Bucket(100, 20, now);
            }
            if (TAGGING.contains(action)) {
                return new Bucket(100, 10, now);
            }
            return FREQUENT.contains(action) ? new Bucket(100, 5, now) : new Bucket(50, 5, now);
        });
        if (!bucket.take(now)) {
            throw Ec2Error.of(503, "RequestLimitExceeded", "Request limit exceeded.");
        }
    }
}
