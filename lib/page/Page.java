package page;

import static page.Markup.escaped;

import java.util.List;

/**
 * One self-contained HTML page: nothing is fetched, nothing runs. It is well-formed XML as well, so that a test can read it.
 *
 * @param kind     what it is a picture of, in a word or two
 * @param verdict  the one word that matters
 * @param sentence why, in one sentence
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
                + "<title>" + escaped(verdict + ": " + kind) + "</title>\n<style>\n" + Style.CSS + "</style>\n</head>\n"
                + "<body>\n<main>\n<header class=\"" + tone.cssClass() + "\">\n<p class=\"kind\">" + escaped(kind) + "</p>\n"
                + "<h1>" + escaped(verdict) + "</h1>\n<p class=\"sentence\">" + escaped(sentence) + "</p>\n"
                + "<p class=\"facts\">" + Markup.joined(facts.stream().map(f -> "<span>" + escaped(f) + "</span> ").toList())
                + "</p>\n</header>\n" + Markup.joined(blocks.stream().map(Block::html).toList()) + "</main>\n</body>\n</html>";
    }
}
