package practice;

import java.time.Duration;

/** How a cloud runs, as against what it holds. Port 0 takes a free one. */
public record Settings(int port, PracticeClock clock, Duration volumeCreating, Duration snapshotTakes,
                       Duration snapshotSpacing, int pendingPerVolume, int pageCap) {

    /**
     * EC2's own limits: 15 s between two snapshots of a volume and 5 pending ones (API reference, "Error codes":
     * SnapshotCreationPerVolumeRateExceeded, ConcurrentSnapshotLimitExceeded), 1000 items a page ("Pagination").
     */
    public static Settings defaults() {
        return new Settings(0, PracticeClock.real(), Duration.ofSeconds(1), Duration.ofSeconds(8),
                Duration.ofSeconds(15), 5, 1000);
    }

    public Settings port(int p) {
        return new Settings(p, clock, volumeCreating, snapshotTakes, snapshotSpacing, pendingPerVolume, pageCap);
    }

    public Settings clock(PracticeClock c) {
        return new Settings(port, c, volumeCreating, snapshotTakes, snapshotSpacing, pendingPerVolume, pageCap);
    }

    public Settings volumeCreating(Duration d) {
        return new Settings(port, clock, d, snapshotTakes, snapshotSpacing, pendingPerVolume, pageCap);
    }

    public Settings snapshotTakes(Duration d) {
        return new Settings(port, clock, volumeCreating, d, snapshotSpacing, pendingPerVolume, pageCap);
    }

    public Settings snapshotSpacing(Duration d) {
        return new Settings(port, clock, volumeCreating, snapshotTakes, d, pendingPerVolume, pageCap);
    }

    public Settings pendingPerVolume(int n) {
        return new Settings(port, clock, volumeCreating, snapshotTakes, snapshotSpacing, n, pageCap);
    }

    /** EC2 may answer with fewer items than asked for, and with a token even when none were asked for. */
    public Settings pageCap(int n) {
        return new Settings(port, clock, volumeCreating, snapshotTakes, snapshotSpacing, pendingPerVolume, n);
    }
}
