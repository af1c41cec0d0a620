package report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A file that a command writes at its end. A regular file is replaced whole or not at all, so that nobody sees half of it,
 * and keeps its mode and owner. Anything else (a device, a FIFO, an open descriptor) is written into, as {@code >} does. A
 * symbolic link stays a link.
 */
final class OutputFile {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int SILENT_S = 5;
    /** Nobody may ever open the other end of a FIFO, and a reader may take nothing. */
    private static final int READER_S = 15;

    private final Path file;

    OutputFile(Path file) {
        this.file = file;
    }

    /** Asked before anything is done: a file that cannot be written is a wrong command line. */
    boolean isWritable() {
        try {
            Path target = target();
            if (isDescriptor(target)) {
                return Files.exists(target) && isOpenForWriting(target);
            }
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                return Files.isWritable(target) && !Files.isDirectory(target) && !isBlockDevice(target);
            }
            Path folder = target.getParent();
            return Files.isDirectory(folder) && Files.isWritable(folder) && (!Files.exists(target) || Files.isWritable(target));
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the user can read a text here afterwards. The name of an open descriptor ends with the process. */
    boolean keepsText() {
        return Files.isRegularFile(file) && !file.startsWith("/dev") && !file.startsWith("/proc");
    }

    boolean isSame(OutputFile other) {
        try {
            Path one = target();
            Path two = other.target();
            return Files.exists(one) && Files.exists(two) ? Files.isSameFile(one, two)
                    : one.getFileName().equals(two.getFileName()) && Files.isSameFile(one.getParent(), two.getParent());
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the file is what stdout is open on: /dev/stdout, or the file that the shell opened for it. */
    boolean isStdout() {
        try {
            return isOpenAs(target(), "1");
        } catch (IOException e) {
            return false;
        }
    }

    /** @param say told when nobody reads what is written */
    void write(String text, Consumer<String> say) throws IOException {
        Path target = target();
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        // Opened anew, a file that stdout or stderr is open on would be written at two places that know nothing of each other.
        if (isOpenAs(target, "1")) {
            new FileOutputStream(FileDescriptor.out).write(bytes);
        } else if (isOpenAs(target, "2")) {
            new FileOutputStream(FileDescriptor.err).write(bytes);
        } else if (isDescriptor(target) || Files.exists(target) && !Files.isRegularFile(target)) {
            into(target, bytes, say);
        } else {
            replace(target, bytes);
        }
    }

    /** What symbolic links lead to. A descriptor looks like a link, too, but is an open file. */
    private Path target() throws IOException {
        Path at = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(at) && !isDescriptor(at); links++) {
            if (links == 40) {
                throw new IOException("too many symbolic links"); // Linux gives up after as many (path_resolution(7))
            }
            at = at.resolveSibling(Files.readSymbolicLink(at));
        }
        return at;
    }

    private static boolean isDescriptor(Path path) throws IOException {
        Path folder = path.getParent();
        return folder != null && Files.isDirectory(folder) && Files.exists(DESCRIPTORS)
                && folder.toRealPath().startsWith(DESCRIPTORS.getParent().toRealPath()) && folder.toRealPath().endsWith("fd");
    }

    private static boolean isOpenAs(Path target, String number) throws IOException {
        Path open = DESCRIPTORS.resolve(number);
        return Files.exists(open) && Files.exists(target) && Files.isSameFile(target, open);
    }

    /** Java has jars open for reading, whose descriptors must not be taken for the user's (proc_pid_fdinfo(5): flags, octal). */
    private static boolean isOpenForWriting(Path descriptor) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo").resolve(descriptor.getFileName()))) {
            if (line.startsWith("flags:")) {
                return (Long.parseLong(line.substring(6).strip(), 8) & 3) != 0;
            }
        }
        return false;
    }

    /** A report on a disk's device would destroy the disk, and nobody means that. */
    private static boolean isBlockDevice(Path target) throws IOException {
        return target.getFileSystem().supportedFileAttributeViews().contains("unix")
                && ((int) Files.getAttribute(target, "unix:mode") & 0170000) == 0060000;
    }

    private static void into(Path target, byte[] bytes, Consumer<String> say) throws IOException {
        FutureTask<Void> writing = new FutureTask<>(() -> {
            try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                out.write(bytes);
            }
            return null;
        });
        Thread thread = new Thread(writing, "output");
        thread.setDaemon(true);
        thread.start();
        try {
            try {
                writing.get(SILENT_S, TimeUnit.SECONDS);
            } catch (TimeoutException silent) {
                say.accept("Waiting for a reader of " + target);
                writing.get(READER_S - SILENT_S, TimeUnit.SECONDS);
            }
        } catch (TimeoutException e) {
            throw new IOException("nobody read it for " + READER_S + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void replace(Path target, byte[] bytes) throws IOException {
        Path part = target.resolveSibling(".report-" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".part");
        Optional<PosixFileAttributes> before = Files.exists(target)
                && Files.getFileAttributeView(target, PosixFileAttributeView.class) != null
                ? Optional.of(Files.readAttributes(target, PosixFileAttributes.class)) : Optional.empty();
        try {
            Files.createFile(part, before.stream().map(was -> PosixFilePermissions.asFileAttribute(was.permissions()))
                    .toArray(FileAttribute<?>[]::new)); // a new file gets what the umask leaves, as from >
            Files.write(part, bytes);
            if (before.isPresent()) {
                keep(before.get(), Files.getFileAttributeView(part, PosixFileAttributeView.class));
            }
            try {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void keep(PosixFileAttributes before, PosixFileAttributeView part) throws IOException {
        try {
            part.setGroup(before.group());
            part.setOwner(before.owner());
        } catch (IOException e) {
            // Only root may give a file away. The text is worth more than its owner.
        }
        part.setPermissions(before.permissions());
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
