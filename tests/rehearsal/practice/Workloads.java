package practice;

/**
 * What runs on the instances. Called inside the request that causes it, so it may not call the cloud before it returns,
 * and its work begins on threads of its own.
 */
public interface Workloads {

    Workloads NONE = new Workloads() {
        @Override
        public void started(World.Instance instance) {
            // an instance on which nothing runs
        }

        @Override
        public void stopped(World.Instance instance) {
            // nothing was running
        }

        @Override
        public boolean mounts(String volume) {
            return false;
        }
    };

    /** The power is on; the instance will be {@code running}. */
    void started(World.Instance instance);

    /** The power is gone: when this returns nothing of the instance runs, and none of its volumes is mounted. */
    void stopped(World.Instance instance);

    /** Whether a guest has it mounted, which keeps a detach {@code busy} (EBS User Guide, "Detach"). */
    boolean mounts(String volume);
}
