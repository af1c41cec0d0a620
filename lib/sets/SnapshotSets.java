package sets;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import facts.Snapshot;
import judgement.QuorumJudgement;
import tags.SnapshotRecord;

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

    /** The newest moment in all etcd clusters of the set, so that these stay together in the list. */
    private static Instant newest(Map<List<String>, List<Snapshot>> groups, SnapshotSet set) {
        return groups.entrySet().stream().filter(g -> g.getKey().get(0).equals(set.set()))
                .flatMap(g -> g.getValue().stream()).map(Snapshot::startAt).max(Comparator.naturalOrder()).orElseThrow();
    }

    private static SnapshotSet set(String cluster, String set, String etcd, List<Snapshot> snapshots) {
        Map<List<String>, Integer> lists = new LinkedHashMap<>();
        snapshots.forEach(s -> SnapshotRecord.of(s).members().ifPresent(m -> lists.merge(m, 1, Integer::sum)));
        List<String> members = lists.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey)
                .orElse(List.of());
        return new SnapshotSet(set, cluster, etcd, members,
                snapshots.stream().map(s -> new SnapshotSet.Part(SnapshotRecord.of(s).member().orElse(""),
                        SnapshotRecord.of(s).zone().orElse(""), s)).toList());
    }
}
