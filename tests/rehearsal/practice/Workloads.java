package practice;

/**
 * What runs on the instances. The cloud calls these methods while it answers a request. So a method may not call the cloud
 * itself: it starts its work on a thread of its own and returns.
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

    /** The instance was started: it is {@code pending} and will be {@code running}. */
    void started(World.Instance instance);

    /** The instance was stopped. When this returns, nothing of it runs, and none of its volumes is mounted. */
    void stopped(World.Instance instance);

    /** Whether an instance has the volume mounted, which keeps a detachment {@code busy} (EBS User Guide, "Detach"). */
    boolean mounts(String volume);
}
