package sets;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import facts.Facts;
import facts.Instance;
import facts.Snapshot;
import facts.Volume;
import judgement.EtcdCluster;
import judgement.EtcdCluster.Claim;
import tags.Clusters;
import tags.EtcdTag;

/**
 * The API calls that snapshot every etcd volume of one kops cluster, as near to one moment as EC2 allows.
 *
 * @param cuts       one call each, to be made side by side
 * @param impossible volumes in a state of which EC2 takes no snapshot
 */
public record SnapshotPlan(List<Cut> cuts, List<Source> impossible) {
    /** EC2 takes no more exclusions in one CreateSnapshots (API reference, InstanceSpecification). */
    private static final int MOST_EXCLUSIONS = 40;

    /** A volume and the member it holds, as its tags or at least its name say; both empty when nothing says. */
    public record Source(Volume volume, String etcd, String member, List<String> members) {
    }

    /**
     * One call: with an instance, CreateSnapshots, which cuts all its etcd volumes at one instant; without (empty),
     * CreateSnapshot of the only source.
     *
     * @param excluded volumes of the instance that are none of ours; the root volume has a switch of its own
     */
    public record Cut(String instance, List<Source> sources, List<String> excluded) {
        public List<String> volumes() {
            return sources.stream().map(s -> s.volume().id()).toList();
        }
    }

    /** @param already sources that the set holds a snapshot of; what is asked again only adds what is missing */
    public static SnapshotPlan of(Facts facts, List<EtcdCluster> judged, Set<Source> already) {
        List<Source> impossible = new ArrayList<>();
        Map<String, List<Source>> byInstance = new LinkedHashMap<>();
        List<Cut> cuts = new ArrayList<>();
        for (Source source : sources(facts, judged)) {
            Optional<Instance> holder = facts.holderOf(source.volume());
            if (already.contains(source)) {
                continue;
            }
            if (!Set.of("available", "in-use").contains(source.volume().state())) {
                impossible.add(source);
            } else if (holder.isEmpty()) {
                cuts.add(new Cut("", List.of(source), List.of()));
            } else {
                byInstance.computeIfAbsent(holder.get().id(), id -> new ArrayList<>()).add(source);
            }
        }
        byInstance.forEach((instance, sources) -> {
            List<String> excluded = others(facts, facts.instances().get(instance), sources);
            if (excluded.size() <= MOST_EXCLUSIONS) {
                cuts.add(new Cut(instance, sources, excluded));
            } else {
                sources.forEach(s -> cuts.add(new Cut("", List.of(s), List.of())));
            }
        });
        return new SnapshotPlan(List.copyOf(cuts), impossible);
    }

    /** Every volume of the cluster with a trace of an etcd member: twins and near misses too, nobody knows which is needed. */
    public static List<Source> sources(Facts facts, List<EtcdCluster> judged) {
        Clusters clusters = new Clusters(facts);
        Map<String, Source> sources = new LinkedHashMap<>();
        for (EtcdCluster etcd : judged) {
            for (Claim claim : etcd.allVolumes()) {
                Volume volume = claim.volume();
                if (clusters.isHome(volume, etcd.cluster())) {
                    sources.putIfAbsent(volume.id(),
                            new Source(volume, etcd.etcd(), EtcdTag.memberOf(volume, etcd.etcd()), etcd.membersExpected()));
                }
            }
        }
        return List.copyOf(sources.values());
    }

    /** Which of the snapshots stand for which source: of several of one volume the earliest that did not fail. */
    public static Map<Source, Snapshot> standing(List<Source> sources, List<Snapshot> snapshots) {
        Map<Source, Snapshot> standing = new LinkedHashMap<>();
        for (Source source : sources) {
            snapshots.stream().filter(s -> s.volume().equals(source.volume().id()) && !s.isFailed())
                    .min(Comparator.comparing(Snapshot::startAt)).ifPresent(s -> standing.put(source, s));
        }
        return standing;
    }

    private static List<String> others(Facts facts, Instance instance, List<Source> sources) {
        Set<String> ours = Set.copyOf(sources.stream().map(s -> s.volume().id()).toList());
        return facts.volumes().stream()
                .filter(v -> v.attachments().stream().anyMatch(a -> a.holds() && a.instance().equals(instance.id())
                        && !a.device().equals(instance.rootDevice())))
                .map(Volume::id).filter(id -> !ours.contains(id)).sorted().toList();
    }
}
