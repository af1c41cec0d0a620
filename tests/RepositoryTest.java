import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import judgement.Reason;
import judgement.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import plan.PlannedChange;
import problem.ProblemCode;
import report.Outcome;
import sets.SnapshotSet;

/** What CONTRIBUTING and REPORTS.md say of the tree, held against the tree. */
class RepositoryTest {
    private static final Path ROOT = Checkout.root();
    private static final String REHEARSAL = "tests/rehearsal/";
    /** What a package may import beside itself. The order has no way back, so no two packages can need each other. */
    private static final Map<String, List<String>> MAY_KNOW = packages(
            "lib/facts", List.of("java."),
            "lib/tags", List.of("java.", "facts."),
            "lib/problem", List.of("java."),
            "lib/judgement", List.of("java.", "facts.", "tags.", "problem."),
            "lib/plan", List.of("java.", "facts."),
            "lib/sets", List.of("java.", "facts.", "tags.", "judgement."),
            "lib/restore", List.of("java.", "facts.", "tags.", "problem.", "judgement.", "plan.", "sets."),
            "lib/fixes", List.of("java.", "facts.", "tags.", "problem.", "judgement.", "plan."),
            "lib/report", List.of("java.", "facts.", "tags.", "problem.", "judgement.", "plan.", "sets.", "picocli.",
                    "com.fasterxml.jackson."),
            "lib/aws", List.of("java.", "facts.", "tags.", "problem.", "plan.", "sets.", "restore.", "report.",
                    "javax.xml.stream.", "software.amazon.awssdk."),
            "lib/cli", List.of("java.", "facts.", "tags.", "problem.", "judgement.", "plan.", "sets.", "restore.", "report.",
                    "aws.", "picocli.", "com.fasterxml.jackson.", "com.sun.net.httpserver.", "javax.net.ssl."),
            "lib/page", List.of("java.", "facts.", "problem.", "judgement.", "report."),
            REHEARSAL + "disk", List.of("java."),
            REHEARSAL + "practice", List.of("java.", "javax.", "disk.", "com.sun.net.httpserver.", "org.w3c.dom."),
            REHEARSAL + "node", List.of("java.", "javax.", "disk.", "practice.", "com.fasterxml.jackson.", "org.w3c.dom.",
                    "org.xml.sax."),
            REHEARSAL + "gameday", List.of("java.", "page.", "node.", "disk.", "practice.", "com.fasterxml.jackson.",
                    "org.w3c.dom."));

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> javaFiles(String... folders) {
        List<Path> files = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> found = Files.walk(ROOT.resolve(folder))) {
                found.filter(f -> f.toString().endsWith(".java")).sorted().forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertFalse(files.isEmpty());
        return files;
    }

    private static List<String> all(String regex, String text) {
        return Pattern.compile(regex, Pattern.MULTILINE).matcher(text).results().map((MatchResult m) -> m.group(1)).toList();
    }

    private static Map<String, List<String>> packages(Object... foldersAndNames) {
        Map<String, List<String>> packages = new LinkedHashMap<>();
        for (int n = 0; n < foldersAndNames.length; n += 2) {
            @SuppressWarnings("unchecked") List<String> names = (List<String>) foldersAndNames[n + 1];
            packages.put((String) foldersAndNames[n], names);
        }
        return packages;
    }

    static Set<String> packages() {
        return MAY_KNOW.keySet();
    }

    @Test
    void every_folder_of_lib_and_of_the_rehearsal_is_a_package_of_the_table() {
        Set<String> folders = javaFiles("lib", "tests/rehearsal").stream()
                .map(f -> ROOT.relativize(f.getParent()).toString()).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(folders, new TreeSet<>(packages()));
    }

