package facts;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What EC2 said at one look: all volumes of the region, the instances that hold any, the snapshots that any came from. */
public record Facts(List<Volume> volumes, Map<String, Instance> instances, Map<String, Snapshot> snapshots) {

    public Optional<Instance> holderOf(Volume volume) {
        return volume.attachedTo().map(instances::get);
    }

    /** The instance that holds the volume, unless it is known to be off. Its etcd goes on whatever the tags say. */
    public Optional<String> runningHolderOf(Volume volume) {
        return volume.attachedTo().filter(id -> instances.get(id) == null || !instances.get(id).isOff());
    }

    public Optional<Snapshot> originOf(Volume volume) {
        return Optional.ofNullable(snapshots.get(volume.snapshot()));
    }
}
