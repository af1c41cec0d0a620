package node;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which program mounts the volumes of a node, by the version of kops, and with which filters it searches for them. */
enum KopsGeneration {
    /** kops up to 1.11 (kops protokube/pkg/protokube/aws_volume.go at 1.11.0). */
    PROTOKUBE,
    /** kops 1.12 to 1.25 (pkg/model/components/etcdmanager/model.go at 1.25). */
    ETCD_MANAGER_BEFORE_1_26,
    /** kops 1.26 and later (same file at 1.26). */
    ETCD_MANAGER;

    /** By the tags of an instance: the same kops wrote the tags and the manifest that runs on the instance. */
    static KopsGeneration of(Map<String, String> instanceTags, String cluster) {
        if (instanceTags.containsKey("k8s.io/role/control-plane")) {
            return ETCD_MANAGER;
        }
        return instanceTags.containsKey("kubernetes.io/cluster/" + cluster) ? ETCD_MANAGER_BEFORE_1_26 : PROTOKUBE;
    }

    /** The filters of DescribeVolumes, all of which have to match. None of the programs filters by the volume's state. */
    Map<String, String> filters(String cluster, String etcd, String zone) {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("availability-zone", zone);
        if (this == PROTOKUBE) {
            filters.put("tag:KubernetesCluster", cluster);
            filters.put("tag-key", "k8s.io/role/master");
            return filters;
        }
        filters.put("tag:kubernetes.io/cluster/" + cluster, "owned");
        filters.put(this == ETCD_MANAGER ? "tag:k8s.io/role/control-plane" : "tag:k8s.io/role/master", "1");
        filters.put("tag-key", "k8s.io/etcd/" + etcd);
        return filters;
    }
}
