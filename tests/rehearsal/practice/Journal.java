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

/** Every request with its answer, in memory and, if wanted, in a file. The journal never holds a secret. */
final class Journal implements AutoCloseable {

    private final List<Cloud.Request> entries = new ArrayList<>();
    private final Optional<BufferedWriter> file;

    /** Adds to the file if there is one already. */
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
