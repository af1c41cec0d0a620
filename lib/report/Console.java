package report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** What a command has around it: its streams, whether they are terminals, the environment and the time. */
public record Console(
        PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal, Map<String, String> env,
        InstantSource time) {

    public Console {
        err = new Stderr(err);
    }

    public static Console system() {
        return new Console(new Stdout(new FileOutputStream(FileDescriptor.out)),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8), isTerminal(1),
                isTerminal(2), System.getenv(), InstantSource.system());
    }

    /** Remembers why it could not be written, which PrintStream does not. */
    private static final class Stdout extends PrintStream {
        private IOException failure;
        private boolean begun;

        Stdout(OutputStream out) {
            super(out, true, StandardCharsets.UTF_8);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            try {
                out.write(bytes, from, length);
                begun = true;
            } catch (IOException e) {
                failure = e;
                setError();
            }
        }
    }

    /** Whoever prints here, no text moves the cursor or shows a password. A stderr that is closed stops nobody. */
    private static final class Stderr extends PrintStream {
        Stderr(OutputStream out) {
            super(out, true, StandardCharsets.UTF_8);
        }

        @Override
        public void print(String text) {
            super.print(TerminalText.line(String.valueOf(text).replaceFirst("^\t", "    "))); // a stack trace has tabs
        }
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
        err.println("Error: " + what);
        err.println("Try: " + tryCommand);
    }

    /**
     * Why stdout could not be written; empty where it was.
     *
     * @param forPeople whether the text is no document. Who ends {@code | head} has seen as much of it as was wanted, so that
     *                  is no failure. A reader that took nothing at all has seen nothing.
     */
    Optional<String> outFailure(boolean forPeople) {
        if (!out.checkError()) {
            return Optional.empty();
        }
        String why = out instanceof Stdout stdout && stdout.failure != null ? stdout.failure.getMessage() : "nobody takes it";
        return forPeople && out instanceof Stdout stdout && stdout.begun && why.contains("Broken pipe") ? Optional.empty()
                : Optional.of(why);
    }

    /** The exit code of a command that only printed a text for people: not 0 where nobody can have read the text. */
    public int ended(int code, String commandLine) {
        Optional<String> failure = outFailure(true);
        failure.ifPresent(why -> error("writing to stdout: " + why, commandLine + " >&2"));
        return code == 0 && failure.isPresent() ? Outcome.UNKNOWN.exitCode() : code;
    }

    /** Text in a colour, as the numbers of a terminal have it, where stdout shows colours. */
    public String painted(String text, String colour) {
        return TerminalText.painted(hasColour(), text, colour);
    }

    public boolean hasColour() {
        return outIsTerminal && env.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(env.get("TERM"));
    }
}
