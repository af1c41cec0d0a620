package report;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines for a terminal. EC2 allows any character in a tag. A newline would begin a line of its own, and other characters move
 * the cursor or turn the direction of writing. Such characters are shown as escapes. A URL's password is not shown at all.
 */
public final class TerminalText extends PrintWriter {
    /** Where a colour of ours begins. Text from outside cannot hold the mark, since the mark is another one in every run. */
    private static final String MARK = "\0" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ":";
    private static final Pattern COLOUR = Pattern.compile(MARK + "(3[123]|0)m");
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\u2028\u2029]");
    private static final Pattern UNSEEN_IN_LINES = Pattern.compile("[\\p{Cc}\\p{Cf}\u2028\u2029&&[^\n]]");
    /** Up to the last @ of the word, since who types a password by hand does not encode the @ and / in it. */
    private static final Pattern PASSWORD = Pattern.compile("(?i)((?:https?|socks\\w*)://(?:[^\\s:/@]*:)?)\\S*@");
    private static final Pattern PASSWORD_OF_A_WORD = Pattern.compile("(?s)(://(?:[^:@]*:)?|:(?!//)).+@");

    TerminalText(OutputStream out) {
        super(out, false, StandardCharsets.UTF_8);
    }

    /** One line, whatever it was made of; our own colours stay. */
    static String line(String text) {
        String open = withoutPasswords(text);
        StringBuilder line = new StringBuilder();
        Matcher colour = COLOUR.matcher(open);
        int from = 0;
        while (colour.find()) {
            line.append(seen(UNSEEN, open.substring(from, colour.start()))).append("\u001b[").append(colour.group(1)).append('m');
            from = colour.end();
        }
        return line.append(seen(UNSEEN, open.substring(from))).toString();
    }

    /** A text of several lines, for a page or as JSON, which reads the escapes back as what they stand for. */
    public static String lines(String text) {
        return seen(UNSEEN_IN_LINES, withoutPasswords(text));
    }

    /** A word of a command line. Here a password may hold blanks, and need not stand in a URL. */
    static String withoutPassword(String word) {
        return PASSWORD_OF_A_WORD.matcher(word).replaceFirst("$1***@");
    }

    /** Text that {@link #line} shows in a colour. */
    static String painted(boolean colour, String text, String code) {
        return colour ? MARK + code + "m" + text + MARK + "0m" : text;
    }

    private static String withoutPasswords(String text) {
        return text.contains("://") ? PASSWORD.matcher(text).replaceAll("$1***@") : text;
    }

    private static String seen(Pattern unseen, String text) {
        return unseen.matcher(text).replaceAll(m -> {
            StringBuilder escapes = new StringBuilder();
            m.group().chars().forEach(c -> escapes.append(String.format("\\u%04x", c)));
            return Matcher.quoteReplacement(escapes.toString());
        });
    }

    @Override
    public void println(String line) {
        super.println(line(line));
    }
}
