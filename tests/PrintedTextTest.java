import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import practice.Cloud;
import practice.Worlds;
import report.Console;
import report.Outcome;
import report.ReportingCommand;

/** No text moves a terminal's cursor, and no password is shown, whatever the stream and whoever wrote the text. */
class PrintedTextTest {
    private static final String SECRET = "s3cr3t";
    private static final String EVIL = "x\u001b[2J\u001b[32mHEALTHY\u001b[0m\u009b1A\u007f\u202e\u2028\r\u0007y";
    private static final Pattern MOVES_A_TERMINAL = Pattern.compile("[\\p{Cc}\\p{Cf}\u2028\u2029&&[^\n]]");

    @TempDir
    private Path folder;

    private static void isSafe(String shown) {
        // A colour of ours is around words and then ends. The progress bar returns to the line's start.
        String plain = shown.replaceAll("\u001b\\[(3[123]m[\\w-]+|0m)", "").replaceAll("\r(Completing| +\r)", "");
        assertFalse(MOVES_A_TERMINAL.matcher(plain).find(), () -> plain.replace("\u001b", "<ESC>"));
        assertFalse(shown.contains(SECRET), shown);
    }

    private static void isTwoLines(Harness.Ran ran) {
        isSafe(ran.shown());
        assertEquals(2, ran.code(), ran.shown());
        assertEquals("", ran.out());
        assertEquals(2, ran.errLines().size(), ran.err());
    }

    private interface Run {
        Harness.Ran with(String... args);
    }

    private static List<Run> commands(Harness tool) {
        return List.of(tool::verify, tool::snapshotAll, tool::fixTags, tool::restoreVolume);
    }

    // ---- escapes

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_option_is_shown_as_text(boolean terminal) throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("two-volumes-gone"))) {
            Harness tool = terminal ? new Harness(cloud.endpoint()).onTerminal().with(Map.of()) : new Harness(cloud.endpoint());
            for (Run command : commands(tool)) {
                isSafe(command.with("-o", "table", "--cluster", EVIL).shown());
                isSafe(command.with("-o", "json", "--cluster", EVIL).shown());
                isTwoLines(command.with("--cluster", "c", EVIL));
                isTwoLines(command.with("--" + EVIL));
                isTwoLines(command.with("--report", "/nowhere/" + EVIL));
                isTwoLines(command.with("--endpoint-url", EVIL));
            }
        }
    }

    @Test
    void json_keeps_a_value_that_is_shown_as_escapes() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("two-volumes-gone"))) {
            Harness.Ran ran = new Harness(cloud.endpoint()).verify("-o", "json", "--cluster", EVIL + "\udb40\udc01");
            isSafe(ran.out());
            assertEquals(EVIL + "\udb40\udc01", ran.json().get("cluster").asText());
        }
    }

    @Test
    void a_page_and_a_report_file_hold_no_escapes() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("two-volumes-gone"))) {
            Path page = folder.resolve("p.html");
            Path report = folder.resolve("r.json");
            new Harness(cloud.endpoint()).verify("--cluster", EVIL, "--page", page.toString(), "--report", report.toString());
            isSafe(Files.readString(page));
            isSafe(Files.readString(report));
            assertTrue(Files.readString(page).contains("x\\u001b[2J"), Files.readString(page));
        }
    }

    @Test
    void the_help_shows_the_launcher_as_text() {
        Harness.Ran ran = new Harness(null).with(Map.of("ETCD_OPS_LAUNCHER", EVIL, "NO_COLOR", "1")).verify("--help");
        assertEquals(0, ran.code());
        isSafe(ran.shown());
    }

    /** XML 1.0 cannot hold ESC. The other characters it can. */
    @Test
    void what_an_endpoint_replies_is_shown_as_text() throws Exception {
        String evil = "x&#x9b;2J&#x202e;&#x2028;&#x85;http://user:" + SECRET + "@proxy";
        byte[] reply = ("<Response><Errors><Error><Code>Bad" + evil + "</Code><Message>" + evil + "</Message></Error></Errors>"
                + "<RequestID>00000000-0000-0000-0000-000000000000</RequestID></Response>").getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(400, reply.length);
            exchange.getResponseBody().write(reply);
            exchange.close();
        });
        server.start();
        try {
            Harness tool = new Harness(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
            for (Run command : commands(tool)) {
                for (String form : List.of("json", "table")) {
                    Harness.Ran ran = command.with("--cluster", "c", "-o", form);
                    assertEquals(22, ran.code(), ran.shown());
                    isSafe(ran.shown());
                    assertTrue(ran.err().contains("http://user:***@proxy"), ran.err());
                }
            }
        } finally {
            server.stop(0);
        }
    }

    @Command(name = "broken")
    private static final class Broken extends ReportingCommand {
        @Override
        protected Outcome work() {
            throw new IllegalStateException(EVIL + " http://user:" + SECRET + "@host", new IllegalStateException(EVIL));
        }
    }

    @Test
    void a_bug_is_shown_as_text() {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(both, true, StandardCharsets.UTF_8);
        assertEquals(1, ReportingCommand.run(new Broken(), new String[] {"-o", "table"},
                new Console(stream, stream, true, true, Map.of(), InstantSource.system())));
        String shown = both.toString(StandardCharsets.UTF_8);
        assertTrue(shown.contains("IllegalStateException: x\\u001b[2J"), shown);
        isSafe(shown);
    }

    // ---- passwords

    @ParameterizedTest
    @ValueSource(strings = {"user:" + SECRET, SECRET, "user:" + SECRET + "'%40$(x)", "user:a:" + SECRET})
    void an_endpoint_with_a_password_is_refused_and_the_password_is_never_shown(String userInfo) {
        for (String address : List.of("127.0.0.1:1", "no-such-host.invalid")) {
            for (Run command : commands(new Harness(null))) {
                Harness.Ran ran = command.with("--endpoint-url", "http://" + userInfo + "@" + address, "--cluster",
                        Worlds.CLUSTER, "-o", "table");
                assertEquals(2, ran.code(), ran.shown());
                isSafe(ran.shown());
                assertTrue(ran.err().contains("***@" + address), ran.err());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user:" + SECRET + "@host", "http://user:my " + SECRET + "@host", "http://user:a/" + SECRET + "@host",
            "ftp://user:" + SECRET + "@host", "http://user:a@" + SECRET + "@host", "http://" + SECRET + " x@host",
            "http://user:a\n" + SECRET + "@host", "user:a:" + SECRET + "@host"})
    void the_password_of_a_wrong_endpoint_is_never_shown(String endpoint) {
        for (Run command : commands(new Harness(null))) {
            isTwoLines(command.with("--endpoint-url", endpoint));
            isTwoLines(command.with("--endpoint-url=" + endpoint));
            isTwoLines(command.with("--endpoint", endpoint));
            isTwoLines(command.with("--cluster", "c", endpoint));
            isTwoLines(command.with("--endpoint=" + endpoint));
        }
    }

    @Test
    void the_password_of_an_endpoint_in_the_environment_is_never_shown() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("two-volumes-gone"))) {
            for (String host : List.of(cloud.endpoint().getAuthority(), "not|a|host")) {
                Processes.Ended ended = ShellLine.run(folder, "http://user:" + SECRET + "@" + host, "verify");
                assertFalse((ended.out() + ended.err()).contains(SECRET), ended.err());
            }
        }
    }
}
