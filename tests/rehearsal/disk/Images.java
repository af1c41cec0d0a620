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

/** Volumes and snapshots as sparse files, one each, that look like the raw device. */
final class Images {

    private final Path folder;
    private final List<String> copying;
    private final Map<String, BitSet> written = new ConcurrentHashMap<>();

    private Images(Path folder, List<String> copying) {
        this.folder = folder;
        this.copying = copying;
    }

    /** In a folder whose file system shares the blocks of copies until one is written to; a copy takes milliseconds. */
    static Images shared(Path folder) {
        return new Images(folder, List.of("--reflink=always"));
    }

    /** In any folder; a copy is as fast as the machine's file system makes it. */
    static Images copied(Path folder) {
        return new Images(folder, List.of("--reflink=auto", "--sparse=always"));
    }

    private Path path(String id) {
        if (!id.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            throw new IllegalArgumentException("no id of a volume or snapshot: " + id);
        }
        return folder.resolve(id + ".img");
    }

    Path get(String id) throws IOException {
        Path image = path(id);
        if (!Files.exists(image)) {
            throw new IOException(id + " is not on this disk");
        }
        return image;
    }

    void blank(String id, int gib) throws IOException {
        sized(fresh(id), bytes(gib));
    }

    /** Where a new one will be. */
    Path fresh(String id) throws IOException {
        Path image = path(id);
        if (Files.exists(image)) {
            throw new IOException(id + " is on this disk already");
        }
        return image;
    }

    void copy(String from, String to) throws IOException {
        Path source = get(from);
        Path target = fresh(to);
        try {
            Tool.CP.run(Stream.concat(copying.stream(), Stream.of(source, target)).toArray());
        } catch (IOException failed) {
            Files.deleteIfExists(target);
            throw failed;
        }
    }

    void copy(String from, String to, int gib) throws IOException {
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

    void delete(String id) throws IOException {
        Files.delete(get(id));
        written.remove(id);
    }

    /** Looked up once: a snapshot never changes. */
    BitSet blocks(String snapshot) throws IOException {
        BitSet blocks = written.get(snapshot);
        if (blocks == null) {
            blocks = WrittenBlocks.of(get(snapshot));
            written.put(snapshot, blocks);
        }
        return (BitSet) blocks.clone();
    }

    byte[] block(String snapshot, int index) throws IOException {
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

    /** As long as it is to be, of which nothing is written. */
    static void sized(Path file, long bytes) throws IOException {
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(bytes);
        }
    }
}
