import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Does what the README says, and compares what it shows. `[..]` stands for part of a line, `[...]` for lines. */
class ReadmeTest {
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    /** A block of commands, and what it should show; empty when the page shows nothing. */
    record Step(int line, String commands, String shown) {
        @Override
        public String toString() {
            return "README.md:" + line;
        }
    }

    private record Block(int line, String language, String text) {
    }

    private static List<Block> blocks() {
        String page = RepositoryTest.read(Checkout.root().resolve("README.md"));
        return FENCE.matcher(page).results().map(m -> new Block(
                (int) page.substring(0, m.start()).lines().count() + 1, m.group(1), m.group(2))).toList();
    }

    static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        List<Block> blocks = blocks();
        for (int n = 0; n < blocks.size(); n++) {
            if (blocks.get(n).language().equals("sh")) {
                boolean shows = n + 1 < blocks.size() && blocks.get(n + 1).language().equals("text")
                        && !blocks.get(n).text().startsWith("./jbang test");
                steps.add(new Step(blocks.get(n).line(), blocks.get(n).text(), shows ? blocks.get(n + 1).text() : ""));
            }
        }
        return steps;
    }

    static Stream<Step> stepsThatShow() {
        return steps().stream().filter(s -> !s.shown().isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stepsThatShow")
    void a_block_shows_what_the_page_shows(Step step) throws Exception {
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
    void only_the_tests_themselves_are_a_block_that_is_not_run_here() {
        assertEquals(List.of("./jbang test\n"), steps().stream().filter(s -> s.shown().isEmpty()).map(Step::commands).toList());
    }

    @Test
    void every_option_the_readme_names_exists() {
        Harness harness = new Harness(null);
        String help = harness.verify("--help").out() + harness.snapshotAll("--help").out();
        List<String> lines = blocks().stream().flatMap(b -> b.text().lines())
                .filter(l -> l.startsWith("./jbang snapshot-all") || l.startsWith("./jbang verify-quorum-volumes")).toList();
        assertTrue(lines.size() >= 3, lines.toString());
        Pattern option = Pattern.compile("--[a-z-]+");
        lines.forEach(line -> option.matcher(line.split("\\|")[0]).results()
                .forEach(m -> assertTrue(help.contains(m.group() + "="), m.group() + " in " + line)));
    }
}
