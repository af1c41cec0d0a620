package disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * The bytes of volumes and snapshots, by their ids. When a call returns, its effect is on disk. The message of an
 * {@link IOException} has what was being done to which id, and what the tool or the machine answered.
 */
public interface Disks extends Closeable {

    /** EBS direct APIs: "the size of the blocks in the snapshot, in bytes" is 524288 for every snapshot. */
    int BLOCK_BYTES = 512 * 1024;

    /**
     * A mounted volume.
     *
     * @param formatted whether the volume had no file system, so that one was made
     */
    record Mount(Path folder, boolean formatted) {
    }

    Tier tier();

    /** A new volume that was never written. */
    void blank(String volume, int gib) throws IOException;

    /**
     * Copies volumes, mounted or not, all at one instant: together the copies hold all writes before that instant and none
     * after it. Writes that were not synced may be missing, as after a power failure.
     *
     * @param copyByVolume each volume's id to the new id of its copy
     */
    void cut(Map<String, String> copyByVolume) throws IOException;

    /** A copy of something that is not mounted, such as a volume made from a snapshot, grown to {@code gib}. */
    void copy(String from, String to, int gib) throws IOException;

    /** Deletes the bytes of a volume or snapshot that is not mounted. */
    void delete(String id) throws IOException;

    /** What a node does with an attached volume: it makes a file system if there is none, else checks it; then it mounts it. */
    Mount mount(String volume) throws IOException;

    /** Names a process that writes to a mounted volume, so that a cut can stop it meanwhile. */
    void writer(String volume, ProcessHandle process);

    /** No process may write to the volume any more. All that was written is then part of it. */
    void unmount(String volume) throws IOException;

    /** Which blocks of {@link #BLOCK_BYTES} of a snapshot were ever written. The other blocks are zeros. */
    BitSet blocks(String snapshot) throws IOException;

    /** One block, which is all zeros where nothing was written, and beyond the end. */
    byte[] block(String snapshot, int index) throws IOException;

    /** The folders of volumes that are mounted now. */
    List<String> mounted();

    /** Unmounts and removes everything. */
    @Override
    void close() throws IOException;
}
