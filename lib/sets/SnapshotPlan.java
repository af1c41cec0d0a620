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
import tags.Membership;

/**
 * The API calls that snapshot every etcd volume of one kops cluster, as near to one moment as EC2 allows.
 *
 * @param calls       one call each, to be made side by side
 * @param impossible volumes in a state of which EC2 takes no snapshot
 */
public record SnapshotPlan(List<SnapshotCall> calls, List<Source> impossible) {
    /** EC2 takes no more exclusions in one CreateSnapshots (API reference, InstanceSpecification). */
    private static final int MOST_EXCLUSIONS = 40;

    /** A volume and the member that it holds by its etcd tag or its Name; an empty member when neither tells. */
    public record Source(Volume volume, String etcd, String member, List<String> members) {
    }

    /**
     * One call. With an instance: CreateSnapshots, which takes all its etcd volumes at one instant. Without an instance
     * (empty): CreateSnapshot of the only source.
     *
     * @param excluded volumes of the instance that hold no etcd member; the API excludes the root volume by a switch of its own
     */
    public record SnapshotCall(String instance, List<Source> sources, List<String> excluded) {
        public List<String> volumes() {
            return sources.stream().map(s -> s.volume().id()).toList();
        }
    }

    /** @param already sources that the set holds a snapshot of; the same command again adds only what is missing */
    public static SnapshotPlan of(Facts facts, List<EtcdCluster> judged, Set<Source> already) {
        List<Source> impossible = new ArrayList<>();
        Map<String, List<Source>> byInstance = new LinkedHashMap<>();
        List<SnapshotCall> calls = new ArrayList<>();
        for (Source source : sources(facts, judged)) {
            Optional<Instance> holder = facts.holderOf(source.volume());
            if (already.contains(source)) {
                continue;
            }
            if (!Set.of("available", "in-use").contains(source.volume().state())) {
                impossible.add(source);
            } else if (holder.isEmpty()) {
                calls.add(new SnapshotCall("", List.of(source), List.of()));
            } else {
                byInstance.computeIfAbsent(holder.get().id(), id -> new ArrayList<>()).add(source);
            }
        }
        byInstance.forEach((instance, sources) -> {
            List<String> excluded = others(facts, facts.instances().get(instance), sources);
            if (excluded.size() <= MOST_EXCLUSIONS) {
                calls.add(new SnapshotCall(instance, sources, excluded));
            } else {
                sources.forEach(s -> calls.add(new SnapshotCall("", List.of(s), List.of())));
            }
        });
        return new SnapshotPlan(List.copyOf(calls), impossible);
    }

    /** Every volume of the cluster with a trace of a member: duplicates and near misses too, since anyone may be needed. */
    public static List<Source> sources(Facts facts, List<EtcdCluster> judged) {
        Clusters clusters = new Clusters(facts);
        Map<String, Source> sources = new LinkedHashMap<>();
        for (EtcdCluster etcd : judged) {
            for (Claim claim : etcd.allVolumes()) {
                Volume volume = claim.volume();
                if (clusters.isHome(volume, etcd.cluster())) {
                    String member = Membership.claimedOrNamed(volume, etcd.etcd()).orElse("");
                    sources.putIfAbsent(volume.id(), new Source(volume, etcd.etcd(), member, etcd.membersExpected()));
                }
            }
        }
        return List.copyOf(sources.values());
    }

    /** The snapshot that stands for each source: of several snapshots of one volume, the earliest that did not fail. */
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
