import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import judgement.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import practice.Worlds;
import problem.ProblemCode;
import problem.ReportCode;

/** What is checked of a runbook without running it: its sections, its links, and whether the commands and codes exist. */
class RunbookFormTest {
    private static final List<String> SECTIONS = List.of("Meaning", "Impact", "Not this?", "Before you touch anything",
            "First: is there a backup in S3?", "Steps", "Roll back", "Afterwards");
    private static final Map<String, Class<?>> COMMANDS = Map.of("fix-tags", FixTags.class, "restore-volume",
            RestoreVolume.class, "snapshot-all", SnapshotAll.class, "verify-quorum-volumes", VerifyQuorumVolumes.class,
            "practice-cloud", PracticeCloud.class);
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]+]\\(([^)]+)\\)");
    private static final Pattern OURS = Pattern.compile("\\./jbang ([a-z-]+)([^\n`|]*)");
    private static final Pattern CODE = Pattern.compile("`([A-Z]+(?:_[A-Z]+)+)`");

    static Stream<RunbookPage> pages() {
        return RunbookPage.all().filter(page -> page.name().startsWith("runbooks/"));
    }

    static Stream<RunbookPage> runbooks() {
        return pages().filter(page -> !page.name().endsWith("README.md"));
    }

    private static String text(RunbookPage page) {
        return String.join("\n", page.lines());
    }

    private static List<String> headings(RunbookPage page) {
        return page.lines().stream().filter(l -> l.startsWith("## ")).map(l -> l.substring(3)).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runbooks")
    void a_runbook_has_every_section_in_order_and_stands_in_the_index(RunbookPage page) {
        assertEquals(SECTIONS, headings(page).stream().filter(SECTIONS::contains).toList(), page.name());
        assertTrue(!page.parts().isEmpty(), page.name() + " runs nothing");
        String file = page.name().substring("runbooks/".length());
        assertTrue(RepositoryTest.read(Checkout.root().resolve("runbooks/README.md")).contains("(" + file), file);
        assertTrue(text(page).contains("protokube"), page.name() + " has no branch for protokube");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void every_link_resolves(RunbookPage page) {
        Path folder = Checkout.root().resolve(page.name()).getParent();
        Matcher link = LINK.matcher(text(page));
        while (link.find()) {
            String[] target = link.group(1).split("#", 2);
            Path file = target[0].isEmpty() ? Checkout.root().resolve(page.name()) : folder.resolve(target[0]).normalize();
            assertTrue(Files.exists(file), page.name() + " links to " + link.group(1));
            if (target.length > 1) {
                Set<String> anchors = RepositoryTest.read(file).lines().filter(l -> l.startsWith("#"))
                        .map(RunbookFormTest::anchor)
                        .collect(Collectors.toCollection(TreeSet::new));
                assertTrue(anchors.contains(target[1]), page.name() + " links to " + link.group(1) + ", there are " + anchors);
            }
        }
    }

    /** The anchor that GitHub makes from a heading. */
    private static String anchor(String heading) {
        return heading.replaceFirst("^#+ ", "").toLowerCase().replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    /** Also checks commands that stand in the prose and are not run. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void every_command_of_ours_exists_with_the_options_it_is_given(RunbookPage page) {
        for (int n = 0; n < page.lines().size(); n++) {
            Matcher ours = OURS.matcher(page.lines().get(n));
            while (ours.find()) {
                String where = page.name() + ":" + (n + 1) + ": " + ours.group();
                assertTrue(COMMANDS.containsKey(ours.group(1)), where);
                Set<String> known = options(COMMANDS.get(ours.group(1)));
                Arrays.stream(ours.group(2).split(" -- ")[0].split("\\s+")).filter(word -> word.matches("--?[a-z][a-z-]*"))
                        .forEach(option -> assertTrue(known.contains(option), where + " knows no " + option));
            }
        }
    }

    private static Set<String> options(Class<?> type) {
        Set<String> names = new TreeSet<>(List.of("--help", "--version", "-h", "-V"));
        if (type == PracticeCloud.class) { // picocli cannot make an instance
            Arrays.stream(type.getDeclaredFields()).map(field -> field.getAnnotation(Option.class)).filter(Objects::nonNull)
                    .forEach(option -> names.addAll(List.of(option.names())));
        } else {
            CommandSpec.forAnnotatedObject(type).options().forEach(option -> names.addAll(List.of(option.names())));
        }
        return names;
    }

    @Test
    void each_command_that_changes_or_judges_is_a_step_of_some_runbook() {
        Set<String> used = runbooks().flatMap(page -> page.parts().stream()).flatMap(part -> part.commands().stream())
                .flatMap(command -> OURS.matcher(command.text()).results()).map(m -> m.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of("fix-tags", "restore-volume", "snapshot-all", "verify-quorum-volumes"), used);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void every_code_that_a_page_names_is_one_that_a_report_can_hold(RunbookPage page) {
        Set<String> codes = Stream.concat(Arrays.stream(Reason.Code.values()), Arrays.stream(ProblemCode.values()))
                .map(ReportCode::word).collect(Collectors.toCollection(TreeSet::new));
        CODE.matcher(text(page)).results().map(m -> m.group(1)).forEach(code ->
                assertTrue(codes.contains(code), page.name() + " names " + code));
    }

    @Test
    void every_page_begins_in_a_world_and_after_an_incident_that_exist() {
        List<String> missing = new ArrayList<>();
        RunbookPage.all().flatMap(page -> page.parts().stream()).forEach(part -> {
            if (Worlds.all().stream().noneMatch(world -> world.name().equals(part.world()))
                    || !Files.isRegularFile(Checkout.root().resolve(part.incident().isEmpty() ? "README.md" : part.incident()))) {
                missing.add(part + " " + part.world() + " " + part.incident());
            }
        });
        assertEquals(List.of(), missing);
    }

    /** The number that mismatch returns is the first line of the page that the output does not match. */
    @Test
    void an_elision_stands_for_what_it_says_and_no_more() {
        List<String> shown = List.of("vol-[..]  ok", "[...]", "end");
        assertEquals("OptionalInt.empty", RunbookOutput.mismatch(shown, List.of("vol-1  ok", "end")).toString());
        assertEquals("OptionalInt.empty", RunbookOutput.mismatch(shown, List.of("vol-1  ok", "x", "y", "end")).toString());
        assertEquals("OptionalInt[0]", RunbookOutput.mismatch(shown, List.of("vol-1  gone", "end")).toString());
        assertEquals("OptionalInt[2]", RunbookOutput.mismatch(shown, List.of("vol-1  ok", "x")).toString());
        assertEquals("OptionalInt[3]", RunbookOutput.mismatch(shown, List.of("vol-1  ok", "end", "x")).toString());
        assertEquals(List.of("vol-[..]  ok", "[...]", "the end"),
                RunbookOutput.blessed(shown, List.of("vol-1  ok", "x", "the end")));
        assertEquals(List.of("snap-[..]", "[...]", "end"),
                RunbookOutput.blessed(shown, List.of("snap-0123456789abcdef0", "x", "end")));
    }
}
