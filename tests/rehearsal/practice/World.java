package practice;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What an account holds in one region when a cloud starts. A world is immutable: a test takes a named world and says in one
 * line what is different. An edit of a resource that is not there throws, or a mistake in a test would not be noticed.
 */
public record World(String name, String description, String region, List<Instance> instances, List<Volume> volumes,
                    List<Snapshot> snapshots) {

    public World {
        instances = sorted(instances, Instance::id);
        volumes = sorted(volumes, Volume::id);
        snapshots = sorted(snapshots, Snapshot::id);
    }

    public static World empty(String name, String description, String region) {
        return new World(name, description, region, List.of(), List.of(), List.of());
    }

    public World called(String newName, String newDescription) {
        return new World(newName, newDescription, region, instances, volumes, snapshots);
    }

    public Volume volume(String id) {
        return one(volumes, v -> v.id().equals(id), id);
    }

    public Instance instance(String id) {
        return one(instances, i -> i.id().equals(id), id);
    }

    public World plus(Volume... more) {
        return volumes(Stream.concat(volumes.stream(), Stream.of(more)).toList());
    }

    public World plus(Instance... more) {
        return instances(Stream.concat(instances.stream(), Stream.of(more)).toList());
    }

    public World plus(Snapshot... more) {
        return snapshots(Stream.concat(snapshots.stream(), Stream.of(more)).toList());
    }

    /** The resources of both worlds together: for two clusters in one account. */
    public World plus(World other) {
        return plus(other.instances.toArray(Instance[]::new)).plus(other.volumes.toArray(Volume[]::new))
                .plus(other.snapshots.toArray(Snapshot[]::new));
    }

    public World withVolume(String id, UnaryOperator<Volume> edit) {
        return without(id).plus(edit.apply(volume(id)));
    }

    public World withInstance(String id, UnaryOperator<Instance> edit) {
        Instance edited = edit.apply(instance(id));
        return instances(instances.stream().map(i -> i.id().equals(id) ? edited : i).toList());
    }

    public World withVolumes(UnaryOperator<Volume> edit) {
        return volumes(volumes.stream().map(edit).toList());
    }

    public World withInstances(UnaryOperator<Instance> edit) {
        return instances(instances.stream().map(edit).toList());
    }

    public World without(String volumeId) {
        volume(volumeId);
        return volumes(volumes.stream().filter(v -> !v.id().equals(volumeId)).toList());
    }

    /** Removes the instance, as if AWS had forgotten it already. Its volumes stay, detached. */
    public World withoutInstance(String id) {
        instance(id);
        return instances(instances.stream().filter(i -> !i.id().equals(id)).toList())
                .withVolumes(v -> v.attachedTo().equals(id) ? v.detached() : v);
    }

    public World withoutSnapshot(String id) {
        one(snapshots, s -> s.id().equals(id), id);
        return snapshots(snapshots.stream().filter(s -> !s.id().equals(id)).toList());
    }

    private World instances(List<Instance> changed) {
        return new World(name, description, region, changed, volumes, snapshots);
    }

    private World volumes(List<Volume> changed) {
        return new World(name, description, region, instances, changed, snapshots);
    }

    private World snapshots(List<Snapshot> changed) {
        return new World(name, description, region, instances, volumes, changed);
    }

    private static <T> T one(List<T> all, Predicate<T> wanted, String what) {
        List<T> found = all.stream().filter(wanted).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(what + ": " + found.size() + " in this world");
        }
        return found.get(0);
    }

    private static <T> List<T> sorted(List<T> all, Function<T, String> id) {
        if (all.stream().map(id).distinct().count() != all.size()) {
            throw new IllegalArgumentException("two resources have the same id");
        }
        List<T> copy = new ArrayList<>(all);
        copy.sort(Comparator.comparing(id));
        return List.copyOf(copy);
    }

    private static Map<String, String> with(Map<String, String> tags, String key, String value) {
        Map<String, String> copy = new TreeMap<>(tags);
        copy.put(key, value);
        return copy;
    }

    private static Map<String, String> without(Map<String, String> tags, String key) {
        Map<String, String> copy = new TreeMap<>(tags);
        copy.remove(key);
        return copy;
    }

    public record Instance(String id, String zone, String state, String rootDevice, Map<String, String> tags,
                           Instant launchedAt) {

        public Instance {
            tags = Map.copyOf(tags);
        }

        public Instance state(String s) {
            return new Instance(id, zone, s, rootDevice, tags, launchedAt);
        }

        public Instance tags(Map<String, String> all) {
            return new Instance(id, zone, state, rootDevice, all, launchedAt);
        }

        public Instance tag(String key, String value) {
            return tags(with(tags, key, value));
        }

        public Instance untag(String key) {
            return tags(without(tags, key));
        }
    }

    /** Where EC2 leaves a fact out, {@code iops} and {@code throughput} are 0 and other facts are empty. */
    public record Volume(String id, String zone, int sizeGib, String type, int iops, int throughput,
                         boolean encrypted, String kmsKeyId, String snapshotId, String state, Instant createdAt,
                         Map<String, String> tags, String attachedTo, String device) {

        public Volume {
            tags = Map.copyOf(tags);
        }

        /** A detached gp3 volume as kops makes it by default. */
        public static Volume gp3(String id, String zone, int sizeGib, Instant createdAt) {
            return new Volume(id, zone, sizeGib, "gp3", 3000, 125, false, "", "", "available", createdAt, Map.of(), "",
                    "");
        }

        public Volume id(String x) {
            return new Volume(x, zone, sizeGib, type, iops, throughput, encrypted, kmsKeyId, snapshotId, state,
                    createdAt, tags, attachedTo, device);
        }

        public Volume zone(String z) {
            return new Volume(id, z, sizeGib, type, iops, throughput, encrypted, kmsKeyId, snapshotId, state,
                    createdAt, tags, attachedTo, device);
        }

        public Volume sizeGib(int gib) {
            return new Volume(id, zone, gib, type, iops, throughput, encrypted, kmsKeyId, snapshotId, state,
                    createdAt, tags, attachedTo, device);
        }

        public Volume type(String t, int newIops, int newThroughput) {
            return new Volume(id, zone, sizeGib, t, newIops, newThroughput, encrypted, kmsKeyId, snapshotId, state,
                    createdAt, tags, attachedTo, device);
        }

        public Volume encryptedWith(String key) {
            return new Volume(id, zone, sizeGib, type, iops, throughput, true, key, snapshotId, state, createdAt, tags,
                    attachedTo, device);
        }

        public Volume fromSnapshot(String snapshot) {
            return new Volume(id, zone, sizeGib, type, iops, throughput, encrypted, kmsKeyId, snapshot, state,
                    createdAt, tags, attachedTo, device);
        }

        public Volume state(String s) {
            return new Volume(id, zone, sizeGib, type, iops, throughput, encrypted, kmsKeyId, snapshotId, s,
                    createdAt, tags, attachedTo, device);
        }

        public Volume createdAt(Instant at) {
            return new Volume(id, zone, sizeGib, type, iops, throughput, encrypted, kmsKeyId, snapshotId, state, at,
                    tags, attachedTo, device);
        }

        public Volume tags(Map<String, String> all) {
            return new Volume(id, zone, sizeGib, type, iops, throughput, encrypted, kmsKeyId, snapshotId, state,
                    createdAt, all, attachedTo, device);
        }

        public Volume tag(String key, String value) {
            return tags(with(tags, key, value));
        }

        public Volume untag(String key) {
            return tags(without(tags, key));
        }

        public Volume attachedTo(String instance, String at) {
            return new Volume(id, zone, sizeGib, type, iops, throughput, encrypted, kmsKeyId, snapshotId, "in-use",
                    createdAt, tags, instance, at);
        }

        /** With the device name it had, or else with one that kops' nodes do not use. */
        public Volume attachedTo(String instance) {
            return attachedTo(instance, device.isEmpty() ? "/dev/xvdba" : device);
        }

        public Volume detached() {
            return attachedTo("", "").state("available");
        }
    }

    public record Snapshot(String id, String volumeId, String state, String progress, Instant startAt, int sizeGib,
                           boolean encrypted, String kmsKeyId, String storageTier, String description,
                           Map<String, String> tags) {

        public Snapshot {
            tags = Map.copyOf(tags);
        }

        /** A completed snapshot in the standard tier, with the volume's size, key and tags. */
        public static Snapshot of(String id, Volume volume, Instant startAt) {
            return new Snapshot(id, volume.id(), "completed", "100%", startAt, volume.sizeGib(), volume.encrypted(),
                    volume.kmsKeyId(), "standard", "", volume.tags());
        }

        public Snapshot state(String s, String newProgress) {
            return new Snapshot(id, volumeId, s, newProgress, startAt, sizeGib, encrypted, kmsKeyId, storageTier,
                    description, tags);
        }

        public Snapshot storageTier(String tier) {
            return new Snapshot(id, volumeId, state, progress, startAt, sizeGib, encrypted, kmsKeyId, tier,
                    description, tags);
        }

        public Snapshot tags(Map<String, String> all) {
            return new Snapshot(id, volumeId, state, progress, startAt, sizeGib, encrypted, kmsKeyId, storageTier,
                    description, all);
        }

        public Snapshot tag(String key, String value) {
            return tags(with(tags, key, value));
        }

        public Snapshot untag(String key) {
            return tags(without(tags, key));
        }
    }
}
