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

/** The processes that write to mounted volumes, and how they are held still. */
final class Writers {

    private static final Duration STOPPING = Duration.ofSeconds(10);
    private static final Duration ENDING = Duration.ofSeconds(2);

    private final Map<String, Set<ProcessHandle>> byVolume = new ConcurrentHashMap<>();
    private final ReentrantLock holding = new ReentrantLock();

    void add(String volume, ProcessHandle process) {
        byVolume.computeIfAbsent(volume, any -> ConcurrentHashMap.newKeySet()).add(process);
    }

    void forget(String volume) {
        byVolume.remove(volume);
    }

    /** Waits for those that were told to end, and says which of them did not. */
    String stillRunning(String volume) throws IOException {
        long end = System.nanoTime() + ENDING.toNanos();
        while (!alive(volume).isEmpty() && System.nanoTime() < end) {
            pause();
        }
        return alive(volume).stream().map(p -> "process " + p.pid() + p.info().command()
                .map(command -> " (" + command + ")").orElse("")).collect(Collectors.joining(", "));
    }

    /** What the kernel does for a mounted volume: EBUSY while anybody has it open. */
    void refuseRunning(String volume) throws IOException {
        String running = stillRunning(volume);
        if (!running.isEmpty()) {
            throw new IOException("unmounting " + volume + ": it is busy: " + running + " is still running");
        }
    }

    /**
     * What the step does happens between two writes of every process. One that was stopped before by somebody else
     * stays stopped.
     */
    void whileStill(Collection<String> volumes, IdLocks.Step step) throws IOException {
        // One at a time: a process may write to the volumes of two cuts, and the first to end would wake it.
        holding.lock();
        List<ProcessHandle> stopped = new ArrayList<>();
        try {
            stop(volumes, stopped);
            step.run();
        } finally {
            try {
                signal("CONT", stopped);
            } finally {
                holding.unlock();
            }
        }
    }

    /**
     * Parents before their children: one that stands still has no more of them. And a parent in vfork(2) is let go only
     * by its child's exec, which a stopped child never comes to.
     */
    private void stop(Collection<String> volumes, List<ProcessHandle> stopped) throws IOException {
        long end = System.nanoTime() + STOPPING.toNanos();
        List<ProcessHandle> generation = volumes.stream().flatMap(v -> byVolume.getOrDefault(v, Set.of()).stream())
                .distinct().toList();
        while (!generation.isEmpty()) {
            List<ProcessHandle> moving = moving(generation);
            stopped.addAll(moving);
            signal("STOP", moving);
            while (!moving(moving).isEmpty()) {
                if (System.nanoTime() > end) {
                    throw new IOException("holding the writers of " + volumes + " still: process "
                            + moving(moving).stream().map(ProcessHandle::pid).toList() + " did not stop within "
                            + STOPPING.toSeconds() + " s");
                }
                pause();
            }
            generation = generation.stream().flatMap(ProcessHandle::children).toList();
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
     * SIGSTOP is only asked for when {@code kill} returns: each thread stops where it next leaves the kernel, and one
     * inside fsync (state D) finishes that first (proc(5), /proc/pid/stat; signal(7)).
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
            // a thread that ended: its process is looked at again, and one that is gone writes no more
            return !Files.exists(tasks);
        } catch (IOException vanishing) {
            // read(2) of a task that ends meanwhile: ESRCH
            return false;
        }
    }

    private List<ProcessHandle> alive(String volume) {
        return byVolume.getOrDefault(volume, Set.of()).stream()
                .flatMap(p -> Stream.concat(Stream.of(p), p.descendants())).filter(ProcessHandle::isAlive).toList();
    }

    private static void signal(String name, List<ProcessHandle> processes) throws IOException {
        if (!processes.isEmpty()) {
            // The shell's own kill: a slim image has no other. It fails for a process that ended, which is as good.
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
