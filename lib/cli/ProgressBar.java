package cli;

import java.time.Duration;

/** A line on a terminal's stderr that says how far long work is; in a pipe it says nothing. */
public final class ProgressBar {
    private static final int CELLS = 30;

    private final Console console;
    private final String what;
    private int width;

    public ProgressBar(Console console, String what) {
        this.console = console;
        this.what = what;
    }

    /** @param percent 0 to 100 */
    public void at(int percent, String text, Duration since) {
        if (console.errIsTerminal()) {
            int full = Math.max(0, Math.min(CELLS, percent * CELLS / 100));
            String line = what + " [" + "#".repeat(full) + "-".repeat(CELLS - full) + "] " + percent + "% " + text + " "
                    + since.toSeconds() + "s";
            console.err().print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            console.err().flush();
            width = line.length();
        }
    }

    /** Takes the line away, so that what is said next stands at its place. */
    public void done() {
        if (width > 0) {
            console.err().print("\r" + " ".repeat(width) + "\r");
            console.err().flush();
            width = 0;
        }
    }
}
