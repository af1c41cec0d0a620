package report;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that a command writes at its end. It is written whole or not at all, so that nobody sees half of a file. */
final class OutputFile {
    private final Path file;

    OutputFile(Path file) {
        this.file = file;
    }

    /** Asked before anything is done: a file that cannot be written is a wrong command line. */
    boolean isWritable() {
        return Files.isDirectory(folder()) && Files.isWritable(folder()) && !Files.isDirectory(file);
    }

    Path folder() {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    void write(String text) throws IOException {
        Path part = Files.createTempFile(folder(), ".report", ".part");
        try {
            Files.writeString(part, text + "\n");
            try {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
