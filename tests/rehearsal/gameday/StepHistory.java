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

/** The steps of a game day as they became true, told as they do. */
public final class StepHistory {
    private final Consumer<String> say;
    private Instant began = Instant.now();
    private final List<Entry> entries = new ArrayList<>();

    /**
     * One step.
     *
     * @param command  as an operator types it; empty for what was no command of ours
     * @param exitCode of the command
     * @param asWanted whether it ended as the rehearsal wants
     * @param said     what it said, in short
     */
    public record Entry(String name, Instant at, Duration took, String command, OptionalInt exitCode, boolean asWanted,
                        List<String> said) {
        public Entry {
            said = List.copyOf(said);
        }

        public boolean isCommand() {
            return !command.isEmpty();
        }
    }

    StepHistory(Consumer<String> say) {
        this.say = say;
    }

    /** What comes before is no part of the night. */
    synchronized void begins() {
        began = Instant.now();
    }

    /** A command that is being typed. */
    void types(String command) {
        say.accept("");
        say.accept("$ " + command);
    }

    void add(Entry entry) {
        synchronized (this) {
            entries.add(entry);
        }
        entry.said.forEach(line -> say.accept("  " + line));
        say.accept(seconds(entry.took) + "  " + (entry.isCommand() ? "exit " + entry.exitCode.orElse(0)
                + (entry.asWanted ? "" : ", which is not what should be") : entry.name));
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
