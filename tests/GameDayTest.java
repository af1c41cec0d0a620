import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import gameday.Scenario;
import gameday.Scenarios;
import node.EtcdBinary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import report.CommandWords;
import report.Console;

/** Every scenario of the game day, run through its command line. What it proves is read from its report. */
class GameDayTest {
    private static final String JBANG = Checkout.root().resolve("jbang").toString();
    /** A game day waits most of the time, so two of them at once take little longer than one. */
    private static final ExecutorService TWO_AT_A_TIME = Executors.newFixedThreadPool(2);
    private static final Map<String, Future<Held>> DAYS = new ConcurrentHashMap<>();

    @TempDir
    private static Path kept;
    @TempDir
    private Path folder;

    /** A game day that ran: its table, its report, its page. */
    private record Held(int code, String table, String err, JsonNode report, String page) {
    }

    @BeforeAll
    static void start_all_days() throws Exception {
        for (String command : List.of("game-day", "snapshot-all", "verify-quorum-volumes", "restore-volume", "fix-tags")) {
            assertEquals(0, Processes.run(Checkout.root(), JBANG, command, "--version").code(), command + " is built");
        }
        if (!EtcdBinary.installed().isEmpty()) {
            Scenarios.all().forEach(s -> DAYS.put(s.name(), TWO_AT_A_TIME.submit(() -> held(s.name()))));
        }
    }

    private static Held held(String scenario) throws IOException {
        Path report = kept.resolve(scenario + ".json");
        Path page = kept.resolve(scenario + ".html");
        Harness.Ran ran = run("--scenario", scenario, "-o", "table", "--report", report.toString(), "--page", page.toString());
        return new Held(ran.code(), ran.out(), ran.err(), new ObjectMapper().readTree(report.toFile()), Files.readString(page));
    }

    @AfterAll
    static void end() {
        TWO_AT_A_TIME.shutdownNow();
    }

    static List<String> names() {
        return Scenarios.all().stream().map(Scenario::name).toList();
    }

    private static Harness.Ran run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = GameDay.run(args, new Console(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false, false, System.getenv(), InstantSource.system()));
        return new Harness.Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Held day(String scenario) throws InterruptedException, ExecutionException {
        assumeTrue(DAYS.containsKey(scenario), "etcd is not installed: apt-get install etcd-server");
        return DAYS.get(scenario).get();
    }

