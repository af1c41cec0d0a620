package node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The log of one program on a node, with the lines of its etcd. A line that repeats the last one is left out. */
final class NodeLog {

    private final Path file;
    private String last = "";

    NodeLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    synchronized void line(String text) {
        if (text.equals(last)) {
            return;
        }
        last = text;
        try {
            Files.writeString(file, Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + text + "\n",
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }
}
