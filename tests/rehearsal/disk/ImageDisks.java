package disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Volumes as images that nobody needs to mount: their files are read out into a folder, and put into a new image again. */
public final class ImageDisks implements Disks {

    private final WorkFolder home;
    private final Images images;
    private final Path mounts;
    private final IdLocks turns = new IdLocks();
    private final Writers writers = new Writers();
    private final Mounts mounted = new Mounts(writers);

    private ImageDisks(WorkFolder home) throws IOException {
        this.home = home;
        this.images = Images.copied(home.make("images"));
        this.mounts = home.make("mounts");
    }

    /** In an empty or absent folder. */
    public static ImageDisks open(Path folder) throws IOException {
        return new ImageDisks(WorkFolder.take(folder));
    }

    @Override
    public Tier tier() {
        return Tier.IMAGE;
    }

    @Override
    public void blank(String volume, int gib) throws IOException {
        turns.on(volume, () -> images.blank(volume, gib));
    }

    @Override
    public void cut(Map<String, String> copyByVolume) throws IOException {
        turns.on(copyByVolume.keySet(), () -> writers.whileStill(copyByVolume.keySet(), () -> CutCopies.allOrNone(
                copyByVolume, this::take, images::delete)));
    }

    private void take(String volume, String copy) throws IOException {
        Optional<Path> folder = mounted.folder(volume);
        if (folder.isEmpty()) {
            images.copy(volume, copy);
        } else {
            fill(images.fresh(copy), images.size(volume), folder.get());
        }
    }

    private static void fill(Path image, long size, Path folder) throws IOException {
        try {
            Images.sized(image, size);
            Ext4.make(image, folder);
        } catch (IOException failed) {
            Files.deleteIfExists(image);
            throw failed;
        }
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

    /** A volume that is larger than its file system needs no care: the next image is made in the volume's size. */
    @Override
    public Mount mount(String volume) throws IOException {
        return turns.taken(Set.of(volume), () -> {
            mounted.refuse("mounting", volume);
            Path image = images.get(volume);
            boolean formatted = !Ext4.isOn(image);
            Path folder = Files.createDirectories(mounts.resolve(volume));
            try {
                if (!formatted) {
                    Ext4.check(image);
                    Ext4.dump(image, folder);
                }
            } catch (IOException failed) {
                WorkFolder.delete(folder);
                throw failed;
            }
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
            writers.refuseRunning(volume);
            Path image = images.get(volume);
            Path next = mounts.resolve(volume + ".img");
            fill(next, Files.size(image), folder);
            Files.move(next, image, StandardCopyOption.ATOMIC_MOVE);
            WorkFolder.delete(folder);
            mounted.remove(volume);
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
        return mounted.folders();
    }

    @Override
    public void close() throws IOException {
        mounted.removeAll();
        home.leave();
    }
}
