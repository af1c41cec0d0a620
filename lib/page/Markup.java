package page;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import report.TerminalText;

/** The pieces of HTML that all blocks use. */
public final class Markup {
    private static final Pattern ID = Pattern.compile("\\b(?:vol|snap|i)-[0-9a-f]{8,17}\\b");

    private Markup() {
    }

    /** For text and quoted attributes: no markup and no password is left. What cannot be seen becomes an escape. */
    public static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        TerminalText.lines(text).codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(c == '\n' || c >= 0x20 && c != 0xFFFE && c != 0xFFFF
                        && (c < 0xD800 || c > 0xDFFF) ? c : '?');
            }
        });
        return out.toString();
    }

    /** Escaped as well, and no id of AWS is broken at the end of a line. */
    static String withIds(String text) {
        return ID.matcher(escaped(text)).replaceAll("<span class=\"id\">$0</span>");
    }

    public static String section(String title, String inner) {
        return "<section>\n<h2>" + escaped(title) + "</h2>\n" + inner + "</section>\n";
    }

    public static String joined(List<String> parts) {
        return parts.stream().collect(Collectors.joining());
    }

    /** A sign in the colour of a tone. Words beside it must say the same. */
    static String dot(Tone tone) {
        return "<svg class=\"dot " + tone.cssClass() + "\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">" + switch (tone) {
            case GOOD -> "<circle cx=\"5\" cy=\"5\" r=\"4\" />";
            case BAD -> "<path d=\"M1.5 1.5 L8.5 8.5 M8.5 1.5 L1.5 8.5\" />";
            case DOUBTFUL -> "<path class=\"full\" d=\"M5 0.8 L9.4 9 L0.6 9 Z\" />";
            case PLAIN -> "<circle class=\"hollow\" cx=\"5\" cy=\"5\" r=\"3.4\" />";
        } + "</svg>";
    }
}
