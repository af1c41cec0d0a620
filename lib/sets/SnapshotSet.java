package sets;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import facts.Snapshot;
import judgement.EtcdCluster;
import judgement.Verdict;
import sets.SnapshotPlan.Source;
import tags.OwnTags;

/** The snapshots of one etcd cluster in one set, and whether they could bring its quorum back. */
public record SnapshotSet(String set, String cluster, String etcd, List<String> membersExpected, List<Part> parts) {

    /** One volume's snapshot, and the member and zone that were recorded for it. */
    public record Part(String member, String zone, Snapshot snapshot) {
        /** The record comes first: a copied snapshot names no volume of ours (CopySnapshot: "an arbitrary volume ID"). */
        public String sourceVolume() {
            return snapshot.tags().getOrDefault(OwnTags.SOURCE_VOLUME, snapshot.volume());
        }
    }

    /** Judged from worst to best. */
    public enum Verdict {
        /** EC2 gave up on a snapshot, and no other snapshot stands in its place. */
        FAILED,
        /** A member has no snapshot, or has snapshots of two volumes. */
        INCOMPLETE,
        /** The moment is fixed, but nothing can be made from the set yet. */
        PENDING,
        /** A snapshot is in the archive tier: nothing can be made from it for up to 72 hours. */
        ARCHIVED,
        /** Every member has exactly one completed snapshot. */
        RESTORABLE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of several snapshots of one volume in the set, the one that stands: not failed, then the earliest. */
    public SnapshotSet {
        Map<String, Part> standing = new LinkedHashMap<>();
        parts.stream().sorted(Comparator.comparing((Part p) -> p.snapshot.isFailed())
                        .thenComparing(p -> p.snapshot.startAt()).thenComparing(p -> p.snapshot.id()))
                .forEach(p -> standing.putIfAbsent(p.sourceVolume(), p));
        parts = standing.values().stream()
                .sorted(Comparator.comparing(Part::member).thenComparing(p -> p.snapshot.id())).toList();
    }

    /** The sets of one run over one kops cluster: one per etcd cluster, in the order of the judgement. */
    public static List<SnapshotSet> of(String set, List<EtcdCluster> judged, Map<Source, Snapshot> snapshots) {
        return judged.stream().map(etcd -> new SnapshotSet(set, etcd.cluster(), etcd.etcd(), etcd.membersExpected(),
                snapshots.entrySet().stream().filter(e -> e.getKey().etcd().equals(etcd.etcd()))
                        .map(e -> new Part(e.getKey().member(), e.getKey().volume().zone(), e.getValue())).toList()))
                .toList();
    }

    public int quorum() {
        return membersExpected.size() / 2 + 1;
    }

    public Verdict verdict() {
        if (parts.stream().anyMatch(p -> p.snapshot.isFailed())) {
            return Verdict.FAILED;
        }
        boolean oneEach = !membersExpected.isEmpty()
                && parts.stream().map(Part::member).toList().equals(membersExpected);
        if (!oneEach) {
            return Verdict.INCOMPLETE;
        }
        if (!parts.stream().allMatch(p -> p.snapshot.isCompleted())) {
            return Verdict.PENDING;
        }
        boolean archived = parts.stream().anyMatch(p -> p.snapshot.tier().equals("archive"));
        return archived ? Verdict.ARCHIVED : Verdict.RESTORABLE;
    }

    /** The time between its first and its last moment; zero for one snapshot. */
    public Duration skew() {
        Optional<Instant> first = parts.stream().map(p -> p.snapshot.startAt()).min(Comparator.naturalOrder());
        return first.flatMap(f -> newestStartAt().map(n -> Duration.between(f, n))).orElse(Duration.ZERO);
    }

    public Optional<Instant> newestStartAt() {
        return parts.stream().map(p -> p.snapshot.startAt()).max(Comparator.naturalOrder());
    }
}
