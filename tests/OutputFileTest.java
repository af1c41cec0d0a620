import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
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

/** What --report and --page do to the file that they name, whatever kind of file that is. */
class OutputFileTest {
    private static Cloud cloud;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        cloud = Cloud.start(Worlds.named("three-masters"));
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    private static Harness.Ran verify(String... args) {
        return new Harness(cloud.endpoint()).verify(args);
    }

    private Processes.Ended shell(String line) throws Exception {
        return ShellLine.run(folder, cloud, line);
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    /** Fails unless the file holds one whole report, and nothing is left beside the files that are expected. */
    private void holdsTheReport(Path file, int filesInFolder) throws IOException {
        assertEquals("healthy", json(Files.readString(file)).get("outcome").asText());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(filesInFolder, files.count(), "a file was left behind");
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    // ---- regular files and links

    @ParameterizedTest
    @CsvSource({"022, -rw-r--r--", "077, -rw-------", "002, -rw-rw-r--"})
    void a_new_file_gets_the_mode_that_the_umask_leaves(String umask, String mode) throws Exception {
        Processes.Ended ended = shell("umask " + umask + "; verify --report r.json --page p.html >out; ls -l r.json p.html");
        assertEquals(List.of(mode, mode), ended.out().lines().map(line -> line.substring(0, 10)).toList(), ended.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw-rw-rw-", "rwx------"})
    void a_file_that_is_replaced_keeps_its_mode(String mode) throws Exception {
        Path file = Files.writeString(folder.resolve("r.json"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertEquals(0, verify("--report", file.toString()).code());
        assertEquals(mode, mode(file));
        holdsTheReport(file, 1);
    }

    @Test
    void a_file_that_is_replaced_keeps_its_owner() throws Exception {
        Path file = Files.writeString(folder.resolve("r.json"), "old");
        try {
            Files.setAttribute(file, "unix:uid", 12345);
        } catch (IOException e) {
            abort("only root gives a file away");
        }
        assertEquals(0, verify("--report", file.toString()).code());
        assertEquals(12345, Files.getAttribute(file, "unix:uid"));
        holdsTheReport(file, 1);
    }

    @Test
    void who_has_the_old_file_open_reads_on_in_the_old_file() throws Exception {
        Path file = Files.writeString(folder.resolve("r.json"), "old");
        try (Stream<String> open = Files.lines(file)) {
            assertEquals(0, verify("--report", file.toString()).code());
            assertEquals(List.of("old"), open.toList());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_symbolic_link_stays_and_its_target_is_written(boolean targetExists) throws Exception {
        Path target = folder.resolve("target.json");
        if (targetExists) {
            Files.writeString(target, "old");
        }
        Path near = Files.createSymbolicLink(folder.resolve("near"), Path.of("target.json"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), near);
        assertEquals(0, verify("--report", link.toString()).code());
        assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(near), "a link was replaced");
        assertTrue(Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS));
        holdsTheReport(target, 3);
    }

    @ParameterizedTest
    @CsvSource({"x, x", "x, ./x", "x, link", "link, x", "link, ./link", "new, ./new", "/dev/fd/2, /proc/self/fd/2"})
    void one_file_for_both_is_wrong_usage(String report, String page) throws Exception {
        Files.writeString(folder.resolve("x"), "old");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("x"));
        Harness.Ran ran = verify("--report", folder.resolve(report).toString(), "--page", folder.toString() + "/" + page);
        if (page.startsWith("/")) {
            ran = verify("--report", report, "--page", page);
        }
        assertEquals(2, ran.code(), ran.err());
        assertEquals("", ran.out());
        assertEquals(2, ran.errLines().size(), ran.err());
        assertTrue(ran.err().contains("--report names the same file"), ran.err());
        assertEquals("old", Files.readString(folder.resolve("x")));
    }

    @Test
    void a_loop_of_links_is_wrong_usage() throws Exception {
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        Harness.Ran ran = verify("--report", loop.toString());
        assertEquals(2, ran.code(), ran.err());
        assertTrue(Files.isSymbolicLink(loop));
    }

    @Test
    void a_folder_is_wrong_usage() {
        assertEquals(2, verify("--page", folder.toString()).code());
    }

    // ---- what is no regular file

    /** A device of the test's own, since code that fails the test would replace the machine's /dev/null. */
    @Test
    void a_device_stays_a_device() throws Exception {
        Processes.Ended ended = shell("""
                mknod null c 1 3 && echo 1 >null || exit 99
                ln -s null link; verify --report null --page link >out; verify --report link >out
                [ -c null ] && [ -L link ] && echo "still a device"; ls | wc -l""");
        assumeTrue(ended.code() != 99, "only root makes a device");
        assertEquals("still a device\n3\n", ended.out().replace(" ", "").replace("stilladevice", "still a device"), ended.err());
    }

    @Test
    void a_block_device_is_wrong_usage() throws Exception {
        Processes.Ended ended = shell("mknod disk b 7 250 || exit 99; verify --report disk");
        assumeTrue(ended.code() != 99, "only root makes a device");
        assertEquals(2, ended.code(), ended.err());
        assertTrue(ended.err().contains("--report disk: no file can be written there"), ended.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--report", "--page"})
    void a_fifo_is_written_into(String option) throws Exception {
        Processes.Ended ended = shell("mkfifo f; timeout 60 cat f >got & verify " + option
                + " f >out; echo $?; wait; [ -p f ] && ls");
        assertEquals("0\nf\ngot\nout\n", ended.out(), ended.err());
        String got = Files.readString(folder.resolve("got"));
        assertTrue(got.endsWith(option.equals("--page") ? "</html>\n" : "}\n"), got);
    }

    @Test
    void a_fifo_that_nobody_reads_is_an_error_after_a_while() throws Exception {
        Processes.Ended ended = shell("mkfifo f; verify --report f; echo $? >code; [ -p f ]");
        assertEquals("22\n", Files.readString(folder.resolve("code")), ended.err());
        assertEquals(0, ended.code(), "the FIFO was replaced");
        assertEquals("healthy", json(ended.out()).get("outcome").asText());
        assertEquals(List.of("Waiting for a reader of " + folder.resolve("f"),
                "Error: writing the report to f: nobody read it for 15 s; it stands on stdout instead"),
                ended.err().lines().skip(1).limit(2).toList());
    }

    @Test
    void a_process_substitution_reads_the_report() throws Exception {
        Processes.Ended ended = shell("verify --report >(timeout 60 cat >got; : >done) >out; c=$?; "
                + "for n in $(seq 200); do [ -e done ] && break; sleep 0.05; done; exit $c");
        assertEquals(0, ended.code(), ended.err());
        assertEquals(Files.readString(folder.resolve("out")), Files.readString(folder.resolve("got")));
    }

    @Test
    void an_open_descriptor_is_written_into_and_keeps_what_it_holds() throws Exception {
        Processes.Ended ended = shell("exec 7>seven; echo first >&7; verify --report /dev/fd/7 >out");
        assertEquals(0, ended.code(), ended.err());
        assertEquals("first\n" + Files.readString(folder.resolve("out")), Files.readString(folder.resolve("seven")));
    }

    /** Java itself has jars open, and numbers of closed descriptors are given to them. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 9})
    void a_descriptor_that_the_user_did_not_open_is_wrong_usage(int number) throws Exception {
        Processes.Ended ended = shell("exec " + number + ">&-; verify --report /dev/fd/" + number);
        assertEquals(2, ended.code(), ended.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stdout", "/dev/fd/1", "/proc/self/fd/1"})
    void stdout_as_the_file_holds_one_document(String file) throws Exception {
        Processes.Ended ended = shell("ln -s /proc/self/fd/1 stdout; verify --report " + file + " | cat; rm stdout");
        assertEquals("healthy", json(ended.out()).get("outcome").asText());
        assertEquals(1, ended.out().split("\"format_version\"", -1).length - 1, ended.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ln -s /dev/fd/1 stdout; verify -o table --report stdout >both",
            "verify -o table --report both >both",
            "verify -o table --report /dev/fd/1 >>both"})
    void a_table_and_the_report_can_share_stdout(String line) throws Exception {
        assertEquals(0, shell(line).code());
        String both = Files.readString(folder.resolve("both"));
        assertTrue(both.startsWith("{\n") && both.contains("\n}\nHEALTHY  k8s.mycompany.tld in eu-central-1\n"), both);
    }

    @Test
    void a_log_of_stderr_keeps_its_lines_when_the_report_goes_there_too() throws Exception {
        assertEquals(0, shell("verify --report log >out 2>log").code());
        String log = Files.readString(folder.resolve("log"));
        assertTrue(log.startsWith("Account 123456789012") && log.endsWith("\n}\n"), log);
        assertFalse(Files.readString(folder.resolve("out")).isEmpty());
    }
}
