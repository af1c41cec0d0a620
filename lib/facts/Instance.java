package facts;

import java.util.Map;

/** One EC2 instance, as DescribeInstances said. {@code account} is the owner of its reservation. */
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
}
