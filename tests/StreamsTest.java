import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.Worlds;

/** A stdout or stderr that is full, closed or read by nobody. */
class StreamsTest {
    private static Cloud healthy;
    private static Cloud degraded;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        healthy = Cloud.start(Worlds.named("three-masters"));
        degraded = Cloud.start(Worlds.named("one-volume-gone"));
    }

    @AfterAll
    static void stop() {
        healthy.close();
        degraded.close();
    }

    private Processes.Ended shell(Cloud cloud, String line) throws Exception {
        return ShellLine.run(folder, cloud, line);
    }

    private static void isTwoLines(Processes.Ended ended, String error, String tryCommand) {
        List<String> lines = ended.err().lines().filter(line -> !line.startsWith("Account ")).toList();
        assertEquals(List.of("Error: " + error, "Try: " + tryCommand), lines);
    }

    @ParameterizedTest
    @CsvSource({"verify >/dev/full, No space left on device", "verify >&-, Bad file descriptor",
            "(trap '' PIPE; sleep 0.2; verify) | head -c0, Broken pipe",
            "verify -o table >/dev/full, No space left on device", "verify -o table >&-, Bad file descriptor",
            "verify -o table | head -c0, Broken pipe"})
    void a_report_that_stdout_does_not_take_ends_with_22(String line, String why) throws Exception {
        Processes.Ended ended = shell(healthy, "set -o pipefail; " + line);
        assertEquals(22, ended.code(), ended.err());
        isTwoLines(ended, "writing the report to stdout: " + why, "./jbang verify-quorum-volumes"
                + (line.contains("table") ? " -o table" : "") + " --report report.json");
    }

    @Test
    void another_answer_than_0_stands() throws Exception {
        Processes.Ended ended = shell(degraded, "verify >/dev/full");
        assertEquals(21, ended.code(), ended.err());
        isTwoLines(ended, "writing the report to stdout: No space left on device",
                "./jbang verify-quorum-volumes --report report.json");
    }

    @Test
    void a_report_that_is_in_a_file_as_well_is_named() throws Exception {
        Processes.Ended ended = shell(healthy, "verify --report 'a file' >/dev/full");
        assertEquals(22, ended.code(), ended.err());
        isTwoLines(ended, "writing the report to stdout: No space left on device; it stands in a file", "cat 'a file'");
        assertEquals("healthy", new ObjectMapper().readTree(Files.readString(folder.resolve("a file"))).get("outcome").asText());
    }

    /** A second set would be made by the same command line. */
    @Test
    void a_command_that_changes_something_is_not_proposed_again() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"))) {
            Processes.Ended ended = shell(cloud, "snapshot --no-wait --report /dev/fd/7 7>seven >/dev/full");
            assertEquals(22, ended.code(), ended.err());
            String shows = "./jbang snapshot-all --no-wait --dry-run --report report.json";
            assertTrue(ended.err().endsWith("\nTry: " + shows + "\n"), ended.err());
        }
    }

    /** A table is read from its top, and who has seen enough of it ends the pipe. */
    @Test
    void a_table_that_was_read_in_part_is_no_failure() throws Exception {
        Processes.Ended ended = shell(healthy, "set -o pipefail; export KOPS_CLUSTER_NAME=$(printf 'k%.0s' $(seq 40000)); "
                + "verify -o table | head -c 100; echo ${PIPESTATUS[0]}");
        assertTrue(ended.out().endsWith("\n20\n") || ended.out().endsWith("k20\n"), ended.out());
        assertFalse(ended.err().contains("Error: "), "an error was said");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify --help", "verify --version", "completion bash", "completion --help", "cloud --help",
            "cloud --list-worlds"})
    void a_text_that_stdout_does_not_take_ends_with_22(String command) throws Exception {
        for (String stdout : List.of(">/dev/full", ">&-", "| head -c0")) {
            Processes.Ended ended = shell(healthy, "set -o pipefail; " + command + " " + stdout);
            assertEquals(22, ended.code(), command + stdout + "\n" + ended.err());
            assertEquals(2, ended.err().lines().count(), ended.err());
            assertTrue(ended.err().matches("Error: writing to stdout: .*\nTry: \\./jbang .* >&2\n"), ended.err());
        }
    }

    @ParameterizedTest
    @CsvSource({"2>&-, verify", "2>/dev/full, verify", "2> >(head -c0), sleep 0.2; verify"})
    void a_stderr_that_is_closed_stops_nobody(String stderr, String command) throws Exception {
        Processes.Ended ended = shell(degraded, "{ " + command + "; } " + stderr);
        assertEquals(21, ended.code(), ended.out());
        assertEquals("degraded", new ObjectMapper().readTree(ended.out()).get("outcome").asText());
    }

    @Test
    void wrong_usage_without_a_stderr_is_still_wrong_usage() throws Exception {
        Processes.Ended ended = shell(degraded, "verify --no-such-option 2>&-");
        assertEquals(2, ended.code());
        assertEquals("", ended.out());
    }
}
