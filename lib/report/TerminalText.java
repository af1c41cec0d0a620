package report;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines for a terminal. EC2 allows any character in a tag. A newline would begin a line of its own, and other characters move
 * the cursor or turn the direction of writing. Such characters are shown as escapes. JSON keeps them.
 */
final class TerminalText extends PrintWriter {
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[(3[123]|0)m");
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\u2028\u2029]");

    TerminalText(OutputStream out) {
        super(out, false, StandardCharsets.UTF_8);
    }

    /** One line, whatever it was made of; our own colours stay. */
    static String line(String text) {
        StringBuilder line = new StringBuilder();
        Matcher colour = COLOUR.matcher(text);
        int from = 0;
        while (colour.find()) {
            line.append(seen(text.substring(from, colour.start()))).append(colour.group());
            from = colour.end();
        }
        return line.append(seen(text.substring(from))).toString();
    }

    private static String seen(String text) {
        return UNSEEN.matcher(text).replaceAll(m -> Matcher.quoteReplacement(String.format("\\u%04x", m.group().codePointAt(0))));
    }

    @Override
    public void println(String line) {
        super.println(line(line));
    }
}
