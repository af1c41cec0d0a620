package page;

import static page.Markup.escaped;

import java.util.List;

/** Command lines to paste. */
public record Commands(String title, List<String> lines) implements Block {

    public Commands {
        lines = List.copyOf(lines);
    }

    @Override
    public String html() {
        return Markup.section(title, "<ul class=\"commands\">\n" + Markup.joined(lines.stream()
                .map(line -> "<li><code>" + escaped(line) + "</code></li>\n").toList()) + "</ul>\n");
    }
}
