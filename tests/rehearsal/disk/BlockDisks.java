package disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Volumes as images of ext4 that the kernel mounts through loop devices. The images lie in a pool, an XFS file system, since
 * XFS can clone a file at one instant while it is written to. The usual root file system, ext4, cannot.
 */
public final class BlockDisks extends LocalDisks {

    /** The size of the pool. On the host it takes only the space of what is written. */
    private static final long POOL_BYTES = 64L << 30;

    /** Measured: the empty pool takes 65 MB; six volumes with 10 MB each, with five snapshots of all, take 120 MB more. */
    private static final long NEEDED_BYTES = 2L << 30;

    private static final int ATTEMPTS = 50;

    private final Path pool;
    private final Images images;

    private BlockDisks(WorkFolder home, Path pool, Images images) throws IOException {
        super(home, images);
        this.pool = pool;
        this.images = images;
    }

    /** In an empty or absent folder. */
    public static BlockDisks open(Path folder) throws IOException {
        WorkFolder home = WorkFolder.take(folder);
        Path pool = home.make("pool");
        BlockDisks disks = new BlockDisks(home, pool, Images.shared(pool));
        try {
            disks.makePool();
            return disks;
        } catch (IOException failed) {
            Tiers.close(disks, failed);
            throw failed;
        }
    }

    private void makePool() throws IOException {
        long free = Files.getFileStore(home.root()).getUsableSpace();
        if (free < NEEDED_BYTES) {
            throw new IOException("only " + (free >> 20) + " MiB are free in " + home.root() + ", and the pool takes up to "
                    + (NEEDED_BYTES >> 20) + " MiB");
        }
        Path poolFile = home.root().resolve("pool.xfs");
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

    /**
     * One clone shows one instant: XFS lets no write through while it clones a file (fs/xfs/xfs_reflink.c,
     * xfs_reflink_remap_prep), and a loop device passes each write on as one write to its file.
     *
     * <p>Several clones show one instant if nothing is written between them. It is not enough to stop the writers, since the
     * kernel goes on writing to disk what they left in memory. So the write counters of the loop devices are compared before
     * and after. The clones are made again if a device was written to in between.
     */
    @Override
    void copyAtOneInstant(Map<String, String> copyByVolume) throws IOException {
        if (copyByVolume.size() == 1) {
            copyAll(copyByVolume);
        } else {
            writers.whileStopped(copyByVolume.keySet(), () -> copyUntilNothingWrites(copyByVolume));
        }
    }

    @Override
    void copyMounted(String volume, Path folder, String copy) throws IOException {
        images.copy(volume, copy);
    }

    private void copyUntilNothingWrites(Map<String, String> copyByVolume) throws IOException {
        List<Path> live = copyByVolume.keySet().stream().flatMap(volume -> mounted.folder(volume).stream()).toList();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (attempt > ATTEMPTS / 2) { // the kernel has much left to write: have it written first
                for (Path folder : live) {
                    Tool.SYNC.run("-f", folder);
                }
            }
            List<WriteCount> before = counts(live);
            if (before.stream().anyMatch(WriteCount::isUnderWay)) {
                continue;
            }
            copyAll(copyByVolume);
            if (counts(live).equals(before)) {
                return;
            }
            for (String copy : copyByVolume.values()) {
                images.delete(copy);
            }
        }
        throw new IOException("copying " + copyByVolume.keySet() + " at one instant: a process that was not named as a writer "
                + "goes on writing to them");
    }

    private static List<WriteCount> counts(List<Path> live) throws IOException {
        List<WriteCount> counts = new ArrayList<>();
        for (Path folder : live) {
            counts.add(WriteCount.of(MountTable.below(folder).get(0).device()));
        }
        return counts;
    }

    @Override
    Mount makeMount(String volume) throws IOException {
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
        return new Mount(folder, formatted);
    }

    @Override
    void endMount(String volume, Path folder) throws IOException {
        Tool.Ran ran = Tool.UMOUNT.tried(folder);
        if (ran.exit() != 0) { // a process that was killed a moment ago may still have its files open
            String running = writers.stillRunning(volume);
            ran = Tool.UMOUNT.tried(folder);
            if (ran.exit() != 0) {
                throw new IOException("unmounting " + volume + ": " + ran.firstLines()
                        + (running.isEmpty() ? "" : "; still running: " + running));
            }
        }
        Files.delete(folder);
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
