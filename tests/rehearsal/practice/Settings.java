package practice;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import disk.Disks;
import disk.NoDisks;

/** How a practice cloud behaves. Its {@link World} is what the cloud holds at the start. */
public final class Settings implements Cloneable {

    private int port;
    private PracticeClock clock = PracticeClock.real();
    private Disks disks = new NoDisks();
    private Duration volumeCreating = Duration.ofSeconds(1);
    private Duration attaching = Duration.ofSeconds(1);
    private Duration detaching = Duration.ofSeconds(1);
    private Duration instanceChanging = Duration.ofSeconds(1);
    private Duration snapshotTakes = Duration.ofSeconds(8);
    private Duration snapshotSpacing = Duration.ofSeconds(15);
    private int pendingPerVolume = 5;
    private int pageCap = 1000;
    private boolean throttling = true;
    private Map<String, String> keyStates = Map.of();
    private Optional<Path> journal = Optional.empty();

    private Settings() {
    }

    /**
     * The limits are EC2's: 15 s between two snapshots of a volume, 5 pending snapshots of a volume (API reference, "Error
     * codes": SnapshotCreationPerVolumeRateExceeded, ConcurrentSnapshotLimitExceeded), 1000 items a page ("Pagination"). On
     * AWS a new volume is available after one or two seconds, and an attachment takes one to four (measured by the EBS CSI
     * driver's authors, pkg/cloud/cloud.go).
     */
    public static Settings defaults() {
        return new Settings();
    }

    private Settings copy() {
        try {
            return (Settings) clone();
        } catch (CloneNotSupportedException never) {
            throw new IllegalStateException(never);
        }
    }

    /** Port 0 takes any free port. */
    public Settings port(int p) {
        Settings s = copy();
        s.port = p;
        return s;
    }

    public Settings clock(PracticeClock c) {
        Settings s = copy();
        s.clock = c;
        return s;
    }

    /** Where the bytes of volumes and snapshots are. The cloud does not close them: their opener does, after the cloud. */
    public Settings disks(Disks d) {
        Settings s = copy();
        s.disks = d;
        return s;
    }

    public Settings volumeCreating(Duration d) {
        Settings s = copy();
        s.volumeCreating = d;
        return s;
    }

    public Settings attaching(Duration d) {
        Settings s = copy();
        s.attaching = d;
        return s;
    }

    public Settings detaching(Duration d) {
        Settings s = copy();
        s.detaching = d;
        return s;
    }

    /** How long an instance is pending, stopping or shutting-down. */
    public Settings instanceChanging(Duration d) {
        Settings s = copy();
        s.instanceChanging = d;
        return s;
    }

    public Settings snapshotTakes(Duration d) {
        Settings s = copy();
        s.snapshotTakes = d;
        return s;
    }

    public Settings snapshotSpacing(Duration d) {
        Settings s = copy();
        s.snapshotSpacing = d;
        return s;
    }

    public Settings pendingPerVolume(int n) {
        Settings s = copy();
        s.pendingPerVolume = n;
        return s;
    }

    /** Items a page at most. EC2 may send fewer items than MaxResults, and a token even without MaxResults. */
    public Settings pageCap(int n) {
        Settings s = copy();
        s.pageCap = n;
        return s;
    }

    /** The state of a KMS key, such as {@code PendingDeletion}. All other keys are {@code Enabled}. */
    public Settings keyState(String arn, String state) {
        Settings s = copy();
        s.keyStates = new TreeMap<>(keyStates);
        s.keyStates.put(arn, state);
        return s;
    }

    /** Whether EC2's request limits apply. */
    public Settings throttling(boolean on) {
        Settings s = copy();
        s.throttling = on;
        return s;
    }

    /** A file that gets one line of JSON for every request, as soon as the request is answered. */
    public Settings journal(Path file) {
        Settings s = copy();
        s.journal = Optional.of(file);
        return s;
    }

    int port() {
        return port;
    }

    PracticeClock clock() {
        return clock;
    }

    Disks disks() {
        return disks;
    }

    Duration volumeCreating() {
        return volumeCreating;
    }

    Duration attaching() {
        return attaching;
    }

    Duration detaching() {
        return detaching;
    }

    Duration instanceChanging() {
        return instanceChanging;
    }

    Duration snapshotTakes() {
        return snapshotTakes;
    }

    Duration snapshotSpacing() {
        return snapshotSpacing;
    }

    int pendingPerVolume() {
        return pendingPerVolume;
    }

    int pageCap() {
        return pageCap;
    }

    boolean throttling() {
        return throttling;
    }

    Optional<Path> journal() {
        return journal;
    }

    String keyState(String arn) {
        return keyStates.getOrDefault(arn, "Enabled");
    }
}
