package disk;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** Volumes without contents: they can be made, copied and deleted, but not mounted. */
public final class NoDisks implements Disks {

    @Override
    public Tier tier() {
        return Tier.NONE;
    }

    @Override
    public void blank(String volume, int gib) {
        // never written, so never kept
    }

    @Override
    public void cut(Map<String, String> copyByVolume) {
        // a copy of nothing
    }

    @Override
    public void copy(String from, String to, int gib) {
        // a copy of nothing
    }

    @Override
    public void delete(String id) {
        // nothing was kept
    }

    @Override
    public Mount mount(String volume) throws IOException {
        throw new IOException("mounting " + volume + ": " + tier().claim());
    }

    @Override
    public void writer(String volume, ProcessHandle process) {
        throw new IllegalStateException("nothing is mounted");
    }

    @Override
    public void unmount(String volume) throws IOException {
        throw new IOException("unmounting " + volume + ": " + tier().claim());
    }

    @Override
    public BitSet blocks(String snapshot) {
        return new BitSet();
    }

    @Override
    public byte[] block(String snapshot, int index) {
        return new byte[BLOCK_BYTES];
    }

    @Override
    public List<String> mounted() {
        return List.of();
    }

    @Override
    public void close() {
        // nothing was opened
    }
}
