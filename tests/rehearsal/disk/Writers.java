package disk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The processes that write to mounted volumes, and how they are stopped for a while. */
final class Writers {

    private static final Duration STOPPING = Duration.ofSeconds(10);
    private static final Duration ENDING = Duration.ofSeconds(2);

    private final Map<String, Set<ProcessHandle>> byVolume = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    void add(String volume, ProcessHandle process) {
        byVolume.computeIfAbsent(volume, any -> ConcurrentHashMap.newKeySet()).add(process);
    }

    void forget(String volume) {
        byVolume.remove(volume);
    }

    /** Waits a moment for the writers to end, and names those that still run; empty when none does. */
    String stillRunning(String volume) throws IOException {
        long end = System.nanoTime() + ENDING.toNanos();
        while (!alive(volume).isEmpty() && System.nanoTime() < end) {
            pause();
        }
        return alive(volume).stream().map(p -> "process " + p.pid() + p.info().command()
                .map(command -> " (" + command + ")").orElse("")).collect(Collectors.joining(", "));
    }

    /** As the kernel does for a mounted volume: EBUSY while any process has a file open. */
    void refuseRunning(String volume) throws IOException {
        String running = stillRunning(volume);
        if (!running.isEmpty()) {
            throw new IOException("unmounting " + volume + ": it is busy: " + running + " is still running");
        }
    }

    /**
     * Stops all writers, does the action, and lets them go on. A process that somebody else had stopped before stays
     * stopped.
     */
    void whileStopped(Collection<String> volumes, IdLocks.IoAction action) throws IOException {
        // One cut at a time: a process may write to volumes of two cuts, and the first cut to end would let it go on.
        lock.lock();
        List<ProcessHandle> stopped = new ArrayList<>();
        try {
            stop(volumes, stopped);
            action.run();
        } finally {
            try {
                signal("CONT", stopped);
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Parents are stopped before their children, since a stopped parent starts no more children. Also, a parent in vfork(2)
     * waits until its child calls exec, which a stopped child never does.
     */
    private void stop(Collection<String> volumes, List<ProcessHandle> stopped) throws IOException {
        long end = System.nanoTime() + STOPPING.toNanos();
        List<ProcessHandle> level = volumes.stream().flatMap(v -> byVolume.getOrDefault(v, Set.of()).stream())
                .distinct().toList();
        while (!level.isEmpty()) {
            List<ProcessHandle> moving = moving(level);
            stopped.addAll(moving);
            signal("STOP", moving);
            while (!moving(moving).isEmpty()) {
                if (System.nanoTime() > end) {
                    throw new IOException("stopping the writers of " + volumes + ": process "
                            + moving(moving).stream().map(ProcessHandle::pid).toList() + " did not stop within "
                            + STOPPING.toSeconds() + " s");
                }
                pause();
            }
            level = level.stream().flatMap(ProcessHandle::children).toList();
        }
    }

    private static List<ProcessHandle> moving(List<ProcessHandle> processes) throws IOException {
        List<ProcessHandle> moving = new ArrayList<>();
        for (ProcessHandle process : processes) {
            if (process.isAlive() && !isStill(process.pid())) {
                moving.add(process);
            }
        }
        return moving;
    }

    /**
     * SIGSTOP takes a while after {@code kill} returns: each thread stops when it next leaves the kernel. A thread inside
     * fsync (state D) finishes that first (proc(5), /proc/pid/stat; signal(7)).
     */
    private static boolean isStill(long pid) throws IOException {
        Path tasks = Path.of("/proc/" + pid + "/task");
        if (!Files.isDirectory(Path.of("/proc/self"))) { // macOS stops all threads of a process as one
            return Tool.PS.tried("-o", "state=", "-p", pid).output().strip().matches("|[TZ].*");
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if ("TtZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException gone) {
            // A thread ended. If its process is still there, the caller looks again; a process that is gone writes nothing.
            return !Files.exists(tasks);
        } catch (IOException vanishing) {
            // ESRCH: the thread ended while its file was read
            return false;
        }
    }

    private List<ProcessHandle> alive(String volume) {
        return byVolume.getOrDefault(volume, Set.of()).stream()
                .flatMap(p -> Stream.concat(Stream.of(p), p.descendants())).filter(ProcessHandle::isAlive).toList();
    }

    private static void signal(String name, List<ProcessHandle> processes) throws IOException {
        if (!processes.isEmpty()) {
            // kill is built into the shell; a slim container image has no other. An error for a process that has ended does
            // no harm.
            Tool.SH.tried(Stream.concat(Stream.of("-c", "kill -s " + name + " \"$@\"", "kill"),
                    processes.stream().map(ProcessHandle::pid)).toArray());
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(1);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for writers", stopped);
        }
    }
}
