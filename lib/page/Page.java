package page;

import static page.Markup.escaped;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A self-contained HTML page: it fetches nothing and runs nothing. It is well-formed XML too, so that a test can parse it.
 *
 * @param kind     what the page shows, in a few words
 * @param verdict  the most important word
 * @param sentence the reason for the verdict, in one sentence
 * @param facts    where and when
 */
public record Page(String kind, Tone tone, String verdict, String sentence, List<String> facts, List<Block> blocks) {

    public Page {
        facts = List.copyOf(facts);
        blocks = List.copyOf(blocks);
    }

    public String html() {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
                + "<meta name=\"color-scheme\" content=\"light dark\" />\n"
                + "<title>" + escaped(verdict + ": " + kind) + "</title>\n<style>\n" + Style.CSS
                + blocks.stream().map(Block::css).distinct().collect(Collectors.joining()) + "</style>\n</head>\n"
                + "<body>\n<main>\n<header class=\"" + tone.cssClass() + "\">\n<p class=\"kind\">" + escaped(kind) + "</p>\n"
                + "<h1>" + escaped(verdict) + "</h1>\n<p class=\"sentence\">" + escaped(sentence) + "</p>\n"
                + "<p class=\"facts\">" + Markup.joined(facts.stream().map(f -> "<span>" + escaped(f) + "</span> ").toList())
                + "</p>\n</header>\n" + Markup.joined(blocks.stream().map(Block::html).toList()) + "</main>\n</body>\n</html>";
    }
}
