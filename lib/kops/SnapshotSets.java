package kops;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The sets that a cluster's snapshots make up, by what was recorded on them. */
public final class SnapshotSets {
    private SnapshotSets() {
    }

    /** Newest first, by the newest moment in each; one per set and etcd cluster. */
    public static List<SnapshotSet> of(String cluster, List<Snapshot> snapshots) {
        Map<List<String>, List<Snapshot>> groups = new LinkedHashMap<>();
        for (Snapshot s : snapshots) {
            SnapshotRecord record = SnapshotRecord.of(s);
            if (record.set().isPresent() && record.etcd().isPresent() && record.cluster().filter(cluster::equals).isPresent()) {
                groups.computeIfAbsent(List.of(record.set().get(), record.etcd().get()), k -> new ArrayList<>()).add(s);
            }
        }
        return groups.entrySet().stream().map(g -> set(cluster, g.getKey().get(0), g.getKey().get(1), g.getValue()))
                .sorted(Comparator.comparing((SnapshotSet s) -> newest(groups, s)).reversed()
                        .thenComparing(SnapshotSet::set).thenComparing(QuorumJudgement.byEtcd(SnapshotSet::etcd))).toList();
    }

    /** Of all its etcd clusters, so that they stay together. */
    private static Instant newest(Map<List<String>, List<Snapshot>> groups, SnapshotSet set) {
        return groups.entrySet().stream().filter(g -> g.getKey().get(0).equals(set.set()))
                .flatMap(g -> g.getValue().stream()).map(Snapshot::startAt).max(Comparator.naturalOrder()).orElseThrow();
    }

    private static SnapshotSet set(String cluster, String set, String etcd, List<Snapshot> snapshots) {
        Map<String, Integer> lists = new TreeMap<>();
        snapshots.forEach(s -> members(s, etcd).ifPresent(m -> lists.merge(m, 1, Integer::sum)));
        String list = lists.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse("");
        return new SnapshotSet(set, cluster, etcd, list.isEmpty() ? List.of() : List.of(list.split(",")),
                snapshots.stream().map(s -> new SnapshotSet.Part(SnapshotRecord.of(s).member().orElse(""),
                        SnapshotRecord.of(s).zone().orElse(""), s)).toList());
    }

    private static Optional<String> members(Snapshot s, String etcd) {
        return Optional.ofNullable(s.tags().get(OwnTags.MEMBERS)).or(() -> Optional.ofNullable(
                s.tags().get(EtcdTag.key(etcd))).flatMap(v -> EtcdTag.parse(etcd, v)).map(t -> String.join(",", t.members())));
    }
}
