package practice;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every request with what came of it, in memory and, if wanted, in a file; never a secret. */
final class Journal implements AutoCloseable {

    private final List<Cloud.Request> entries = new ArrayList<>();
    private final Optional<BufferedWriter> file;

    /** A file that is there is continued. */
    Journal(Optional<Path> path) throws IOException {
        this.file = path.isEmpty() ? Optional.empty() : Optional.of(Files.newBufferedWriter(path.get(),
                StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    void add(Cloud.Request entry) {
        entries.add(entry);
        file.ifPresent(writer -> {
            try {
                writer.write(line(entry));
                writer.newLine();
                writer.flush();
            } catch (IOException failed) {
                throw new UncheckedIOException("writing the practice cloud's journal", failed);
            }
        });
    }

    List<Cloud.Request> entries() {
        return List.copyOf(entries);
    }

    /** Signatures are no parameters of an action; of those that are, user data and presigned addresses hold secrets. */
    static Map<String, String> told(Map<String, String> parameters) {
        Map<String, String> told = new TreeMap<>(parameters);
        told.keySet().removeIf(key -> key.startsWith("X-Amz-") || List.of("Action", "Version", "AWSAccessKeyId",
                "Signature", "SecurityToken", "UserData", "PresignedUrl").contains(key));
        return told;
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
