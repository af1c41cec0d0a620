package kops;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What EC2 said at one look: all volumes of the region, the instances that hold any, the snapshots that any came from. */
public record Facts(List<Volume> volumes, Map<String, Instance> instances, Map<String, Snapshot> snapshots) {

    /** Whether the judgement may need to know who holds the volume and where it came from. */
    public static boolean mayBeEtcd(Volume volume) {
        return volume.exists() && Clusters.isEtcd(volume);
    }

    public Optional<Instance> holderOf(Volume volume) {
        return volume.attachedTo().map(instances::get);
    }

    /** The instance that holds it, unless that is known to be off: its etcd goes on whatever the tags say. */
    Optional<String> runningHolderOf(Volume volume) {
        return volume.attachedTo().filter(id -> instances.get(id) == null || !instances.get(id).isOff());
    }

    public Optional<Snapshot> originOf(Volume volume) {
        return Optional.ofNullable(snapshots.get(volume.snapshot()));
    }

    /** What EC2 would say once these changes were made to tags. */
    public Facts after(List<PlannedChange> changes) {
        List<Volume> changed = volumes;
        for (PlannedChange change : changes) {
            changed = changed.stream().map(v -> v.id().equals(change.resource())
                    ? v.withTags(change.appliedTo(v.tags())) : v).toList();
        }
        return new Facts(changed, instances, snapshots);
    }
}
