package disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Volumes as images that nobody needs to mount: their files are read out into a folder, and put into a new image again. */
public final class ImageDisks implements Disks {

    private final WorkFolder home;
    private final Images images;
    private final Path mounts;
    private final Turns turns = new Turns();
    private final Writers writers = new Writers();
    private final Map<String, Path> mounted = new ConcurrentHashMap<>();

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
        turns.on(copyByVolume.keySet(), () -> writers.whileStill(copyByVolume.keySet(), () -> {
            List<String> made = new ArrayList<>();
            try {
                for (Map.Entry<String, String> each : copyByVolume.entrySet()) {
                    take(each.getKey(), each.getValue());
                    made.add(each.getValue());
                }
            } catch (IOException failed) {
                for (String copy : made) {
                    images.delete(copy);
                }
                throw failed;
            }
        }));
    }

    private void take(String volume, String copy) throws IOException {
        Path folder = mounted.get(volume);
        if (folder == null) {
            images.copy(volume, copy);
        } else {
            fill(images.fresh(copy), images.size(volume), folder);
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
            refuseMounted("copying", from);
            images.copy(from, to, gib);
        });
    }

    @Override
    public void delete(String id) throws IOException {
        turns.on(id, () -> {
            refuseMounted("deleting", id);
            images.delete(id);
        });
    }

    /** A volume that is larger than its file system needs no care: the next image is made in the volume's size. */
    @Override
    public Mount mount(String volume) throws IOException {
        return turns.taken(Set.of(volume), () -> {
            refuseMounted("mounting", volume);
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
            mounted.put(volume, folder);
            return new Mount(folder, formatted);
        });
    }

    @Override
    public void writer(String volume, ProcessHandle process) {
        if (!mounted.containsKey(volume)) {
            throw new IllegalStateException(volume + " is not mounted");
        }
        writers.add(volume, process);
    }

    @Override
    public void unmount(String volume) throws IOException {
        turns.on(volume, () -> {
            Path folder = mounted.get(volume);
            if (folder == null) {
                throw new IOException("unmounting " + volume + ": it is not mounted");
            }
            writers.refuseRunning(volume);
            Path image = images.get(volume);
            Path next = mounts.resolve(volume + ".img");
            fill(next, Files.size(image), folder);
            Files.move(next, image, StandardCopyOption.ATOMIC_MOVE);
            WorkFolder.delete(folder);
            mounted.remove(volume);
            writers.forget(volume);
        });
    }

    private void refuseMounted(String doing, String id) throws IOException {
        if (mounted.containsKey(id)) {
            throw new IOException(doing + " " + id + ": it is mounted at " + mounted.get(id));
        }
    }

    @Override
    public BitSet blocks(String snapshot) throws IOException {
        return turns.taken(Set.of(snapshot), () -> {
            refuseMounted("listing the blocks of", snapshot);
            return images.blocks(snapshot);
        });
    }

    @Override
    public byte[] block(String snapshot, int index) throws IOException {
        return images.block(snapshot, index);
    }

    @Override
    public List<String> mounted() {
        return mounted.values().stream().map(Path::toString).sorted().toList();
    }

    @Override
    public void close() throws IOException {
        for (String volume : List.copyOf(mounted.keySet())) {
            writers.refuseRunning(volume); // whatever they wrote is about to go, but not from under them
            mounted.remove(volume);
        }
        home.leave();
    }
}
