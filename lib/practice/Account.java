package practice;

import java.time.Instant;

/** The mutable half: what the account holds by now. Only ever touched by one request at a time. */
final class Account {

    static final String ID = "123456789012";

    final String region;
    final Settings settings;
    final Shelf<World.Volume> volumes = new Shelf<>(Kind.VOLUME, World.Volume::tags, World.Volume::tags);
    final Shelf<World.Instance> instances =
            new Shelf<>(Kind.INSTANCE, World.Instance::tags, World.Instance::tags);
    final Shelf<Snapshots.Taken> snapshots =
            new Shelf<>(Kind.SNAPSHOT, taken -> taken.first().tags(), Snapshots.Taken::tags);

    private final Instant started;

    Account(World world, Settings settings) {
        this.region = world.region();
        this.settings = settings;
        this.started = settings.clock().now();
        world.instances().forEach(i -> instances.put(i.id(), i, started));
        world.volumes().forEach(v -> volumes.put(v.id(), v, started));
        world.snapshots().forEach(s -> snapshots.put(s.id(), Snapshots.Taken.from(s, started, settings), started));
    }

    /** A volume that a world starts with in {@code creating} has the whole of it before it. */
    World.Volume now(World.Volume volume, Instant now) {
        Instant from = volume.createdAt().isAfter(started) ? volume.createdAt() : started;
        return volume.state().equals("creating") && !now.isBefore(from.plus(settings.volumeCreating()))
                ? volume.state("available") : volume;
    }

    /** A volume may be attached to an instance that a world does not hold; such a one has no root here. */
    boolean isRoot(World.Volume volume) {
        return instances.find(volume.attachedTo()).filter(i -> i.rootDevice().equals(volume.device())).isPresent();
    }
}
