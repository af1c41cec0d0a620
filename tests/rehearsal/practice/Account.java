package practice;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

import disk.Disks;

/** What the account holds now; a {@link World} is what it held at the start. One request at a time may change it. */
final class Account {

    static final String ID = "123456789012";

    final String region;
    final Settings settings;
    final DueChanges dueChanges = new DueChanges();
    final ResourceStore<World.Volume> volumes = new ResourceStore<>(Kind.VOLUME, World.Volume::tags, World.Volume::tags);
    final ResourceStore<World.Instance> instances =
            new ResourceStore<>(Kind.INSTANCE, World.Instance::tags, World.Instance::tags);
    final ResourceStore<Snapshots.Taken> snapshots =
            new ResourceStore<>(Kind.SNAPSHOT, taken -> taken.first().tags(), Snapshots.Taken::tags);
    final Attachments attachments = new Attachments(this);
    final Initializations initializations = new Initializations();
    final Locks locks = new Locks(this);
    final ClientTokens tokens = new ClientTokens();
    Workloads workloads = Workloads.NONE;

    private final Map<Kind, SplittableRandom> ids = new EnumMap<>(Kind.class);
    private final Set<String> made = new TreeSet<>();

    /** A change of the bytes of volumes or snapshots. */
    @FunctionalInterface
    interface DiskChange {
        void apply(Disks disks) throws IOException;
    }

    Account(World world, Settings settings) throws IOException {
        this.region = world.region();
        this.settings = settings;
        Instant started = settings.clock().now();
        for (Kind kind : Kind.values()) {
            ids.put(kind, new SplittableRandom(kind.prefix.hashCode()));
        }
        world.instances().forEach(i -> instances.put(i.id(), i, started));
        for (World.Volume v : world.volumes()) {
            settings.disks().blank(v.id(), v.sizeGib());
            volumes.put(v.id(), v, started);
            attachments.start(v);
            if (v.state().equals("creating")) {
                Instant from = v.createdAt().isAfter(started) ? v.createdAt() : started;
                dueChanges.at(from.plus(settings.volumeCreating()), () -> available(v.id()));
            }
        }
        for (World.Snapshot s : world.snapshots()) {
            settings.disks().blank(s.id(), s.sizeGib());
            snapshots.put(s.id(), Snapshots.Taken.from(s, started, settings), started);
        }
    }

    /** Makes every change that is due by now. */
    void advanceTo(Instant now) {
        dueChanges.advanceTo(now);
        attachments.advanceTo(now);
    }

    void available(String volume) {
        volumes.change(volume, v -> v.state().equals("creating") ? v.state("available") : v);
    }

    /** False for a volume that is attached to an instance outside the world: nobody here knows the root of that instance. */
    boolean isRoot(World.Volume volume) {
        return instances.find(volume.attachedTo()).filter(i -> i.rootDevice().equals(volume.device())).isPresent();
    }

    /** A new id, the same on every run. An id that the world holds already is left out: an earlier cloud may have made it. */
    String newId(Kind kind) {
        String id;
        do {
            id = String.format("%s0%016x", kind.prefix, ids.get(kind).nextLong());
        } while (volumes.find(id).isPresent() || instances.find(id).isPresent() || snapshots.find(id).isPresent());
        made.add(id);
        return id;
    }

    void disks(DiskChange change) {
        try {
            change.apply(settings.disks());
        } catch (IOException failed) {
            throw Ec2Error.of(500, "InternalError", "The practice cloud's disks failed: " + failed.getMessage());
        }
    }

    /**
     * What calls made since the start and nothing uses now, a line each. An instance with a data volume is in use, and so is
     * a volume that is attached.
     */
    List<String> leftBehind(Instant now) {
        List<String> left = new ArrayList<>();
        for (String id : made) {
            instances.find(id).filter(i -> !Set.of("shutting-down", "terminated").contains(i.state()))
                    .filter(i -> volumes.all().stream().noneMatch(v -> v.attachedTo().equals(id) && !isRoot(v)))
                    .ifPresent(i -> left.add("instance " + id + " is " + i.state()));
            snapshots.find(id).map(taken -> taken.at(now).state()).filter(state -> !state.equals("completed"))
                    .ifPresent(state -> left.add("snapshot " + id + " is " + state));
            volumes.find(id).filter(v -> v.attachedTo().isEmpty() && !v.state().equals("deleting"))
                    .ifPresent(v -> left.add("volume " + id + " is " + v.state() + " and attached nowhere"));
        }
        return left;
    }
}
