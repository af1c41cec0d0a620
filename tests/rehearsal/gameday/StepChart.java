package gameday;

import static page.Markup.escaped;

import java.util.List;
import java.util.Locale;

import page.Block;
import page.Markup;
import page.Tone;

/** The steps in their order, each with a bar that shows when it began and how long it took. */
public record StepChart(String title, long wholeMs, List<Bar> bars) implements Block {
    private static final String CSS = """
            .steps li { padding: 0.5rem 0; }
            .steps .what { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; }
            .steps .time { flex: none; color: var(--quiet); font-size: 0.875rem; font-variant-numeric: tabular-nums; }
            .steps .exit { color: var(--quiet); font-size: 0.8125rem; white-space: nowrap; }
            .steps .bar { display: block; width: 100%; height: 4px; margin-top: 0.4rem; border-radius: 2px;
              background: var(--track); }
            .bar rect { fill: var(--quiet); } .bar rect.good { fill: var(--good); } .bar rect.bad { fill: var(--bad); }
            """;

    public StepChart {
        bars = List.copyOf(bars);
    }

    /**
     * @param exit the exit code of a command, in words; empty for other steps
     * @param tone whether the step ended as expected
     */
    public record Bar(String what, boolean isCommand, String exit, long atMs, long tookMs, Tone tone) {
    }

    @Override
    public String css() {
        return CSS;
    }

    @Override
    public String html() {
        return Markup.section(title, "<ol class=\"steps\">\n" + Markup.joined(bars.stream().map(this::row).toList()) + "</ol>\n");
    }

    private String row(Bar bar) {
        String name = escaped(bar.what);
        return "<li><div class=\"what\"><span>" + (bar.isCommand ? "<code>" + name + "</code>" : name)
                + (bar.exit.isEmpty() ? "" : " <span class=\"exit\">" + escaped(bar.exit) + "</span>") + "</span>"
                + "<span class=\"time\">" + seconds(bar.tookMs) + "</span></div>"
                + "<svg class=\"bar\" viewBox=\"0 0 1000 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\""
                + bar.tone.cssClass() + "\" x=\"" + part(bar.atMs) + "\" y=\"0\" width=\"" + Math.max(5, part(bar.tookMs))
                + "\" height=\"4\" /></svg></li>\n";
    }

    private long part(long ms) {
        return Math.min(995, ms * 1000 / Math.max(1, wholeMs));
    }

    static String seconds(long ms) {
        return String.format(Locale.ROOT, "%.1f s", ms / 1000.0);
    }
}
