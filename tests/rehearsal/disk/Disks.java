package disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * The bytes of volumes and snapshots, by their ids. A call is over when what it does is on disk. An {@link IOException}
 * says what was being done to which id and what the tool or the machine answered.
 */
public interface Disks extends Closeable {

    /** EBS direct APIs: "the size of the blocks in the snapshot, in bytes" is 524288 for every snapshot. */
    int BLOCK_BYTES = 512 * 1024;

    /** A volume in use by a node: its root folder, and whether there was no file system yet, so that one was made. */
    record Mount(Path folder, boolean formatted) {
    }

    Tier tier();

    /** A new volume that was never written. */
    void blank(String volume, int gib) throws IOException;

    /**
     * Copies of volumes, mounted or not, all as of one instant: of what a writer wrote, the copies hold all up to some
     * write and nothing after it, over all of them. What was not synced may be missing, as after a power cut.
     *
     * @param copyByVolume each volume's id to the new id of its copy
     */
    void cut(Map<String, String> copyByVolume) throws IOException;

    /** A copy of something at rest: a volume from a snapshot, or a snapshot of a snapshot. Grown to {@code gib}. */
    void copy(String from, String to, int gib) throws IOException;

    /** Forgets the bytes of a volume or snapshot that is not mounted. */
    void delete(String id) throws IOException;

    /** What a node does with an attached volume: makes a file system if there is none, else checks it, then mounts it. */
    Mount mount(String volume) throws IOException;

    /** Names a process that writes to a mounted volume, so that a cut can hold it still. */
    void writer(String volume, ProcessHandle process);

    /** Nothing may write to it any more. What was written is then part of the volume. */
    void unmount(String volume) throws IOException;

    /** Which blocks of {@link #BLOCK_BYTES} of a snapshot were ever written; the others are zeros. */
    BitSet blocks(String snapshot) throws IOException;

    /** One block; zeros where nothing was written, and beyond the end. */
    byte[] block(String snapshot, int index) throws IOException;

    /** Mounts that are still there: none, once all was unmounted. */
    List<String> mounted();

    /** Unmounts and removes everything. */
    @Override
    void close() throws IOException;
}
