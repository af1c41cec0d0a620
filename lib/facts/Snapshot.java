package facts;

import java.time.Instant;
import java.util.Map;

/**
 * One EBS snapshot, as DescribeSnapshots said. Its content is that of {@code startAt}, whatever its state.
 *
 * @param state    pending, completed, error, recoverable or recovering (the last two: in the Recycle Bin)
 * @param progress percent, 0 to 100
 * @param tier     `standard`, or `archive` (up to 72 hours before it can be used)
 */
public record Snapshot(
        String id, String volume, String state, int progress, Instant startAt, int sizeGib, boolean encrypted,
        String kmsKey, String tier, String account, Map<String, String> tags) {

    /** Our word for a snapshot that EC2 does not show any more. */
    public static final String GONE = "gone";

    public Snapshot {
        tags = Map.copyOf(tags);
    }

    public Snapshot inState(String other) {
        return new Snapshot(id, volume, other, progress, startAt, sizeGib, encrypted, kmsKey, tier, account, tags);
    }

    public boolean isCompleted() {
        return state.equals("completed");
    }

    public boolean isFailed() {
        return state.equals("error") || state.equals(GONE);
    }
}
