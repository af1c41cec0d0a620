package disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Volumes and snapshots as directories. A volume that was never formatted is an empty file in place of its directory. */
final class Directories implements VolumeStore {
    private static final String NEEDED = "directories: it takes disks of the tier image or block";

    private final Path folder;
    private final Map<String, Integer> gibById = new ConcurrentHashMap<>();

    Directories(Path folder) {
        this.folder = folder;
    }

    Path path(String id) {
        return folder.resolve(VolumeStore.checked(id));
    }

    Path get(String id) throws IOException {
        gib(id);
        return path(id);
    }

    int gib(String id) throws IOException {
        Integer gib = gibById.get(id);
        if (gib == null) {
            throw new IOException(id + " is not on this disk");
        }
        return gib;
    }

    private void add(String id, int gib) throws IOException {
        if (gibById.putIfAbsent(id, gib) != null) {
            throw new IOException(id + " is on this disk already");
        }
    }

    /** Whether the volume was not formatted before. */
    boolean format(String id) throws IOException {
        Path volume = get(id);
        boolean formatted = Files.isRegularFile(volume);
        if (formatted) {
            Files.delete(volume);
            Files.createDirectory(volume);
        }
        return formatted;
    }

    @Override
    public void blank(String id, int gib) throws IOException {
        Path volume = path(id);
        add(id, gib);
        Files.createFile(volume);
    }

    @Override
    public void copy(String from, String to) throws IOException {
        copyFrom(path(from), to, gib(from));
    }

    @Override
    public void copy(String from, String to, int gib) throws IOException {
        if (gib < gib(from)) {
            throw new IOException("copying " + from + " to " + to + ": it has " + gib(from) + " GiB, and " + gib
                    + " GiB is less");
        }
        copyFrom(path(from), to, gib);
    }

    void copyFrom(Path source, String to, int gib) throws IOException {
        Path target = path(to);
        add(to, gib);
        try {
            Tool.CP.run("-a", source, target);
        } catch (IOException failed) {
            delete(to);
            throw failed;
        }
    }

    @Override
    public void delete(String id) throws IOException {
        Path path = get(id);
        if (Files.exists(path)) {
            WorkFolder.delete(path);
        }
        gibById.remove(id);
    }

    @Override
    public BitSet blocks(String snapshot) throws IOException {
        throw new IOException("listing the blocks of " + snapshot + ": there are none on " + NEEDED);
    }

    @Override
    public byte[] block(String snapshot, int index) throws IOException {
        throw new IOException("reading block " + index + " of " + snapshot + ": there is none on " + NEEDED);
    }
}
