package gameday;

import static page.Markup.escaped;

import java.util.List;

import page.Block;
import page.Markup;
import page.Tone;

/** The most important numbers, large, and the facts behind them. */
public record KeyFigures(String title, List<Figure> figures, List<Fact> facts, String note) implements Block {
    private static final String CSS = """
            .figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1rem; }
            .figures dt { color: var(--quiet); font-size: 0.875rem; line-height: 1.35; }
            .figures div { min-width: 0; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
            .figures dd { font-size: clamp(1.6rem, 7vw, 2.5rem); line-height: 1.15; font-weight: 600; letter-spacing: -0.02em;
              font-variant-numeric: tabular-nums; }
            .figures dd.good { color: var(--good); } .figures dd.bad { color: var(--bad); }
            .pairs { display: grid; grid-template-columns: 7.5rem 1fr; gap: 0.5rem 1rem; margin-top: 1.75rem;
              font-size: 0.9375rem; }
            .pairs dt { color: var(--quiet); } .pairs dd { min-width: 0; overflow-wrap: anywhere; }
            .note { color: var(--quiet); font-size: 0.875rem; margin-top: 1rem; max-width: 38rem; }
            @media (max-width: 30rem) { .pairs { grid-template-columns: 1fr; gap: 0; } .pairs dd { margin-bottom: 0.75rem; } }
            """;

    public KeyFigures {
        figures = List.copyOf(figures);
        facts = List.copyOf(facts);
    }

    public record Figure(String value, String label, Tone tone) {
    }

    public record Fact(String label, String value) {
    }

    @Override
    public String css() {
        return CSS;
    }

    @Override
    public String html() {
        String big = figures.isEmpty() ? "" : "<dl class=\"figures\">\n" + Markup.joined(figures.stream().map(f -> "<div><dt>"
                + escaped(f.label) + "</dt><dd class=\"" + f.tone.cssClass() + "\">" + escaped(f.value) + "</dd></div>\n")
                .toList()) + "</dl>\n";
        String small = facts.isEmpty() ? "" : "<dl class=\"pairs\">\n" + Markup.joined(facts.stream().map(f -> "<dt>"
                + escaped(f.label) + "</dt><dd>" + escaped(f.value) + "</dd>\n").toList()) + "</dl>\n";
        return Markup.section(title, big + small + (note.isEmpty() ? "" : "<p class=\"note\">" + escaped(note) + "</p>\n"));
    }
}
