package disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Volumes as folders of files. One that was never formatted is an empty file in the place of its folder. */
public final class DirectoryDisks implements Disks {

    private static final String NEEDED = "directories: it takes disks of the tier image or block";

    private final WorkFolder home;
    private final Path volumes;
    private final Path mounts;
    private final IdLocks turns = new IdLocks();
    private final Writers writers = new Writers();
    private final Mounts mounted = new Mounts(writers);
    private final Map<String, Integer> gibById = new ConcurrentHashMap<>();

    private DirectoryDisks(WorkFolder home) throws IOException {
        this.home = home;
        this.volumes = home.make("volumes");
        this.mounts = home.make("mounts");
    }

    /** In an empty or absent folder. */
    public static DirectoryDisks open(Path folder) throws IOException {
        if (!Tool.SH.isThere()) {
            throw new IOException("writers cannot be held still here: there is no sh, so no kill -s STOP");
        }
        return new DirectoryDisks(WorkFolder.take(folder));
    }

    @Override
    public Tier tier() {
        return Tier.DIRECTORY;
    }

    private Path path(String id) {
        if (!id.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            throw new IllegalArgumentException("no id of a volume or snapshot: " + id);
        }
        return volumes.resolve(id);
    }

    private int gib(String id) throws IOException {
        Integer gib = gibById.get(id);
        if (gib == null) {
            throw new IOException(id + " is not on this disk");
        }
        return gib;
    }

    private void enter(String id, int gib) throws IOException {
        if (gibById.putIfAbsent(id, gib) != null) {
            throw new IOException(id + " is on this disk already");
        }
    }

    @Override
    public void blank(String volume, int gib) throws IOException {
        turns.on(volume, () -> {
            Path place = path(volume);
            enter(volume, gib);
            Files.createFile(place);
        });
    }

    @Override
    public void cut(Map<String, String> copyByVolume) throws IOException {
        turns.on(copyByVolume.keySet(), () -> writers.whileStill(copyByVolume.keySet(), () -> CutCopies.allOrNone(
                copyByVolume, (volume, copy) -> take(volume, copy, gib(volume)), this::remove)));
    }

    private void take(String from, String to, int gib) throws IOException {
        Path source = mounted.folder(from).orElse(path(from));
        Path target = path(to);
        enter(to, gib);
        try {
            Tool.CP.run("-a", source, target);
        } catch (IOException failed) {
            remove(to);
            throw failed;
        }
    }

    private void remove(String id) throws IOException {
        if (Files.exists(path(id))) {
            WorkFolder.delete(path(id));
        }
        gibById.remove(id);
    }

    @Override
    public void copy(String from, String to, int gib) throws IOException {
        turns.on(Set.of(from, to), () -> {
            mounted.refuse("copying", from);
            if (gib < gib(from)) {
                throw new IOException("copying " + from + " to " + to + ": it has " + gib(from) + " GiB, and " + gib
                        + " GiB is less");
            }
            take(from, to, gib);
        });
    }

    @Override
    public void delete(String id) throws IOException {
        turns.on(id, () -> {
            gib(id);
            mounted.refuse("deleting", id);
            remove(id);
        });
    }

    @Override
    public Mount mount(String volume) throws IOException {
        return turns.taken(Set.of(volume), () -> {
            gib(volume);
            mounted.refuse("mounting", volume);
            Path place = path(volume);
            boolean formatted = Files.isRegularFile(place);
            if (formatted) {
                Files.delete(place);
                Files.createDirectory(place);
            }
            Path folder = mounts.resolve(volume);
            Files.move(place, folder);
            mounted.add(volume, folder);
            return new Mount(folder, formatted);
        });
    }

    @Override
    public void writer(String volume, ProcessHandle process) {
        mounted.writer(volume, process);
    }

    @Override
    public void unmount(String volume) throws IOException {
        turns.on(volume, () -> {
            Path folder = mounted.folderToUnmount(volume);
            writers.refuseRunning(volume);
            Files.move(folder, path(volume));
            mounted.remove(volume);
        });
    }

    @Override
    public BitSet blocks(String snapshot) throws IOException {
        throw new IOException("listing the blocks of " + snapshot + ": there are none on " + NEEDED);
    }

    @Override
    public byte[] block(String snapshot, int index) throws IOException {
        throw new IOException("reading block " + index + " of " + snapshot + ": there is none on " + NEEDED);
    }

    @Override
    public List<String> mounted() {
        return mounted.folders();
    }

    @Override
    public void close() throws IOException {
        mounted.removeAll();
        home.leave();
    }
}
