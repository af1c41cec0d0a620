package disk;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/** A lock for each id: a copy waits while one of its own volumes is being mounted, and for no other volume. */
final class IdLocks {
    private final ConcurrentMap<String, ReentrantLock> byId = new ConcurrentHashMap<>();

    interface IoAction {
        void run() throws IOException;
    }

    interface IoSupplier<T> {
        T get() throws IOException;
    }

    void run(Collection<String> ids, IoAction action) throws IOException {
        get(ids, () -> {
            action.run();
            return null;
        });
    }

    <T> T get(Collection<String> ids, IoSupplier<T> supplier) throws IOException {
        // always in the order of the ids, so that two callers with ids in common cannot wait for each other
        List<ReentrantLock> locks = new TreeSet<>(ids).stream()
                .map(id -> byId.computeIfAbsent(id, any -> new ReentrantLock())).toList();
        locks.forEach(ReentrantLock::lock);
        try {
            return supplier.get();
        } finally {
            locks.forEach(ReentrantLock::unlock);
        }
    }
}
