import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Real processes, as a shell starts them. */
final class Processes {
    record Ended(int code, String out, String err) {
    }

    private static final int SIGINT = 2;

    private Processes() {
    }

    static Ended run(Path folder, String... command) throws IOException, InterruptedException {
        return run(folder, Map.of(), command);
    }

    static Ended run(Path folder, Map<String, String> env, String... command) throws IOException, InterruptedException {
        Started started = start(folder, env, command);
        return started.end();
    }

    /** A process under way; what it says goes to files, so that no pipe can fill. */
    record Started(Process process, Path out, Path err) {
        /** Waits for its end, two minutes at most. */
        Ended end() throws IOException, InterruptedException {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new IOException("still running after two minutes:\n" + Files.readString(out) + Files.readString(err));
            }
            Ended ended = new Ended(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
            Files.delete(out);
            Files.delete(err);
            return ended;
        }

        /** Waits until stderr holds this so many times. */
        void awaitErr(String text, int times) throws IOException, InterruptedException {
            for (int look = 0; look < 1200; look++) {
                if (Files.readString(err).split(Pattern.quote(text), -1).length > times) {
                    return;
                }
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new IOException("ended before it said " + text + ":\n" + Files.readString(err));
                }
            }
            throw new IOException("never said " + text + ":\n" + Files.readString(err));
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder(List.of("kill", "-" + name, Long.toString(process.pid()))).inheritIO().start().waitFor();
        }
    }

    static Started start(Path folder, Map<String, String> env, String... command) throws IOException {
        Path out = Files.createTempFile("out", "");
        Path err = Files.createTempFile("err", "");
        ProcessBuilder builder = new ProcessBuilder(hearing(command)).directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(Map.of("AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_REGION", "eu-central-1", "AWS_EC2_METADATA_DISABLED", "true"));
        builder.environment().remove("AWS_PROFILE");
        builder.environment().putAll(env);
        return new Started(builder.start(), out, err);
    }

    /**
     * What a shell starts in the background without job control ignores SIGINT, and so does all that comes of it, a JVM
     * included (POSIX, Shell Command Language, 2.11). Tests that are run like that start what they interrupt without it.
     */
    private static List<String> hearing(String... command) throws IOException {
        Path status = Path.of("/proc/self/status");
        boolean deaf = Files.exists(status) && Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1L << SIGINT - 1) != 0);
        return Stream.concat(deaf ? Stream.of("env", "--default-signal=INT") : Stream.of(), Stream.of(command)).toList();
    }
}
