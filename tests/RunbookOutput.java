import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares the output on a page with real output. {@code [..]} stands for part of a line, {@code [...]} for lines. */
final class RunbookOutput {
    private static final String LINES = "[...]";
    /** Parts of the output that differ from run to run: ids, plan ids, times, ports, folders. */
    private static final List<String> EVER_NEW = List.of("(?<=\\b(?:vol|snap|i)-)[0-9a-f]{17}", "(?<=[( ]plan )[0-9a-f]{12}",
            "\\b\\d{8}T\\d{6}Z-[0-9a-f]{4}", "(?<=127\\.0\\.0\\.1:)\\d+", "\\b\\d+(?= ms apart)", "/tmp/\\S+");

    private RunbookOutput() {
    }

    /** The first line of the page that the real output does not match; {@code shown.size()} where output is left over. */
    static OptionalInt mismatch(List<String> shown, List<String> got) {
        boolean[] reach = new boolean[got.size() + 1];
        reach[0] = true;
        for (int line = 0; line < shown.size(); line++) {
            boolean[] next = new boolean[got.size() + 1];
            boolean any = false;
            for (int n = 0; n <= got.size(); n++) {
                next[n] = shown.get(line).equals(LINES) ? reach[n] || n > 0 && next[n - 1]
                        : n > 0 && reach[n - 1] && matches(shown.get(line), got.get(n - 1));
                any |= next[n];
            }
            if (!any) {
                return OptionalInt.of(line);
            }
            reach = next;
        }
        return reach[got.size()] ? OptionalInt.empty() : OptionalInt.of(shown.size());
    }

    static boolean matches(String shown, String got) {
        return Pattern.matches(Stream.of(shown.split(Pattern.quote("[..]"), -1)).map(Pattern::quote)
                .collect(Collectors.joining(".*")), got);
    }

    /** The lines that the page should show. Lines of the page that still match stay as they are, with their elisions. */
    static List<String> blessed(List<String> shown, List<String> got) {
        int[][] edits = new int[shown.size() + 1][got.size() + 1];
        for (int s = shown.size(); s >= 0; s--) {
            for (int g = got.size(); g >= 0; g--) {
                edits[s][g] = s == shown.size() ? got.size() - g : fewest(shown, got, edits, s, g);
            }
        }
        List<String> blessed = new ArrayList<>();
        int s = 0;
        int g = 0;
        while (s < shown.size() || g < got.size()) {
            boolean more = s < shown.size() && g < got.size();
            if (more && matches(shown.get(s), got.get(g)) && edits[s][g] == edits[s + 1][g + 1]) {
                blessed.add(shown.get(s++));
                g++;
            } else if (s < shown.size() && shown.get(s).equals(LINES) && edits[s][g] == edits[s + 1][g]) {
                blessed.add(shown.get(s++));
            } else if (more && shown.get(s).equals(LINES)) {
                g++;
            } else if (more && edits[s][g] == 1 + edits[s + 1][g + 1]) {
                blessed.add(elided(got.get(g++)));
                s++;
            } else if (g < got.size() && edits[s][g] == 1 + edits[s][g + 1]) {
                blessed.add(elided(got.get(g++)));
            } else {
                s++;
            }
        }
        return blessed;
    }

    private static int fewest(List<String> shown, List<String> got, int[][] edits, int s, int g) {
        if (shown.get(s).equals(LINES)) {
            return g < got.size() ? Math.min(edits[s + 1][g], edits[s][g + 1]) : edits[s + 1][g];
        }
        int best = 1 + edits[s + 1][g];
        if (g < got.size()) {
            int other = matches(shown.get(s), got.get(g)) ? 0 : 1;
            best = Math.min(best, Math.min(other + edits[s + 1][g + 1], 1 + edits[s][g + 1]));
        }
        return best;
    }

    private static String elided(String line) {
        String elided = line;
        for (String each : EVER_NEW) {
            elided = elided.replaceAll(each, "[..]");
        }
        return elided;
    }
}
