import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import report.CommandWords;

/** {@code practice-cloud --etcd} as a user runs it: as a process, with the AWS CLI and etcdctl as clients. */
class PracticeEtcdTest {
    private static final String JBANG = Checkout.root().resolve("jbang").toString();

    @TempDir
    private Path folder;

    @Test
    void the_AWS_CLI_and_etcdctl_walk_the_whole_incident_by_hand() throws Exception {
        needs("etcd", "etcd-server");
        needs("etcdctl", "etcd-client");
        needs("aws", "awscli");
        needs("jq", "jq");
        Path journal = folder.resolve("journal");
        assertTrue(Files.readString(Checkout.root().resolve("tests/rehearsal/README.md")).contains(
                "./jbang practice-cloud --etcd --snapshot-seconds 2 -- sh tests/incident-by-hand.sh"));
        Processes.Ended ended = Processes.run(folder, JBANG, "practice-cloud", "--etcd", "--snapshot-seconds", "2",
                "--journal", journal.toString(), "--", "sh", Checkout.root().resolve("tests/incident-by-hand.sh").toString());
        assertEquals(0, ended.code(), ended.err());
        assertEquals(List.of("OK", "snapshots: 3", "OK"), ended.out().lines().limit(3).toList());
        assertEquals(List.of("quorum serves: before it", "members: [3,1]"),
                ended.out().lines().skip(3).filter(line -> !line.startsWith("restored in eu-central-1")).toList());
        assertEquals(8, ended.out().lines().count(), ended.out());
        assertTrue(ended.err().contains("Tier "), ended.err());
        assertFalse(ended.err().contains("Left behind"), ended.err());
        for (String line : Files.readAllLines(journal)) {
            JsonNode entry = new ObjectMapper().readTree(line);
            assertEquals(List.of("at", "action", "parameters", "outcome"), Stream.of("at", "action", "parameters",
                    "outcome").filter(entry::has).toList(), line);
            assertFalse(line.contains("Signature"), line);
        }
        assertTrue(Files.readString(journal).contains("\"RunInstances\""));
    }

    @Test
    void Ctrl_C_leaves_no_mount_no_etcd_and_no_folder() throws Exception {
        needs("etcd", "etcd-server");
        Processes.Started started = Processes.start(folder, Map.of("TMPDIR", folder.toString()), JBANG, "practice-cloud",
                "--etcd");
        started.awaitErr("Practice cloud at", 1);
        Matcher logs = Pattern.compile("serves in (\\S+)/nodes").matcher(Files.readString(started.err()));
        assertTrue(logs.find(), Files.readString(started.err()));
        Path scratch = Path.of(logs.group(1));
        assertTrue(Files.exists(scratch));
        started.signal("INT");
        Processes.Ended ended = started.end();
        assertEquals(130, ended.code(), ended.err());
        assertTrue(ended.out().contains("export ETCDCTL_ENDPOINTS=http://127.0.0.1:"), ended.out());
        assertFalse(Files.exists(scratch), scratch + " is left");
        assertFalse(Files.exists(Path.of("/proc/mounts"))
                && Files.readString(Path.of("/proc/mounts")).contains(scratch.toString()));
        assertEquals(List.of(), ProcessHandle.allProcesses().filter(p -> p.info().commandLine()
                .filter(line -> line.contains(scratch.toString())).isPresent()).toList());
    }

    @Test
    void where_there_is_no_etcd_two_lines_say_what_to_install() throws Exception {
        assertEquals(0, Processes.run(Checkout.root(), JBANG, "practice-cloud", "--version").code(), "it is built");
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String tool : List.of("sh", "java", "mvn", "cksum", "sed", "awk", "cat", "tr", "mkdir", "ls", "grep", "dirname",
                "readlink", "uname", "id", "rm", "mv", "env", "cut", "sort", "head", "ln", "chmod", "date", "stat", "find",
                "wc")) {
            on(tool).ifPresent(file -> link(bin.resolve(tool), file));
        }
        Processes.Ended ended = Processes.run(folder, Map.of("PATH", bin.toString()), JBANG, "practice-cloud", "--etcd",
                "--", "true");
        assertEquals(22, ended.code(), ended.err());
        assertEquals("Error: etcd is not installed: apt-get install etcd-server\n"
                + "Try: " + CommandWords.quoted(JBANG) + " practice-cloud --world three-masters\n", ended.err());
    }

    private static void link(Path name, Path file) {
        try {
            Files.writeString(name, "#!/bin/sh\nexec '" + file + "' \"$@\"\n");
            Files.setPosixFilePermissions(name, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException cannot) {
            throw new UncheckedIOException(cannot);
        }
    }

    private static void needs(String tool, String debianPackage) {
        assumeTrue(on(tool).isPresent(), tool + " is not installed: apt-get install " + debianPackage);
    }

    private static Optional<Path> on(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable).findFirst();
    }
}
