package disk;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/** One at a time on each id, so that a cut waits for a mount of its own volumes and for no other. */
final class IdLocks {

    private final ConcurrentMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    interface Work<T> {
        T done() throws IOException;
    }

    interface Step {
        void run() throws IOException;
    }

    void on(String id, Step step) throws IOException {
        on(List.of(id), step);
    }

    void on(Collection<String> ids, Step step) throws IOException {
        taken(ids, () -> {
            step.run();
            return null;
        });
    }

    <T> T taken(Collection<String> ids, Work<T> work) throws IOException {
        // always in the order of the ids: two callers with ids in common cannot wait for each other
        List<ReentrantLock> mine = new TreeSet<>(ids).stream()
                .map(id -> locks.computeIfAbsent(id, any -> new ReentrantLock())).toList();
        mine.forEach(ReentrantLock::lock);
        try {
            return work.done();
        } finally {
            mine.forEach(ReentrantLock::unlock);
        }
    }
}
