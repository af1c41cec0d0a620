package disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Volumes as directories of plain files. */
public final class DirectoryDisks extends LocalDisks {
    private final Directories directories;

    private DirectoryDisks(WorkFolder home, Directories directories) throws IOException {
        super(home, directories);
        this.directories = directories;
    }

    /** In an empty or absent folder. */
    public static DirectoryDisks open(Path folder) throws IOException {
        if (!Tool.SH.isThere()) {
            throw new IOException("writers cannot be stopped here: there is no sh, so no kill -s STOP");
        }
        WorkFolder home = WorkFolder.take(folder);
        return new DirectoryDisks(home, new Directories(home.make("volumes")));
    }

    @Override
    public Tier tier() {
        return Tier.DIRECTORY;
    }

    @Override
    Mount makeMount(String volume) throws IOException {
        boolean formatted = directories.format(volume);
        return new Mount(Files.move(directories.get(volume), mounts.resolve(volume)), formatted);
    }

    @Override
    void endMount(String volume, Path folder) throws IOException {
        writers.refuseRunning(volume);
        Files.move(folder, directories.path(volume));
    }

    @Override
    void copyMounted(String volume, Path folder, String copy) throws IOException {
        directories.copyFrom(folder, copy, directories.gib(volume));
    }
}
