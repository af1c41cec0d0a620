package disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Volumes and snapshots as sparse files, each with the contents of the raw device. */
final class Images implements VolumeStore {

    private final Path folder;
    private final List<String> copying;
    private final Map<String, BitSet> written = new ConcurrentHashMap<>();

    private Images(Path folder, List<String> copying) {
        this.folder = folder;
        this.copying = copying;
    }

    /** In a folder whose file system lets a copy share blocks with its source, so that a copy takes milliseconds. */
    static Images shared(Path folder) {
        return new Images(folder, List.of("--reflink=always"));
    }

    /** In any folder. How long a copy takes depends on the file system of the machine. */
    static Images copied(Path folder) {
        return new Images(folder, List.of("--reflink=auto", "--sparse=always"));
    }

    private Path path(String id) {
        return folder.resolve(VolumeStore.checked(id) + ".img");
    }

    Path get(String id) throws IOException {
        Path image = path(id);
        if (!Files.exists(image)) {
            throw new IOException(id + " is not on this disk");
        }
        return image;
    }

    @Override
    public void blank(String id, int gib) throws IOException {
        sized(unused(id), bytes(gib));
    }

    /** The path of an image that is not there yet. */
    Path unused(String id) throws IOException {
        Path image = path(id);
        if (Files.exists(image)) {
            throw new IOException(id + " is on this disk already");
        }
        return image;
    }

    @Override
    public void copy(String from, String to) throws IOException {
        Path source = get(from);
        Path target = unused(to);
        try {
            Tool.CP.run(Stream.concat(copying.stream(), Stream.of(source, target)).toArray());
        } catch (IOException failed) {
            Files.deleteIfExists(target);
            throw failed;
        }
    }

    @Override
    public void copy(String from, String to, int gib) throws IOException {
        long size = size(from);
        if (bytes(gib) < size) {
            throw new IOException("copying " + from + " to " + to + ": it has " + (size >> 30) + " GiB, and " + gib
                    + " GiB is less");
        }
        copy(from, to);
        sized(get(to), bytes(gib));
    }

    long size(String id) throws IOException {
        return Files.size(get(id));
    }

    @Override
    public void delete(String id) throws IOException {
        Files.delete(get(id));
        written.remove(id);
    }

    /** The answer is kept, since a snapshot never changes. */
    @Override
    public BitSet blocks(String snapshot) throws IOException {
        BitSet blocks = written.get(snapshot);
        if (blocks == null) {
            blocks = WrittenBlocks.of(get(snapshot));
            written.put(snapshot, blocks);
        }
        return (BitSet) blocks.clone();
    }

    @Override
    public byte[] block(String snapshot, int index) throws IOException {
        byte[] block = new byte[Disks.BLOCK_BYTES];
        try (RandomAccessFile image = new RandomAccessFile(get(snapshot).toFile(), "r")) {
            long from = (long) index * block.length;
            if (from < image.length()) {
                image.seek(from);
                image.readFully(block, 0, (int) Math.min(block.length, image.length() - from));
            }
        }
        return block;
    }

    private static long bytes(int gib) {
        return (long) gib << 30;
    }

    /** Gives a file its length without writing any block. */
    static void sized(Path file, long bytes) throws IOException {
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(bytes);
        }
    }
}