    @ParameterizedTest
    @MethodSource("packages")
    void a_package_imports_only_what_it_may_know(String folder) {
        String own = folder.substring(folder.lastIndexOf('/') + 1) + ".";
        for (Path file : javaFiles(folder)) {
            for (String name : all("^import (?:static )?([\\w.]+);", read(file))) {
                assertTrue(name.startsWith(own) || MAY_KNOW.get(folder).stream().anyMatch(name::startsWith),
                        file + " imports " + name);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packages")
    void a_package_info_names_every_file_of_its_package_once_in_order(String folder) {
        List<String> files = javaFiles(folder).stream().map(f -> f.getFileName().toString())
                .filter(f -> !f.equals("package-info.java")).toList();
        assertEquals(files, all("^//SOURCES (\\S+)$", read(ROOT.resolve(folder + "/package-info.java"))));
    }

    @Test
    void one_class_alone_writes_to_EC2_and_it_can_delete_nothing_but_tags() {
        for (Path file : javaFiles("lib", "scripts")) {
            String code = read(file);
            String name = file.getFileName().toString();
            List<String> calls = all("\\bec2\\s*\\.(\\w+)\\(", code);
            if (name.equals("Ec2Writer.java")) {
                assertEquals(List.of(), calls.stream().filter(c -> !c.matches("(create|lock)\\w+|deleteTags")).toList());
            } else if (name.equals("Ec2Queries.java")) {
                assertEquals(List.of(), calls.stream().filter(c -> !c.startsWith("describe")).toList());
            } else if (!name.equals("Connection.java")) {
                assertFalse(code.contains("Ec2Client"), name + " must not hold a client");
            }
        }
    }

    @Test
    void every_script_has_an_alias_of_its_name_and_description_and_stands_in_the_readme() throws Exception {
        JsonNode aliases = new ObjectMapper().readTree(ROOT.resolve("jbang-catalog.json").toFile()).get("aliases");
        Map<String, String> catalog = new TreeMap<>();
        aliases.properties().forEach(a -> catalog.put(
                a.getValue().get("script-ref").asText(), a.getKey() + ": " + a.getValue().get("description").asText()));
        Map<String, String> scripts = new TreeMap<>();
        for (Path file : javaFiles("scripts")) {
            String alias = kebab(file);
            scripts.put("scripts/" + file.getFileName(), alias + ": " + all("^//DESCRIPTION (.*)$", read(file)).get(0));
            assertTrue(read(ROOT.resolve("README.md")).contains("`" + alias + "`"), alias + " in README.md");
        }
        scripts.put("tests/RunTests.java", "test: The project's own tests");
        assertEquals(scripts, catalog);
    }

    private static String kebab(Path file) {
        return file.getFileName().toString().replace(".java", "").replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase();
    }

    static Stream<Class<?>> commands() {
        return Stream.of(FixTags.class, GameDay.class, RestoreVolume.class, SnapshotAll.class, VerifyQuorumVolumes.class);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_commands_help_says_what_its_alias_says(Class<?> type) {
        Path file = ROOT.resolve("scripts/" + type.getSimpleName() + ".java");
        Command command = type.getAnnotation(Command.class);
        assertEquals(kebab(file), command.name());
        assertEquals(all("^//DESCRIPTION (.*)$", read(file)).get(0), command.description()[0]);
    }

    @Test
    void a_script_has_at_most_250_lines() {
        javaFiles("scripts").forEach(f -> assertTrue(read(f).lines().count() <= 250, f + " is longer than 250 lines"));
    }

    @Test
    void dependencies_are_exact_and_everywhere_the_same() {
        List<String> deps = javaFiles("lib", "scripts", "tests").stream()
                .flatMap(f -> all("^//DEPS (.*)$", read(f)).stream()).distinct().toList();
        List<String> modules = deps.stream().map(d -> d.substring(0, d.lastIndexOf(':'))).toList();
        assertEquals(modules.stream().distinct().toList(), modules);
        deps.forEach(d -> assertTrue(d.matches("[\\w.-]+:[\\w.-]+:\\d+\\.\\d+(\\.\\d+)?(@fatjar)?"), d));
    }

    @Test
    void the_class_path_has_one_light_http_client() {
        String path = System.getProperty("java.class.path");
        assertTrue(path.contains("url-connection-client"), path);
        assertEquals(List.of("2.22", "2.22.4", "2.22.4"),
                all("/jackson-(?:annotations|core|databind)-([\\d.]+)\\.jar", path).stream().sorted().toList());
        assertFalse(Stream.of("netty", "httpclient", "httpcore", "apache-client", "aws-crt").anyMatch(path::contains), path);
    }

    @Test
    void reports_md_has_a_line_for_every_reason() {
        String page = read(ROOT.resolve("REPORTS.md"));
        for (Reason.Code code : Reason.Code.values()) {
            String sentence = code.sentence().replace("%s", "KEY").replace("<", "&lt;").replace(">", "&gt;");
            String line = "| `" + code + "` | " + sentence + " | " + code.remedy() + " |";
            assertTrue(page.contains(line), "REPORTS.md needs the line\n" + line);
        }
    }

    @Test
    void reports_md_has_a_line_for_every_problem_code_and_for_every_old_spelling() {
        String page = read(ROOT.resolve("REPORTS.md"));
        for (ProblemCode code : ProblemCode.values()) {
            String line = "| `" + code + "` | " + code.sentence() + " | " + code.remedy() + " |";
            assertTrue(page.contains(line), "REPORTS.md needs the line\n" + line);
            String old = "| `" + code + "` | `" + code.word() + "` |";
            assertEquals(!code.word().equals(code.name()), page.contains(old), old);
        }
    }

    @Test
    void the_tables_of_exit_codes_are_one_and_the_same() {
        Map<Integer, List<String>> words = Arrays.stream(Outcome.values()).collect(Collectors.groupingBy(
                Outcome::exitCode, TreeMap::new, Collectors.mapping(Outcome::word, Collectors.toList())));
        words.put(Outcome.USAGE, List.of());
        for (String page : List.of("README.md", "REPORTS.md")) {
            List<String> rows = read(ROOT.resolve(page)).lines().filter(l -> l.matches("\\| \\d+ \\|.*")).toList();
            assertEquals(words.keySet().stream().sorted().map(Object::toString).toList(),
                    rows.stream().map(row -> row.split(" ")[1]).toList(), page);
        }
        for (String row : read(ROOT.resolve("REPORTS.md")).lines().filter(l -> l.matches("\\| \\d+ \\|.*")).toList()) {
            words.get(Integer.valueOf(row.split(" ")[1]))
                    .forEach(w -> assertTrue(row.contains("`" + w + "`"), row + " lacks " + w));
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_commands_help_names_its_exit_codes_in_its_own_words_and_ends_with_examples(Class<?> type) {
        Command command = type.getAnnotation(Command.class);
        Set<String> known = Arrays.stream(Outcome.values()).map(o -> Integer.toString(o.exitCode()))
                .collect(Collectors.toCollection(TreeSet::new));
        known.add(Integer.toString(Outcome.USAGE));
        List<String> codes = Arrays.stream(command.exitCodeList()).map(line -> line.split(":")[0]).toList();
        assertTrue(known.containsAll(codes) && codes.containsAll(List.of("0", "2", "130")), codes.toString());
        List<String> examples = Arrays.stream(command.footer()).filter(line -> line.startsWith("  ./jbang ")).toList();
        assertTrue(examples.size() == 1 || examples.size() == 2, examples.toString());
        CommandSpec spec = CommandSpec.forAnnotatedObject(type);
        for (String example : examples) {
            assertTrue(example.startsWith("  ./jbang " + command.name()), example);
            all("(--[a-z-]+)", example.split("\\|")[0]).forEach(option ->
                    assertTrue(spec.findOption(option) != null, option + " in" + example));
        }
    }

    @Test
    void reports_md_names_every_field_verdict_and_problem() {
        String page = read(ROOT.resolve("REPORTS.md"));
        List<String> said = List.of("new Problem\\(\\s*\"(\\w+)\"", "\\.put(?:Array|Object|Null)?\\(\"([a-z_]+)\"",
                "\"((?:No|Garbled|Not|Changed)[A-Z]\\w+)\"");
        List<String> decided = List.of("(?:refuse|unproven|Proof|tag|change)\\([^;]*?\"([A-Z]+_[A-Z_]+)\"");
        List<String> words = new ArrayList<>(Stream.concat(
                words(said, "lib/cli", "lib/report", "lib/aws", REHEARSAL + "gameday", "scripts"),
                words(decided, "lib/restore", "lib/fixes")).distinct().sorted().toList());
        Stream.of(Verdict.values()).map(Verdict::word).forEach(words::add);
        Stream.of(SnapshotSet.Verdict.values()).map(SnapshotSet.Verdict::word).forEach(words::add);
        Stream.of(PlannedChange.Action.values()).map(PlannedChange.Action::word).forEach(words::add);
        assertEquals(List.of(), words.stream().filter(w -> !page.contains("`" + w + "`")).toList());
    }

    private static Stream<String> words(List<String> regexes, String... folders) {
        return javaFiles(folders).stream().map(RepositoryTest::read)
                .flatMap(code -> regexes.stream().flatMap(regex -> all(regex, code).stream()));
    }

    @Test
    void sources_are_plain_ascii_since_javac_reads_them_in_the_users_locale() {
        assertEquals(List.of(), javaFiles("lib", "scripts", "tests").stream()
                .filter(f -> !read(f).chars().allMatch(c -> c < 128)).toList());
    }

    @Test
    void no_line_is_longer_than_the_style_allows() {
        Function<Path, Stream<String>> tooLong = f -> read(f).lines().filter(l -> l.length() > 130 && !l.contains(" | "))
                .map(l -> ROOT.relativize(f) + ": " + l);
        assertEquals(List.of(), javaFiles("lib", "scripts", "tests").stream().flatMap(tooLong).toList());
    }
}
