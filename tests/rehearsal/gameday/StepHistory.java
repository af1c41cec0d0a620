package gameday;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The steps that a game day has done, each shown to the user as soon as it is done. */
public final class StepHistory {
    private final Consumer<String> say;
    private Instant began = Instant.now();
    private final List<Entry> entries = new ArrayList<>();

    /**
     * One step.
     *
     * @param command  as an operator types it; empty for a step that is not a command of this collection
     * @param exitCode of the command
     * @param asWanted whether the step ended as the scenario expects
     * @param said     the important lines of the command's output
     */
    public record Entry(String name, Instant at, Duration took, String command, OptionalInt exitCode, boolean asWanted,
                        List<String> said) {
        public Entry {
            said = List.copyOf(said);
        }

        /** A step that is not a command, and that ends now. */
        static Entry since(Instant at, String name, boolean asWanted) {
            return new Entry(name, at, Duration.between(at, Instant.now()), "", OptionalInt.empty(), asWanted, List.of());
        }

        public boolean isCommand() {
            return !command.isEmpty();
        }
    }

    StepHistory(Consumer<String> say) {
        this.say = say;
    }

    /** The time of the game day begins here. */
    synchronized void start() {
        began = Instant.now();
    }

    /** Shows a command that is about to run. */
    void showCommand(String command) {
        say.accept("");
        say.accept("$ " + command);
    }

    void add(Entry entry) {
        synchronized (this) {
            entries.add(entry);
        }
        entry.said.forEach(line -> say.accept("  " + line));
        say.accept(seconds(entry.took) + "  " + (entry.isCommand() ? "exit " + entry.exitCode.orElse(0)
                + (entry.asWanted ? "" : ", which is unexpected") : entry.name));
    }

    void note(String line) {
        say.accept(line);
    }

    public synchronized Instant began() {
        return began;
    }

    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    void fill(ArrayNode steps) {
        for (Entry entry : entries()) {
            ObjectNode step = steps.addObject().put("name", entry.name)
                    .put("at_ms", Duration.between(began(), entry.at).toMillis()).put("took_ms", entry.took.toMillis());
            if (entry.isCommand()) {
                step.put("command", entry.command).put("exit_code", entry.exitCode.orElse(0));
            } else {
                step.putNull("command").putNull("exit_code");
            }
            step.put("as_wanted", entry.asWanted);
        }
    }

    static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%6.1f s", took.toMillis() / 1000.0);
    }
}
