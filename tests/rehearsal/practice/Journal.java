package practice;

import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Every request with its answer, in memory and, if wanted, in a file that only its owner may read. The journal never holds a
 * secret. A file that cannot be written any more ends there, and the cloud goes on.
 */
final class Journal implements AutoCloseable {

    private final List<Cloud.Request> entries = new ArrayList<>();
    private final Optional<Path> path;
    private Optional<Writer> file = Optional.empty();

    /** Adds to the file if there is one already. */
    Journal(Optional<Path> path) throws IOException {
        this.path = path;
        if (path.isPresent()) {
            boolean hasModes = path.get().getFileSystem().supportedFileAttributeViews().contains("posix");
            FileAttribute<?>[] mode = hasModes
                    ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                    : new FileAttribute<?>[0];
            file = Optional.of(Channels.newWriter(Files.newByteChannel(path.get(),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), mode), StandardCharsets.UTF_8));
        }
    }

    void add(Cloud.Request entry) {
        entries.add(entry);
        file.ifPresent(writer -> {
            try {
                writer.write(line(entry) + "\n");
                writer.flush();
            } catch (IOException failed) {
                end(failed);
            }
        });
    }

    /** Said once. */
    private void end(IOException failed) {
        String what = "The journal " + path.orElseThrow() + " ends here, since it cannot be written: " + failed.getMessage();
        System.err.println(what.replaceAll("\\p{Cc}", "?"));
        file = Optional.empty();
    }

    List<Cloud.Request> entries() {
        return List.copyOf(entries);
    }

    /** Without signatures, user data and presigned URLs, which may hold secrets, and without the action itself. */
    static Map<String, String> withoutSecrets(Map<String, String> parameters) {
        Map<String, String> kept = new TreeMap<>(parameters);
        kept.keySet().removeIf(key -> key.startsWith("X-Amz-") || List.of("Action", "Version", "AWSAccessKeyId",
                "Signature", "SecurityToken", "UserData", "PresignedUrl").contains(key));
        return kept;
    }

    private static String line(Cloud.Request entry) {
        return "{\"at\":" + quoted(entry.at().toString()) + ",\"action\":" + quoted(entry.action()) + ",\"parameters\":{"
                + new TreeMap<>(entry.parameters()).entrySet().stream()
                        .map(p -> quoted(p.getKey()) + ":" + quoted(p.getValue())).collect(Collectors.joining(","))
                + "},\"outcome\":" + quoted(entry.outcome()) + ",\"status\":" + entry.status()
                + ",\"caller\":" + quoted(entry.caller()) + ",\"took_ms\":" + entry.took().toMillis()
                + ",\"reply\":" + quoted(entry.reply()) + "}";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
