import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import practice.Cloud;
import practice.Settings;
import practice.Worlds;

/** The commands as processes, as a shell starts them: signals, pipes, terminals and profiles. */
class CommandLineTest {
    private static final Path ROOT = Checkout.root();
    private static final String JBANG = ROOT.resolve("jbang").toString();

    private static Map<String, String> at(Cloud cloud) {
        return Map.of("AWS_ENDPOINT_URL", cloud.endpoint().toString());
    }

    private static void need(String tool, String install) {
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(f -> new File(f, tool).canExecute()),
                tool + " is not installed: " + install);
    }

    private static Cloud whereSnapshotsTakeAnHour() {
        return Cloud.start(Worlds.named("three-masters"),
                Settings.defaults().snapshotTakes(Duration.ofHours(1)).snapshotSpacing(Duration.ZERO));
    }

    /** snapshot-all, interrupted while it waits for the snapshots that it took. */
    private static Processes.Ended interrupted(Cloud cloud) throws Exception {
        Processes.Started started = Processes.start(ROOT, at(cloud), JBANG, "snapshot-all", "--set", "tonight");
        started.awaitErr("Snapshotted ", 6);
        started.signal("INT");
        return started.end();
    }

    @Test
    void ctrl_c_leaves_a_report_of_a_pending_set() throws Exception {
        try (Cloud cloud = whereSnapshotsTakeAnHour()) {
            Processes.Ended ended = interrupted(cloud);
            assertEquals(130, ended.code(), ended.err());
            JsonNode report = new ObjectMapper().readTree(ended.out());
            assertEquals("interrupted", report.get("outcome").asText());
            assertEquals("pending", report.get("sets").get(0).get("verdict").asText());
        }
    }

    @Test
    void after_ctrl_c_the_same_command_finishes_the_set() throws Exception {
        try (Cloud cloud = whereSnapshotsTakeAnHour()) {
            assertEquals(130, interrupted(cloud).code());
            cloud.clock().advance(Duration.ofHours(2));
            Processes.Ended again = Processes.run(ROOT, at(cloud), JBANG, "snapshot-all", "--set", "tonight");
            assertEquals(0, again.code(), again.err());
            assertEquals("restorable", new ObjectMapper().readTree(again.out()).get("sets").get(0).get("verdict").asText());
            assertEquals(6, cloud.snapshots().size());
        }
    }

    @Test
    void jq_reads_the_report_from_a_pipe() throws Exception {
        need("jq", "apt-get install jq");
        try (Cloud cloud = Cloud.start(Worlds.named("one-volume-gone"))) {
            String filter = ".etcd_clusters[] | select(.etcd == \"main\") | .verdict";
            Processes.Ended ended = Processes.run(ROOT, at(cloud), "sh", "-c",
                    "'" + JBANG + "' verify-quorum-volumes 2>/dev/null | jq -er '" + filter + "'");
            assertEquals("degraded\n", ended.out(), ended.err());
            assertEquals(0, ended.code());
        }
    }

    private static Processes.Ended onATerminal(Map<String, String> env) throws Exception {
        need("script", "apt-get install bsdutils");
        return Processes.run(ROOT, env, "script", "-qec", "'" + JBANG + "' verify-quorum-volumes", "/dev/null");
    }

    @Test
    void a_terminal_gets_a_table_in_colour() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("one-volume-gone"))) {
            Processes.Ended ended = onATerminal(at(cloud));
            assertEquals(21, ended.code(), ended.out());
            assertTrue(ended.out().contains("\u001b[33mDEGRADED\u001b[0m  k8s.mycompany.tld in eu-central-1"), ended.out());
        }
    }

    @Test
    void a_terminal_gets_no_colour_where_NO_COLOR_is_set() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("one-volume-gone"))) {
            Processes.Ended ended = onATerminal(Map.of("AWS_ENDPOINT_URL", cloud.endpoint().toString(), "NO_COLOR", "1"));
            assertTrue(ended.out().contains("DEGRADED  k8s.mycompany.tld in eu-central-1"), ended.out());
        }
    }

    @Test
    void a_profile_without_its_single_sign_on_session_is_two_lines(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("config"), """
                [profile portal]
                sso_start_url = https://portal.invalid/start
                sso_region = eu-central-1
                sso_account_id = 123456789012
                sso_role_name = ops
                """);
        Processes.Ended ended = Processes.run(ROOT, Map.of("AWS_CONFIG_FILE", config.toString(), "AWS_ENDPOINT_URL",
                "http://127.0.0.1:1"), JBANG, "verify-quorum-volumes", "--profile", "portal");
        assertEquals(22, ended.code(), ended.err());
        assertFalse(ended.err().contains("\tat "), ended.err());
        assertTrue(ended.err().contains("Error: describing volumes of eu-central-1: NoCredentials"), ended.err());
        assertTrue(ended.err().endsWith("Try: aws sso login --profile portal\n"), ended.err());
    }

    @Test
    void a_profile_may_assume_a_role(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("config"), """
                [profile ops]
                role_arn = arn:aws:iam::123456789012:role/ops
                source_profile = base
                [profile base]
                aws_access_key_id = x
                aws_secret_access_key = y
                """);
        try (Moto moto = Moto.start()) {
            moto.fill(Worlds.named("three-masters"));
            Processes.Ended ended = Processes.run(ROOT, Map.of("AWS_CONFIG_FILE", config.toString(), "AWS_ENDPOINT_URL",
                    moto.endpoint().toString()), JBANG, "verify-quorum-volumes", "--profile", "ops");
            assertEquals(0, ended.code(), ended.err());
        }
    }

    @Test
    void missing_credentials_are_two_lines() throws Exception {
        Processes.Ended ended = Processes.run(ROOT, Map.of("AWS_ACCESS_KEY_ID", "", "AWS_SECRET_ACCESS_KEY", "",
                "AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", "AWS_CONFIG_FILE", "/nonexistent"),
                JBANG, "verify-quorum-volumes", "--endpoint-url", "http://127.0.0.1:1");
        assertEquals(22, ended.code(), ended.err());
        assertEquals("Error: describing volumes of eu-central-1: NoCredentials: no credentials anywhere the AWS SDK looks\n"
                + "Try: aws sts get-caller-identity --endpoint-url http://127.0.0.1:1\n",
                ended.err().replaceAll("(?m)^\\[jbang\\].*\n", ""));
    }
}
