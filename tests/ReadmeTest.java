import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the commands of the pages for readers, and compares the output with the output on the page. `[..]` stands for part
 * of a line, `[...]` for lines.
 */
class ReadmeTest {
    private static final List<String> PAGES = List.of("README.md", "tests/rehearsal/README.md");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final Pattern OURS = Pattern.compile(
            "\\./jbang (fix-tags|restore-volume|snapshot-all|verify-quorum-volumes)([^\n|&]*)");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

    /** A block of commands, and what it should show; empty when the page shows nothing. */
    record Step(String page, int line, String commands, String shown) {
        @Override
        public String toString() {
            return page + ":" + line;
        }
    }

    private record Block(int line, String language, String text) {
    }

    private static List<Block> blocks(String name) {
        String page = RepositoryTest.read(Checkout.root().resolve(name));
        return FENCE.matcher(page).results().map(m -> new Block(
                (int) page.substring(0, m.start()).lines().count() + 1, m.group(1), m.group(2))).toList();
    }

    static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (String page : PAGES) {
            List<Block> blocks = blocks(page);
            for (int n = 0; n < blocks.size(); n++) {
                if (blocks.get(n).language().equals("sh")) {
                    boolean shows = n + 1 < blocks.size() && blocks.get(n + 1).language().equals("text");
                    steps.add(new Step(page, blocks.get(n).line(), blocks.get(n).text(),
                            shows ? blocks.get(n + 1).text() : ""));
                }
            }
        }
        return steps;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    void a_block_shows_what_the_page_shows(Step step) throws Exception {
        assertFalse(step.shown().isEmpty(), step + " shows nothing");
        Processes.Ended ended = Processes.run(Checkout.root(), "sh", "-c", step.commands());
        assertTrue(Pattern.matches(pattern(step.shown()), ended.out()),
                step + " shows otherwise:\n" + ended.out() + ended.err());
    }

    static String pattern(String shown) {
        StringBuilder regex = new StringBuilder("(?s)");
        for (String line : shown.split("(?<=\n)")) {
            if (line.equals("[...]\n")) {
                regex.append(".*?(?<=\n)");
            } else {
                String[] parts = line.split(Pattern.quote("[..]"), -1);
                regex.append(String.join("[^\n]*", Stream.of(parts).map(Pattern::quote).toList()));
            }
        }
        return regex.toString();
    }

    @Test
    void every_page_has_a_block_that_is_run() {
        assertEquals(PAGES, steps().stream().map(Step::page).distinct().toList());
    }

    @Test
    void every_option_that_a_block_gives_to_an_incident_command_exists() {
        Harness harness = new Harness(null);
        Map<String, String> help = Map.of("fix-tags", harness.fixTags("--help").out(),
                "restore-volume", harness.restoreVolume("--help").out(),
                "snapshot-all", harness.snapshotAll("--help").out(),
                "verify-quorum-volumes", harness.verify("--help").out());
        Map<String, Integer> lines = new HashMap<>();
        for (String page : PAGES) {
            for (Block block : blocks(page)) {
                Matcher ours = OURS.matcher(block.text());
                while (ours.find()) {
                    lines.merge(ours.group(1), 1, Integer::sum);
                    OPTION.matcher(ours.group(2)).results().forEach(option -> assertTrue(
                            Pattern.compile(option.group() + "\\b").matcher(help.get(ours.group(1))).find(),
                            page + ": " + ours.group()));
                }
            }
        }
        assertEquals(help.keySet(), lines.keySet());
    }
}
