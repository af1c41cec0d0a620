import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import node.PracticeCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import practice.CommandRunner;
import practice.Settings;
import practice.World;
import practice.Worlds;

/**
 * Runs the commands of every page from the world that the page names, top to bottom in one shell. Compares the output with
 * the page. With {@code BLESS=1} in the environment, a page with other output is rewritten, and the test still fails.
 */
class RunbookTest {
    private static final boolean BLESS = "1".equals(System.getenv("BLESS"));
    private static final Path INDEX = Checkout.root().resolve("runbooks/README.md");
    private static final Map<String, String> TOOLS = Map.of("etcd", "apt-get install etcd-server",
            "etcdctl", "apt-get install etcd-client", "aws", "pip install awscli", "jq", "apt-get install jq",
            "curl", "apt-get install curl");

    private static final Map<String, Integer> BY_STAND_INS = new TreeMap<>();
    private static int partsDone;
    private static int commands;
    private static int answeredByStandIns;

    @TempDir
    Path folder;

    static Stream<RunbookPage.Part> parts() {
        return RunbookPage.all().flatMap(page -> page.parts().stream());
    }

    /** JBang prints on stderr while a build runs; these lines must not stand in the output of a page. */
    @BeforeAll
    static void scripts_are_built() throws Exception {
        for (String alias : List.of("verify-quorum-volumes", "snapshot-all", "restore-volume", "fix-tags")) {
            Processes.Ended ended = Processes.run(Checkout.root(), "./jbang", alias, "--version");
            assertEquals(0, ended.code(), ended.err());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("parts")
    void a_page_shows_what_it_says(RunbookPage.Part part) throws Exception {
        assertFalse(part.commands().isEmpty(), part + " names a world and has no block");
        mustHaveTools(part);
        World world = Worlds.named(part.world());
        Settings settings = Settings.defaults().snapshotTakes(Duration.ofSeconds(1));
        try (PracticeCluster bench = part.etcd() ? PracticeCluster.withEtcd(world, settings, Optional.empty(), said -> { })
                : PracticeCluster.open(world, settings)) {
            Map<String, String> env = new CommandRunner(bench.cloud(), world, bench.environment(Worlds.CLUSTER)).settings();
            if (!part.incident().isEmpty()) {
                List<String> said = RunbookShell.run(List.of("sh " + part.incident()), env,
                        Files.createDirectory(folder.resolve("incident"))).answers().get(0);
                assertFalse(String.join("\n", said).contains("[exit "), part.incident() + " failed:\n" + String.join("\n", said));
            }
            RunbookShell.Session session = RunbookShell.run(
                    part.commands().stream().map(RunbookPage.Command::text).toList(), env, folder);
            compare(part, session.answers());
            count(part, session.standIns());
        }
    }

    private static void mustHaveTools(RunbookPage.Part part) {
        String typed = part.commands().stream().map(RunbookPage.Command::text).collect(Collectors.joining("\n"))
                + (part.incident().isEmpty() ? "" : RepositoryTest.read(Checkout.root().resolve(part.incident())));
        TOOLS.forEach((tool, get) -> {
            boolean isUsed = switch (tool) {
                case "etcd" -> part.etcd();
                case "aws" -> typed.contains("aws ec2 ");
                case "curl" -> typed.contains("aws autoscaling ") || typed.contains("terminate_node ");
                default -> typed.matches("(?s).*\\b" + tool + " .*");
            };
            assumeTrue(!isUsed || PracticeFixture.isInstalled(tool), part + " needs " + tool + ": " + get);
        });
    }

    private static void compare(RunbookPage.Part part, List<List<String>> answers) throws IOException {
        String wrong = "";
        List<List<String>> blessed = new ArrayList<>();
        for (int n = 0; n < part.commands().size(); n++) {
            RunbookPage.Command command = part.commands().get(n);
            List<String> got = n < answers.size() ? answers.get(n) : command.shown();
            OptionalInt line = RunbookOutput.mismatch(command.shown(), got);
            blessed.add(line.isEmpty() ? command.shown() : RunbookOutput.blessed(command.shown(), got));
            if (wrong.isEmpty() && line.isPresent()) {
                wrong = told(part.page(), command, line.getAsInt(), got);
            }
        }
        if (!wrong.isEmpty() && BLESS) {
            RunbookPage.read(part.page()).rewrite(part.commands(), blessed);
        }
        assertTrue(wrong.isEmpty(), wrong + (BLESS ? "\nThe page was rewritten: read it, then run without BLESS" : ""));
    }

    private static String told(String page, RunbookPage.Command command, int line, List<String> got) {
        String expected = line < command.shown().size() ? command.shown().get(line) : "(no more lines)";
        return page + ":" + (command.line() + command.height() + line) + ": expected: " + expected + "\n$ "
                + command.text() + "\ngot\n" + String.join("\n", got);
    }

    private static void count(RunbookPage.Part part, Map<Integer, List<String>> standIns) {
        standIns.forEach((command, calls) -> {
            calls.stream().filter(call -> call.startsWith("refused: ")).findFirst().ifPresent(call -> fail(part.page() + ":"
                    + part.commands().get(command).line() + ": no stand-in knows " + call.substring("refused: ".length())));
            BY_STAND_INS.merge(calls.get(0), 1, Integer::sum);
        });
        partsDone++;
        commands += part.commands().size();
        answeredByStandIns += standIns.size();
    }

    /** The index counts the executed commands. The count is only checked when every part has run. */
    @AfterAll
    static void the_index_says_what_was_really_executed() throws IOException {
        String counts = "runbooks: " + commands + " commands, " + (commands - answeredByStandIns) + " executed, "
                + answeredByStandIns + " by stand-ins: " + BY_STAND_INS.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue()).collect(Collectors.joining(", "));
        System.err.println(counts);
        if (partsDone == parts().count()) {
            String index = RepositoryTest.read(INDEX);
            if (BLESS) {
                Files.writeString(INDEX, index.replaceAll("(?m)^runbooks: .*$", counts));
            }
            assertTrue(index.contains("\n" + counts + "\n"), INDEX + " must say\n" + counts);
        }
    }
}
