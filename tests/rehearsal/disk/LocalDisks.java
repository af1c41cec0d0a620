package disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the tiers that hold bytes have in common: a folder, a lock for each id, what is mounted and which processes write to
 * it. A tier adds what is its own: how a volume is mounted and unmounted, and how a mounted volume is copied.
 */
abstract class LocalDisks implements Disks {
    protected final WorkFolder home;
    protected final Path mounts;
    protected final Writers writers = new Writers();
    protected final Mounts mounted = new Mounts(writers);
    private final VolumeStore store;
    private final IdLocks locks = new IdLocks();

    LocalDisks(WorkFolder home, VolumeStore store) throws IOException {
        this.home = home;
        this.mounts = home.make("mounts");
        this.store = store;
    }

    /** Makes the file system of a volume visible in a folder, and makes one first where there is none. */
    abstract Mount makeMount(String volume) throws IOException;

    /** Brings what was written to the folder into the volume, and removes the folder. */
    abstract void endMount(String volume, Path folder) throws IOException;

    /** Copies a mounted volume whose writers stand still, if they have to. */
    abstract void copyMounted(String volume, Path folder, String copy) throws IOException;

    @Override
    public void blank(String volume, int gib) throws IOException {
        locks.run(Set.of(volume), () -> store.blank(volume, gib));
    }

    @Override
    public void cut(Map<String, String> copyByVolume) throws IOException {
        locks.run(copyByVolume.keySet(), () -> copyAtOneInstant(copyByVolume));
    }

    /** By stopping the writers meanwhile, which is right where the kernel writes nothing back on its own. */
    void copyAtOneInstant(Map<String, String> copyByVolume) throws IOException {
        writers.whileStopped(copyByVolume.keySet(), () -> copyAll(copyByVolume));
    }

    /** All copies, or none after a failure. */
    final void copyAll(Map<String, String> copyByVolume) throws IOException {
        List<String> made = new ArrayList<>();
        try {
            for (Map.Entry<String, String> each : copyByVolume.entrySet()) {
                Optional<Path> folder = mounted.folder(each.getKey());
                if (folder.isPresent()) {
                    copyMounted(each.getKey(), folder.get(), each.getValue());
                } else {
                    store.copy(each.getKey(), each.getValue());
                }
                made.add(each.getValue());
            }
        } catch (IOException failed) {
            for (String copy : made) {
                store.delete(copy);
            }
            throw failed;
        }
    }

    @Override
    public void copy(String from, String to, int gib) throws IOException {
        locks.run(Set.of(from, to), () -> {
            mounted.refuse("copying", from);
            store.copy(from, to, gib);
        });
    }

    @Override
    public void delete(String id) throws IOException {
        locks.run(Set.of(id), () -> {
            mounted.refuse("deleting", id);
            store.delete(id);
        });
    }

    @Override
    public Mount mount(String volume) throws IOException {
        return locks.get(Set.of(volume), () -> {
            mounted.refuse("mounting", volume);
            Mount mount = makeMount(volume);
            mounted.add(volume, mount.folder());
            return mount;
        });
    }

    @Override
    public void writer(String volume, ProcessHandle process) {
        mounted.writer(volume, process);
    }

    @Override
    public void unmount(String volume) throws IOException {
        locks.run(Set.of(volume), () -> {
            endMount(volume, mounted.folderToUnmount(volume));
            mounted.remove(volume);
        });
    }

    @Override
    public BitSet blocks(String snapshot) throws IOException {
        return locks.get(Set.of(snapshot), () -> {
            mounted.refuse("listing the blocks of", snapshot);
            return store.blocks(snapshot);
        });
    }

    @Override
    public byte[] block(String snapshot, int index) throws IOException {
        return store.block(snapshot, index);
    }

    @Override
    public List<String> mounted() {
        return mounted.folders();
    }

    @Override
    public void close() throws IOException {
        mounted.removeAll();
        home.leave();
    }
}
