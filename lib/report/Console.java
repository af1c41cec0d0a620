package report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** What a command has around it: its streams, whether they are terminals, the environment and the time. */
public record Console(
        PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal, Map<String, String> env,
        InstantSource time) {

    public static Console system() {
        return new Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err), isTerminal(1), isTerminal(2),
                System.getenv(), InstantSource.system());
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Java 17 only knows whether stdin and stdout both are a terminal; Linux says it of each. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }

    /** The two lines of a foreseen failure: what was being done and what went wrong, and a whole command line that helps. */
    public void error(String what, String tryCommand) {
        err.println(TerminalText.line("Error: " + what));
        err.println(TerminalText.line("Try: " + tryCommand));
    }

    public boolean hasColour() {
        return outIsTerminal && env.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(env.get("TERM"));
    }
}
