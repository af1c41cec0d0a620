package report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Words as a POSIX shell takes them back: names come from tags, which anybody who may tag could have written, and a command
 * line of ours is pasted unread.
 */
public final class CommandWords {
    private CommandWords() {
    }

    public static String quoted(List<String> words) {
        return words.stream().map(CommandWords::quoted).collect(Collectors.joining(" "));
    }

    public static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
