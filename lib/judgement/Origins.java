package judgement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import facts.Snapshot;
import facts.Volume;
import tags.SnapshotRecord;

/**
 * What the origin of one etcd cluster's volumes tells of their contents. Three things are looked at: the records on the
 * snapshots, volumes from no snapshot beside siblings from snapshots, and snapshots of different moments.
 */
final class Origins {
    private record Origin(String member, Volume volume, Optional<Snapshot> snapshot) {
        SnapshotRecord record() {
            return SnapshotRecord.of(snapshot.orElseThrow());
        }

        Instant startAt() {
            return snapshot.orElseThrow().startAt();
        }
    }

    private final String cluster;
    private final String etcd;
    private final List<Origin> origins = new ArrayList<>();

    Origins(String cluster, String etcd) {
        this.cluster = cluster;
        this.etcd = etcd;
    }

    void add(String member, Volume volume, Optional<Snapshot> snapshot) {
        origins.add(new Origin(member, volume, snapshot));
    }

    /** The reasons by volume id. */
    Map<String, List<Reason>> reasons(int quorum) {
        Map<String, List<Reason>> reasons = new HashMap<>();
        for (Origin o : origins) {
            List<Reason> found = new ArrayList<>();
            if (o.snapshot.isPresent() && isRecordedForSomethingElse(o) || sharesSnapshotWithAnotherMember(o)) {
                found.add(Reason.of(Reason.Code.RECORD_MISMATCH));
            }
            if (isRecordedInAnotherZone(o)) {
                found.add(Reason.of(Reason.Code.WRONG_ZONE));
            }
            if (isBlankSuspect(o)) {
                found.add(Reason.of(Reason.Code.BLANK_SUSPECT));
            }
            if (isOffMoment(o, quorum)) {
                found.add(Reason.of(Reason.Code.SKEWED_SET));
            }
            reasons.put(o.volume.id(), found);
        }
        return reasons;
    }

    private boolean isRecordedForSomethingElse(Origin o) {
        SnapshotRecord record = o.record();
        return record.cluster().filter(c -> !c.equals(cluster)).isPresent()
                || record.etcd().filter(e -> !e.equals(etcd)).isPresent()
                || record.member().filter(m -> !m.equals(o.member)).isPresent()
                || record.kmsKey().filter(k -> isOtherKey(k, o.volume)).isPresent();
    }

    /** Kops refuses a changed key for ever (CannotChangeField). An endpoint that tells no key is no evidence of a change. */
    private static boolean isOtherKey(String recorded, Volume volume) {
        return !volume.encrypted() || !volume.kmsKey().isEmpty() && !volume.kmsKey().equals(recorded);
    }

    /** One member's data behind two members never forms a quorum. The member that the record names is the right one. */
    private boolean sharesSnapshotWithAnotherMember(Origin o) {
        boolean shared = !o.volume.snapshot().isEmpty() && origins.stream().anyMatch(
                other -> !other.member.equals(o.member) && other.volume.snapshot().equals(o.volume.snapshot()));
        boolean named = o.snapshot.isPresent() && o.record().member().filter(o.member::equals).isPresent();
        return shared && !named;
    }

    private boolean isRecordedInAnotherZone(Origin o) {
        return o.snapshot.isPresent() && o.record().zone().filter(z -> !z.equals(o.volume.zone())).isPresent();
    }

    /** From no snapshot, and younger than its siblings' restore: `kops update` makes such volumes, and nodes format them. */
    private boolean isBlankSuspect(Origin o) {
        Optional<Instant> restoredAt = origins.stream().filter(s -> !s.volume.snapshot().isEmpty())
                .map(s -> s.volume.createdAt()).min(Comparator.naturalOrder());
        return o.volume.snapshot().isEmpty() && restoredAt.filter(o.volume.createdAt()::isAfter).isPresent();
    }

    /**
     * Whether a start of this volume together with its siblings could lose writes. Three snapshots are never one moment, since
     * CreateSnapshots is crash-consistent over one instance only. So of restored volumes that no node holds yet, only the
     * newest quorum may start first. A restored volume beside members that went on is behind those members.
     */
    private boolean isOffMoment(Origin o, int quorum) {
        if (o.snapshot.isEmpty() || o.volume.attachedTo().isPresent()) {
            return false;
        }
        List<Origin> restored = origins.stream().filter(r -> r.snapshot.isPresent())
                .sorted(Comparator.comparing(Origin::startAt).reversed().thenComparing(Origin::member)).toList();
        boolean otherSet = o.record().set().isPresent()
                && !o.record().set().equals(restored.get(0).record().set());
        boolean besideSurvivors = origins.stream().anyMatch(
                s -> s.volume.snapshot().isEmpty() && s.volume.createdAt().isBefore(o.startAt()));
        return otherSet || besideSurvivors || restored.indexOf(o) >= quorum;
    }
}
