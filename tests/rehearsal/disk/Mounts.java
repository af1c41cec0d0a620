package disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which volumes are mounted in which folders, and which processes were named as their writers. */
final class Mounts {

    private final Map<String, Path> folders = new ConcurrentHashMap<>();
    private final Writers writers;

    Mounts(Writers writers) {
        this.writers = writers;
    }

    void add(String volume, Path folder) {
        folders.put(volume, folder);
    }

    void writer(String volume, ProcessHandle process) {
        if (!folders.containsKey(volume)) {
            throw new IllegalStateException(volume + " is not mounted");
        }
        writers.add(volume, process);
    }

    void remove(String volume) {
        writers.forget(volume);
        folders.remove(volume);
    }

    Optional<Path> folder(String volume) {
        return Optional.ofNullable(folders.get(volume));
    }

    Path folderToUnmount(String volume) throws IOException {
        return folder(volume).orElseThrow(() -> new IOException("unmounting " + volume + ": it is not mounted"));
    }

    void refuse(String doing, String id) throws IOException {
        if (folders.containsKey(id)) {
            throw new IOException(doing + " " + id + ": it is mounted at " + folders.get(id));
        }
    }

    List<String> volumes() {
        return List.copyOf(folders.keySet());
    }

    List<String> folders() {
        return folders.values().stream().map(Path::toString).sorted().toList();
    }

    /** All files are about to be deleted, but not while a process still writes to them. */
    void removeAll() throws IOException {
        for (String volume : volumes()) {
            writers.refuseRunning(volume);
            remove(volume);
        }
    }
}
