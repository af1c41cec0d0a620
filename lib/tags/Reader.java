package tags;

import java.util.List;

import facts.Volume;

/** The programs that read an etcd volume's tags. Each wants other tags, so a volume can be right for one reader only. */
public enum Reader {
    /** kops until 1.11: KubernetesCluster and the mere key of the role (protokube/pkg/protokube/aws_volume.go). */
    PROTOKUBE("protokube") {
        @Override
        public boolean finds(Volume v, String cluster, String etcd) {
            return v.hasTag(LiveTags.KUBERNETES_CLUSTER, cluster) && v.tag(LiveTags.ROLE_MASTER).isPresent()
                    && v.tag(EtcdTag.key(etcd)).isPresent();
        }
    },
    /** The filters that kops 1.10 to 1.25 passes to etcd-manager (pkg/model/components/etcdmanager/model.go). */
    ETCD_MANAGER_BEFORE_1_26("etcd_manager_before_1_26") {
        @Override
        public boolean finds(Volume v, String cluster, String etcd) {
            return v.hasTag(LiveTags.clusterKey(cluster), "owned") && v.hasTag(LiveTags.ROLE_MASTER, "1")
                    && v.tag(EtcdTag.key(etcd)).isPresent();
        }
    },
    /** The filters that kops passes to etcd-manager since 1.26. */
    ETCD_MANAGER("etcd_manager") {
        @Override
        public boolean finds(Volume v, String cluster, String etcd) {
            return v.hasTag(LiveTags.clusterKey(cluster), "owned") && v.hasTag(LiveTags.ROLE_CONTROL_PLANE, "1")
                    && v.tag(EtcdTag.key(etcd)).isPresent();
        }
    },
    /** The strict AttachVolume condition of the control-plane role since kops 1.22 (pkg/model/iam/iam_builder.go). */
    NODE_IAM("node_iam") {
        @Override
        public boolean finds(Volume v, String cluster, String etcd) {
            return v.hasTag(LiveTags.KUBERNETES_CLUSTER, cluster) && v.hasTag(LiveTags.ROLE_MASTER, "1");
        }
    },
    /** `kops update cluster`: by Name and KubernetesCluster; without a hit it makes a blank duplicate (awstasks/ebsvolume.go). */
    KOPS_UPDATE("kops_update") {
        @Override
        public boolean finds(Volume v, String cluster, String etcd) {
            return v.hasTag(LiveTags.KUBERNETES_CLUSTER, cluster)
                    && VolumeName.of(v).filter(n -> n.etcd().equals(etcd) && n.cluster().equals(cluster)).isPresent();
        }
    };

    private final String word;

    Reader(String word) {
        this.word = word;
    }

    /** The key that reports use. */
    public String word() {
        return word;
    }

    /** Whether the reader's own filter lets this volume through, whatever the member's name. */
    public abstract boolean finds(Volume volume, String cluster, String etcd);

    /** The readers by which a generation's nodes and its kops find a volume. NODE_IAM only permits, so it is none of them. */
    public static List<Reader> finders(Generation generation) {
        return switch (generation) {
            case PROTOKUBE -> List.of(PROTOKUBE, KOPS_UPDATE);
            case ETCD_MANAGER_BEFORE_1_26 -> List.of(PROTOKUBE, ETCD_MANAGER_BEFORE_1_26, KOPS_UPDATE);
            case ETCD_MANAGER -> List.of(ETCD_MANAGER, KOPS_UPDATE);
        };
    }
}
