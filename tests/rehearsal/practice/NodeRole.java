package practice;

import java.util.Optional;
import java.util.Set;

/**
 * The IAM role of an instance. A call whose access key is the id of an instance counts as made by that instance. An instance
 * may do what kops allows a control-plane node to do with etcd volumes (kops pkg/model/iam/iam_builder.go since 1.22). Every
 * other caller may do everything.
 */
final class NodeRole {

    private static final Set<String> ALLOWED =
            Set.of("DescribeVolumes", "DescribeInstances", "AttachVolume", "GetCallerIdentity");

    private final Account account;

    NodeRole(Account account) {
        this.account = account;
    }

    /** The role allows volumes by their tags. A volume that does not exist has no tags, so it is not allowed either. */
    void check(String caller, String action, Call call) {
        Optional<World.Instance> instance = account.instances.find(caller);
        if (instance.isEmpty()) {
            return;
        }
        if (!ALLOWED.contains(action) || action.equals("AttachVolume") && !mayAttach(instance.get(), call)) {
            throw Ec2Error.of(403, "UnauthorizedOperation", "You are not authorized to perform this operation. The role "
                    + "of " + caller + " does not allow " + action + ".");
        }
    }

    private boolean mayAttach(World.Instance instance, Call call) {
        String cluster = instance.tags().getOrDefault("KubernetesCluster", "");
        return !cluster.isEmpty() && account.volumes.find(call.text("VolumeId").orElse("")).map(World.Volume::tags)
                .filter(tags -> cluster.equals(tags.get("KubernetesCluster")))
                .filter(tags -> "1".equals(tags.get("k8s.io/role/master"))).isPresent();
    }
}
