package tags;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tags by which programs find an etcd volume ("live" tags), as kops writes them
 * (kops pkg/model/master_volumes.go and upup/pkg/fi/cloudup/awsup/aws_cloud.go).
 */
public final class LiveTags {
    public static final String NAME = "Name";
    public static final String KUBERNETES_CLUSTER = "KubernetesCluster";
    public static final String ROLE_MASTER = "k8s.io/role/master";
    public static final String ROLE_CONTROL_PLANE = "k8s.io/role/control-plane";
    private static final String CLUSTER_PREFIX = "kubernetes.io/cluster/";

    private LiveTags() {
    }

    public static String clusterKey(String cluster) {
        return CLUSTER_PREFIX + cluster;
    }

    /** Whether any reader of any generation may look at the key. */
    public static boolean isLive(String key) {
        return key.equals(NAME) || key.equals(KUBERNETES_CLUSTER) || key.equals(ROLE_MASTER)
                || key.equals(ROLE_CONTROL_PLANE) || isClusterKey(key) || EtcdTag.isKey(key);
    }

    /** Whether the key is one that says to which cluster a resource belongs: {@code kubernetes.io/cluster/<cluster>}. */
    public static boolean isClusterKey(String key) {
        return key.startsWith(CLUSTER_PREFIX) && key.length() > CLUSTER_PREFIX.length();
    }

    public static String clusterOfKey(String key) {
        return key.substring(CLUSTER_PREFIX.length());
    }

    /** The exact tags that the readers of a generation look for on this member's volume, in this order. */
    public static Map<String, String> required(Generation generation, String cluster, EtcdTag etcd) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(NAME, new VolumeName(etcd.member(), etcd.etcd(), cluster).toString());
        tags.put(KUBERNETES_CLUSTER, cluster);
        tags.put(etcd.key(), etcd.value());
        tags.put(ROLE_MASTER, "1");
        if (generation != Generation.PROTOKUBE) {
            tags.put(clusterKey(cluster), "owned");
        }
        if (generation == Generation.ETCD_MANAGER) {
            tags.put(ROLE_CONTROL_PLANE, "1");
        }
        return tags;
    }
}
