package tags;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import facts.Facts;
import facts.Instance;
import facts.Volume;

/**
 * To which kops cluster each etcd volume belongs. Three tags name the cluster and may disagree: KubernetesCluster,
 * kubernetes.io/cluster/CLUSTER and the end of Name. The cluster that most of the three name is taken. On a tie the cluster
 * that most volumes of the region name is taken. So one mistyped tag neither hides a volume nor makes up a cluster.
 */
public final class Clusters {
    private final Map<String, String> home = new HashMap<>();
    private final SortedSet<String> names = new TreeSet<>();

    public Clusters(Facts facts) {
        List<Volume> etcd = facts.volumes().stream().filter(Volume::exists).filter(Clusters::isEtcd).toList();
        Map<String, Integer> weight = new HashMap<>();
        etcd.forEach(v -> evidence(v).forEach(c -> weight.merge(c, 1, Integer::sum)));
        for (Volume volume : etcd) {
            plurality(evidence(volume), weight).or(() -> ofHolder(facts, volume)).ifPresent(cluster -> {
                home.put(volume.id(), cluster);
                if (volume.tags().keySet().stream().anyMatch(EtcdTag::isKey)) {
                    names.add(cluster);
                }
            });
        }
    }

    /** The clusters of the region, in the order of their names. */
    public SortedSet<String> names() {
        return names;
    }

    public boolean isHome(Volume volume, String cluster) {
        return cluster.equals(home.get(volume.id()));
    }

    /** Volumes of pods carry the cluster's tags too. An etcd volume has an etcd tag, a parked etcd tag or the Name of one. */
    public static boolean isEtcd(Volume v) {
        return VolumeName.of(v).isPresent()
                || v.tags().keySet().stream().anyMatch(k -> EtcdTag.isKey(k) || OwnTags.isParkedEtcdKey(k));
    }

    /** kops tags the Auto Scaling group of control-plane nodes with a role key: `master` until 1.25, both since. */
    public static boolean isNodeOf(String cluster, Instance instance) {
        Map<String, String> tags = instance.tags();
        boolean role = tags.containsKey(LiveTags.ROLE_MASTER) || tags.containsKey(LiveTags.ROLE_CONTROL_PLANE);
        boolean named = cluster.equals(tags.get(LiveTags.KUBERNETES_CLUSTER))
                || tags.containsKey(LiveTags.clusterKey(cluster));
        return role && named;
    }

    /** Every cluster that the volume's own tags name; a cluster that is named twice stands twice. */
    public static List<String> evidence(Volume v) {
        List<String> named = new ArrayList<>();
        v.tag(LiveTags.KUBERNETES_CLUSTER).ifPresent(named::add);
        v.tag(OwnTags.parked(LiveTags.KUBERNETES_CLUSTER)).ifPresent(named::add);
        v.tags().keySet().stream().filter(LiveTags::isClusterKey).sorted().map(LiveTags::clusterOfKey)
                .forEach(named::add);
        VolumeName.of(v).map(VolumeName::cluster).ifPresent(named::add);
        return named;
    }

    private static Optional<String> plurality(List<String> named, Map<String, Integer> weight) {
        Comparator<String> byVotes = Comparator.comparing(c -> named.stream().filter(c::equals).count());
        Comparator<String> byVolumes = Comparator.comparing(weight::get);
        return named.stream().distinct()
                .max(byVotes.thenComparing(byVolumes).thenComparing(Comparator.reverseOrder()));
    }

    private static Optional<String> ofHolder(Facts facts, Volume volume) {
        return facts.holderOf(volume).map(i -> i.tags().get(LiveTags.KUBERNETES_CLUSTER));
    }
}
