package report;

import java.time.Duration;
import java.util.List;

import facts.Snapshot;

/** A line on a terminal's stderr that says how far the snapshots are; in a pipe it says nothing. */
public final class ProgressBar {
    private static final int CELLS = 30;

    private final Console console;
    private final String what;
    private int width;

    public ProgressBar(Console console, String what) {
        this.console = console;
        this.what = what;
    }

    /** Draws it over what it said before; returns whether any snapshot is still pending. */
    public boolean show(List<Snapshot> snapshots, Duration since) {
        long open = snapshots.stream().filter(s -> s.state().equals("pending")).count();
        int percent = (int) snapshots.stream().mapToInt(s -> s.isCompleted() ? 100 : s.progress()).average().orElse(0);
        if (console.errIsTerminal()) {
            int full = percent * CELLS / 100;
            String line = what + " [" + "#".repeat(full) + "-".repeat(CELLS - full) + "] " + percent + "%  "
                    + (snapshots.size() - open) + " of " + snapshots.size() + " snapshots  " + since.toSeconds() + "s";
            console.err().write('\r');
            console.err().print(line + " ".repeat(Math.max(0, width - line.length())));
            console.err().flush();
            width = line.length();
        }
        return open > 0;
    }

    /** Takes the line away, so that what is said next stands at its place. */
    public void done() {
        if (width > 0) {
            console.err().write('\r');
            console.err().print(" ".repeat(width));
            console.err().write('\r');
            console.err().flush();
            width = 0;
        }
    }
}
