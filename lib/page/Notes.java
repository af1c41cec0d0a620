package page;

import java.util.List;

/** A list of sentences. */
public record Notes(String title, List<String> sentences) implements Block {

    public Notes {
        sentences = List.copyOf(sentences);
    }

    @Override
    public String html() {
        return Markup.section(title, "<ul class=\"plainly\">\n" + Markup.joined(sentences.stream()
                .map(s -> "<li>" + Markup.withIds(s) + "</li>\n").toList()) + "</ul>\n");
    }
}