    private static List<String> commands(JsonNode report) {
        return StreamSupport.stream(report.get("steps").spliterator(), false).filter(s -> !s.get("command").isNull())
                .map(s -> s.get("exit_code").asInt() + " " + s.get("command").asText().replaceAll(" --plan [0-9a-f]+", ""))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void each_scenario_ends_with_0_and_a_proof_that_says_what_it_rests_on(String scenario) throws Exception {
        Held day = day(scenario);
        assertEquals(0, day.code(), day.err() + day.table());
        JsonNode report = day.report();
        JsonNode proof = report.get("proof");
        assertEquals(List.of("done", "game-day", scenario, "proved"), List.of(report.get("outcome").asText(),
                report.get("command").asText(), report.get("scenario").asText(), proof.get("verdict").asText()));
        assertTrue(proof.get("acked").asInt() > 50, proof.toString());
        assertEquals(proof.get("acked").asInt(), proof.get("found").asInt() + proof.get("lost").asInt());
        assertNotEquals("none", proof.get("tier").asText());
        assertTrue(proof.get("etcd_version").asText().startsWith("3."), proof.toString());
        report.get("steps").forEach(s -> assertTrue(s.get("as_wanted").asBoolean(), s.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quorum-lost", "tags-wrong", "one-member", "skewed-set", "duplicate-volume", "throttled"})
    void nothing_that_must_be_there_is_lost_and_three_members_hold_the_same(String scenario) throws Exception {
        JsonNode report = day(scenario).report();
        JsonNode proof = report.get("proof");
        assertEquals(0, proof.get("lost").asInt(), proof.toString());
        assertEquals(3, proof.get("hashkv").size());
        assertEquals(1, StreamSupport.stream(proof.get("hashkv").spliterator(), false).distinct().count());
        assertEquals("healthy", report.get("etcd_clusters").get(0).get("verdict").asText());
    }

    @Test
    void quorum_lost_runs_the_commands_of_the_runbook_and_its_recovery_point_is_the_newest_snapshot_of_the_pair()
            throws Exception {
        JsonNode report = day("quorum-lost").report();
        assertEquals(List.of("0 ./jbang snapshot-all --set before-the-loss", "20 ./jbang verify-quorum-volumes",
                "0 ./jbang restore-volume --set before-the-loss", "0 ./jbang restore-volume --set before-the-loss --yes",
                "0 ./jbang restore-volume --set before-the-loss --stage rest --yes", "0 ./jbang verify-quorum-volumes"),
                commands(report));
        JsonNode proof = report.get("proof");
        assertEquals(2, proof.get("line_members").size());
        assertFalse(proof.get("line_at").isNull());
        int later = proof.get("acked_after_line").asInt();
        assertTrue(later > proof.get("found_after_line").asInt(), "what was written after the set cannot all be there: " + proof);
    }

    @Test
    void the_wrong_order_loses_keys_and_our_commands_refuse_it_twice() throws Exception {
        JsonNode report = day("wrong-order").report();
        assertTrue(report.get("proof").get("lost").asInt() > 20, report.get("proof").toString());
        assertEquals(2, report.get("proof").get("hashkv").size(), "the third does not answer");
        assertEquals(List.of("20 ./jbang restore-volume --set before-the-loss --stage all --yes",
                "20 ./jbang restore-volume --set before-the-loss --stage rest --yes"), commands(report).subList(1, 3));
    }

    @Test
    void a_snapshot_beside_a_living_quorum_and_a_duplicate_are_refused() throws Exception {
        assertTrue(commands(day("one-member").report()).contains("20 ./jbang restore-volume --set before-the-loss"));
        assertTrue(commands(day("duplicate-volume").report()).contains("20 ./jbang fix-tags"));
        assertTrue(day("skewed-set").err().contains("START_ORDER"), day("skewed-set").err());
    }

    @Test
    void the_readmes_first_command_shows_what_the_readme_shows() throws Exception {
        Held day = day("quorum-lost");
        String readme = Files.readString(Checkout.root().resolve("README.md"));
        int at = readme.indexOf("```text\nPROVED  quorum-lost");
        assertTrue(readme.contains("```text\n./jbang game-day\n```") && at > 0, "README.md shows ./jbang game-day and its end");
        String shown = readme.substring(at + 8, readme.indexOf("```", at + 8));
        assertTrue(Pattern.matches(ReadmeTest.pattern(shown), day.table()), day.table());
        assertTrue(Files.size(Checkout.root().resolve("runbooks/game-day.png")) < 120_000);
    }

    @Test
    void its_page_has_the_verdict_the_steps_and_what_became_of_every_volume() throws Exception {
        String html = day("quorum-lost").page();
        for (String fact : List.of(">Proved</h1>", ">retired<", ">live<", ">lost<",
                "restore-volume --set before-the-loss --stage rest")) {
            assertTrue(html.contains(fact), fact + " in\n" + html);
        }
        assertFalse(Pattern.compile("https?://").matcher(html).find());
    }

    @Test
    void without_etcd_it_proves_order_and_tags_and_says_that_data_is_not_proven() throws Exception {
        Path bin = pathWithoutEtcd();
        try {
            Map<String, String> env = Map.of("PATH", bin.toString());
            Processes.Ended ended = Processes.run(folder, env, JBANG, "game-day", "-o", "json");
            assertEquals(0, ended.code(), ended.err());
            JsonNode proof = new Harness.Ran(0, ended.out(), "").json().get("proof");
            assertEquals("none", proof.get("tier").asText());
            assertTrue(proof.get("acked").isNull() && proof.get("etcd_version").isNull(), proof.toString());
            assertTrue(proof.get("claim").asText().contains("data is not"), proof.toString());
            Processes.Ended cannot = Processes.run(folder, env, JBANG, "game-day", "--scenario", "wrong-order");
            assertEquals(22, cannot.code(), cannot.err());
            assertTrue(cannot.err().contains("apt-get install etcd-server\nTry: " + launched("game-day") + "\n"), cannot.err());
            mustProveNothing(cannot.out(), "it ended before the proof");
        } finally {
            try (Stream<Path> links = Files.list(bin)) {
                for (Path link : links.toList()) {
                    Files.delete(link); // JUnit warns of each link that leads out of its folder.
                }
            }
        }
    }

    /** As it was started here: by the launcher's whole path. */
    private static String launched(String command) {
        return CommandWords.quoted(JBANG) + " " + command;
    }

    @Test
    void a_tier_that_does_not_work_here_proves_nothing_and_says_why() throws Exception {
        assumeTrue(!EtcdBinary.installed().isEmpty(), "etcd is not installed: apt-get install etcd-server");
        Path broken = Files.createDirectory(folder.resolve("bin")).resolve("mkfs.ext4");
        Files.writeString(broken, "#!/bin/sh\necho out of order; exit 1\n");
        assertTrue(broken.toFile().setExecutable(true));
        Map<String, String> env = Map.of("PATH", broken.getParent() + File.pathSeparator + System.getenv("PATH"));
        Processes.Ended ended = Processes.run(folder, env, JBANG, "game-day", "--tier", "image", "-o", "json",
                "--page", folder.resolve("day.html").toString());
        assertEquals(22, ended.code(), ended.err());
        assertTrue(ended.err().contains("out of order\nTry: " + launched("game-day") + "\n"), ended.err());
        mustProveNothing(ended.out(), "out of order");
        String html = Files.readString(folder.resolve("day.html"));
        assertTrue(html.contains(">Unfinished</h1>") && html.contains("Nothing is proven."), html);
        assertFalse(html.contains("What happened"), "nothing did");
    }

    private static void mustProveNothing(String out, String because) {
        JsonNode proof = new Harness.Ran(22, out, "").json().get("proof");
        assertEquals("unfinished", proof.get("verdict").asText());
        assertEquals("nothing is proven", proof.get("claim").asText());
        assertTrue(proof.get("because").asText().contains(because), proof.toString());
    }

    /** All programs of the PATH but etcd. */
    private Path pathWithoutEtcd() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String at : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isDirectory(Path.of(at))) {
                try (Stream<Path> files = Files.list(Path.of(at))) {
                    for (Path file : files.filter(f -> !f.getFileName().toString().startsWith("etcd")).toList()) {
                        Path link = bin.resolve(file.getFileName());
                        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                            Files.createSymbolicLink(link, file);
                        }
                    }
                }
            }
        }
        return bin;
    }

