package disk;

import java.io.IOException;
import java.util.BitSet;

/** The bytes of volumes and snapshots by id, as they lie in a folder of the host. Mounting is not its business. */
interface VolumeStore {
    /** Keeps an id from leading out of the folder. */
    static String checked(String id) {
        if (!id.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            throw new IllegalArgumentException("not an id of a volume or snapshot: " + id);
        }
        return id;
    }

    /** A new volume that was never written. */
    void blank(String id, int gib) throws IOException;

    void copy(String from, String to) throws IOException;

    /** A copy that may be larger than its source. */
    void copy(String from, String to, int gib) throws IOException;

    void delete(String id) throws IOException;

    BitSet blocks(String snapshot) throws IOException;

    byte[] block(String snapshot, int index) throws IOException;
}
