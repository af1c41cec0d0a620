package kops;

import java.util.Map;

/** One EC2 instance, as DescribeInstances said it. {@code account} is the owner of its reservation. */
public record Instance(
        String id, String state, String zone, String rootDevice, String account, Map<String, String> tags) {

    public Instance {
        tags = Map.copyOf(tags);
    }

    public boolean isRunning() {
        return state.equals("running");
    }

    /** Nothing of it can run before somebody starts it again. */
    boolean isOff() {
        return state.equals("stopped") || state.equals("terminated");
    }

    /** kops tags the auto scaling group of control-plane nodes with a role key, `master` until 1.25 and both since. */
    public boolean isControlPlaneOf(String cluster) {
        boolean role = tags.containsKey(LiveTags.ROLE_MASTER) || tags.containsKey(LiveTags.ROLE_CONTROL_PLANE);
        boolean named = cluster.equals(tags.get(LiveTags.KUBERNETES_CLUSTER))
                || tags.containsKey(LiveTags.clusterKey(cluster));
        return role && named;
    }
}
