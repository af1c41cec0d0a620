package cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Words as a POSIX shell takes them back. */
final class CommandWords {
    private CommandWords() {
    }

    static String quoted(String... words) {
        return Arrays.stream(words).map(CommandWords::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
