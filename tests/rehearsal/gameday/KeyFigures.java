package gameday;

import static page.Markup.escaped;

import java.util.List;

import page.Block;
import page.Markup;
import page.Tone;

/** Numbers to be seen first, and the facts that stand behind them. */
public record KeyFigures(String title, List<Figure> figures, List<Fact> facts, String note) implements Block {

    public KeyFigures {
        figures = List.copyOf(figures);
        facts = List.copyOf(facts);
    }

    public record Figure(String value, String label, Tone tone) {
    }

    public record Fact(String label, String value) {
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
