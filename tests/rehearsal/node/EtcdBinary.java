package node;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An etcd program on this machine. */
public record EtcdBinary(Path file, String version) {

    private static final Pattern VERSION = Pattern.compile("etcd Version: (\\d+\\.\\d+\\.\\d+)");

    /** The programs {@code etcd} and {@code etcd-VERSION} in the folders of the PATH, in the order of the PATH. */
    public static List<EtcdBinary> installed() {
        List<EtcdBinary> found = new ArrayList<>();
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                files.filter(f -> f.getFileName().toString().matches("etcd(-v?\\d+\\.\\d+\\.\\d+)?"))
                        .filter(Files::isExecutable).sorted()
                        .forEach(f -> version(f).ifPresent(version -> found.add(new EtcdBinary(f, version))));
            } catch (IOException | InvalidPathException noFolder) {
                // a PATH may name folders that are not there
            }
        }
        return List.copyOf(found);
    }

    /** {@code 3.5} for version 3.5.30. Data of one line is not used by an etcd of another line. */
    String line() {
        return version.substring(0, version.lastIndexOf('.'));
    }

    private static Optional<String> version(Path file) {
        try {
            Process process = new ProcessBuilder(file.toString(), "--version").redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = VERSION.matcher(said);
            return version.find() ? Optional.of(version.group(1)) : Optional.empty();
        } catch (IOException notAProgram) {
            return Optional.empty();
        }
    }
}
