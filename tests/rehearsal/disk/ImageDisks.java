package disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Volumes as images of ext4 that are never mounted by the kernel, so no root is needed. "Mounting" reads the files of an
 * image out into a folder; unmounting makes a new image of that folder.
 */
public final class ImageDisks extends LocalDisks {
    private final Images images;

    private ImageDisks(WorkFolder home, Images images) throws IOException {
        super(home, images);
        this.images = images;
    }

    /** In an empty or absent folder. */
    public static ImageDisks open(Path folder) throws IOException {
        WorkFolder home = WorkFolder.take(folder);
        return new ImageDisks(home, Images.copied(home.make("images")));
    }

    @Override
    public Tier tier() {
        return Tier.IMAGE;
    }

    /** A volume that is larger than its file system needs no care: the next image is made in the size of the volume. */
    @Override
    Mount makeMount(String volume) throws IOException {
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
        return new Mount(folder, formatted);
    }

    @Override
    void endMount(String volume, Path folder) throws IOException {
        writers.refuseRunning(volume);
        Path image = images.get(volume);
        Path next = mounts.resolve(volume + ".img");
        fill(next, Files.size(image), folder);
        Files.move(next, image, StandardCopyOption.ATOMIC_MOVE);
        WorkFolder.delete(folder);
    }

    @Override
    void copyMounted(String volume, Path folder, String copy) throws IOException {
        fill(images.unused(copy), images.size(volume), folder);
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
}
