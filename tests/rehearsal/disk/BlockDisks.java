package disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Volumes as images that are mounted through loop devices, in a pool whose file system clones a live file at one
 * instant. The pool is needed because the usual root file system, ext4, cannot.
 */
public final class BlockDisks implements Disks {

    /** Only what is written takes room on the host. */
    private static final long POOL_BYTES = 64L << 30;

    /** Measured: the pool itself takes 65 MB, six volumes with 10 MB each and five snapshots of all of them 120 MB more. */
    private static final long ROOM_BYTES = 2L << 30;

    private static final int ATTEMPTS = 50;

    private final WorkFolder home;
    private final Path poolFile;
    private final Path pool;
    private final Path mounts;
    private final Images images;
    private final IdLocks turns = new IdLocks();
    private final Writers writers = new Writers();
    private final Mounts mounted = new Mounts(writers);

    private BlockDisks(WorkFolder home) throws IOException {
        this.home = home;
        this.poolFile = home.root().resolve("pool.xfs");
        this.pool = home.make("pool");
        this.mounts = home.make("mounts");
        this.images = Images.shared(pool);
    }

    /** In an empty or absent folder. */
    public static BlockDisks open(Path folder) throws IOException {
        WorkFolder home = WorkFolder.take(folder);
        BlockDisks disks = new BlockDisks(home);
        try {
            disks.makePool();
            return disks;
        } catch (IOException failed) {
            Tiers.close(disks, failed);
            throw failed;
        }
    }

    private void makePool() throws IOException {
        long room = Files.getFileStore(home.root()).getUsableSpace();
        if (room < ROOM_BYTES) {
            throw new IOException("only " + (room >> 20) + " MiB are free in " + home.root() + ", and the pool takes up to "
                    + (ROOM_BYTES >> 20) + " MiB");
        }
        Images.sized(poolFile, POOL_BYTES);
        Tool.MKFS_XFS.run("-q", "-m", "reflink=1", poolFile);
        Tool.Ran ran = Tool.MOUNT.tried("-t", "xfs", "-o", "loop", poolFile, pool);
        if (ran.exit() != 0) {
            throw new IOException("mounting a loop device was refused, which needs root (and --privileged in a "
                    + "container): " + ran.firstLines());
        }
    }

    @Override
    public Tier tier() {
        return Tier.BLOCK;
    }

    @Override
    public void blank(String volume, int gib) throws IOException {
        turns.on(volume, () -> images.blank(volume, gib));
    }

    /**
     * One clone is one instant: XFS keeps writes to a file out while it clones it (fs/xfs/xfs_reflink.c,
     * xfs_reflink_remap_prep), and a loop device passes each write on as one write to its file.
     *
     * <p>Several clones are one instant when nothing is written between them. Stopping the writers is not enough,
     * since the kernel goes on writing back what they left in memory; so the loop devices' counters are compared, and the
     * clones are taken again if a device was written to meanwhile.
     */
    @Override
    public void cut(Map<String, String> copyByVolume) throws IOException {
        turns.on(copyByVolume.keySet(), () -> {
            if (copyByVolume.size() == 1) {
                cloneAll(copyByVolume);
            } else {
                writers.whileStill(copyByVolume.keySet(), () -> cloneAtOneInstant(copyByVolume));
            }
        });
    }

    private void cloneAtOneInstant(Map<String, String> copyByVolume) throws IOException {
        List<Path> live = copyByVolume.keySet().stream().flatMap(volume -> mounted.folder(volume).stream()).toList();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (attempt > ATTEMPTS / 2) { // then there is much to write back, and once it is written it is over
                for (Path folder : live) {
                    Tool.SYNC.run("-f", folder);
                }
            }
            List<WriteCount> before = counts(live);
            if (before.stream().anyMatch(WriteCount::isUnderWay)) {
                continue;
            }
            cloneAll(copyByVolume);
            if (counts(live).equals(before)) {
                return;
            }
            for (String copy : copyByVolume.values()) {
                images.delete(copy);
            }
        }
        throw new IOException("cutting " + copyByVolume.keySet() + ": they are being written to by what was not named "
                + "as a writer");
    }

    private static List<WriteCount> counts(List<Path> live) throws IOException {
        List<WriteCount> counts = new ArrayList<>();
        for (Path folder : live) {
            counts.add(WriteCount.of(MountTable.below(folder).get(0).device()));
        }
        return counts;
    }

    private void cloneAll(Map<String, String> copyByVolume) throws IOException {
        CutCopies.allOrNone(copyByVolume, images::copy, images::delete);
    }

    @Override
    public void copy(String from, String to, int gib) throws IOException {
        turns.on(Set.of(from, to), () -> {
            mounted.refuse("copying", from);
            images.copy(from, to, gib);
        });
    }

    @Override
    public void delete(String id) throws IOException {
        turns.on(id, () -> {
            mounted.refuse("deleting", id);
            images.delete(id);
        });
    }

    @Override
    public Mount mount(String volume) throws IOException {
        return turns.taken(Set.of(volume), () -> {
            mounted.refuse("mounting", volume);
            Path image = images.get(volume);
            boolean formatted = !Ext4.isOn(image);
            if (formatted) {
                Ext4.make(image);
            } else {
                Ext4.check(image);
                Ext4.grow(image);
            }
            Path folder = Files.createDirectories(mounts.resolve(volume));
            Tool.MOUNT.run("-t", "ext4", "-o", "loop", image, folder);
            mounted.add(volume, folder);
            return new Mount(folder, formatted);
        });
    }

    @Override
    public void writer(String volume, ProcessHandle process) {
        mounted.writer(volume, process);
    }

    @Override
    public void unmount(String volume) throws IOException {
        turns.on(volume, () -> {
            Path folder = mounted.folderToUnmount(volume);
            Tool.Ran ran = Tool.UMOUNT.tried(folder);
            if (ran.exit() != 0) { // a process that was killed a moment ago may have its files open still
                String running = writers.stillRunning(volume);
                ran = Tool.UMOUNT.tried(folder);
                if (ran.exit() != 0) {
                    throw new IOException("unmounting " + volume + ": " + ran.firstLines()
                            + (running.isEmpty() ? "" : "; still running: " + running));
                }
            }
            mounted.remove(volume);
            Files.delete(folder);
        });
    }

    @Override
    public BitSet blocks(String snapshot) throws IOException {
        return turns.taken(Set.of(snapshot), () -> {
            mounted.refuse("listing the blocks of", snapshot);
            return images.blocks(snapshot);
        });
    }

    @Override
    public byte[] block(String snapshot, int index) throws IOException {
        return images.block(snapshot, index);
    }

    @Override
    public List<String> mounted() {
        try {
            return MountTable.below(home.root()).stream().map(MountTable.Entry::folder).filter(folder -> !folder.equals(pool))
                    .map(Path::toString).toList();
        } catch (IOException cannot) {
            throw new UncheckedIOException("reading the table of mounts", cannot);
        }
    }

    @Override
    public void close() throws IOException {
        IOException failed = null;
        for (String volume : mounted.volumes()) {
            try {
                unmount(volume);
            } catch (IOException busy) {
                if (failed != null) {
                    busy.addSuppressed(failed);
                }
                failed = busy;
            }
        }
        if (failed != null) {
            throw failed;
        }
        for (MountTable.Entry left : MountTable.below(home.root())) {
            Tool.UMOUNT.run(left.folder());
        }
        home.leave();
    }
}