    @Test
    void Ctrl_C_leaves_no_mount_no_process_and_no_folder_and_still_reports() throws Exception {
        day("quorum-lost");
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        Map<String, String> env = new HashMap<>(Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + scratch));
        Processes.Started started = Processes.start(folder, env, JBANG, "game-day", "-o", "json");
        started.awaitErr("$ ./jbang snapshot-all", 1);
        started.signal("INT");
        Processes.Ended ended = started.end();
        assertEquals(130, ended.code(), ended.err());
        JsonNode report = new Harness.Ran(130, ended.out(), "").json();
        assertEquals("interrupted", report.get("outcome").asText());
        assertEquals("unfinished", report.get("proof").get("verdict").asText());
        assertFalse(ended.err().contains("Exception"), ended.err());
        try (Stream<Path> left = Files.list(scratch)) {
            assertEquals(List.of(), left.filter(f -> f.getFileName().toString().startsWith("etcd-ops")).toList());
        }
        Path mounts = Path.of("/proc/mounts");
        assertFalse(Files.exists(mounts) && Files.readString(mounts).contains(scratch.toString()));
        assertEquals(List.of(), ProcessHandle.allProcesses().filter(p -> p.info().commandLine()
                .filter(line -> line.contains(scratch.toString())).isPresent()).toList());
    }

    @ParameterizedTest
    @CsvSource({"worst-night,quorum-lost", "old-twin,duplicate-volume", "tags-wrong,tags-wrong"})
    void a_scenario_is_found_by_its_former_name_too(String name, String found) {
        assertEquals(found, Scenarios.named(name).orElseThrow().name());
    }

    @Test
    void the_scenarios_are_listed_and_an_unknown_one_is_a_wrong_command_line() {
        Harness.Ran listed = run("--list-scenarios");
        assertEquals(names(), listed.out().lines().map(line -> line.split(" ")[0]).toList());
        Harness.Ran wrong = run("--scenario", "no-such-scenario");
        assertEquals(2, wrong.code());
        assertTrue(wrong.err().contains("no scenario is named no-such-scenario: --list-scenarios"), wrong.err());
    }
}
