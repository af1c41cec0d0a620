import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import practice.Cloud;
import practice.Worlds;

/** A reply counts only when it is the reply: nothing is concluded from any other, and nothing is changed after one. */
@Timeout(120)
class RepliesTest {
    private static final String NS = " xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"";
    private static final String ID = "<requestId>00000000-0000-0000-0000-000000000000</requestId>";

    /** A reply with status 200 or 204 that is no reply to DescribeVolumes. */
    record Reply(String name, int status, String body) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Reply> noReplies() {
        return Stream.of(
                new Reply("an empty body", 200, ""),
                new Reply("no content", 204, ""),
                new Reply("a login page", 200, "<!DOCTYPE html><html><body>Please log in</body></html>"),
                new Reply("a page that is XML", 200, "<html><body>Please log in</body></html>"),
                new Reply("an error element", 200, "<Response><Errors><Error><Code>Oops</Code></Error></Errors></Response>"),
                new Reply("another action's document", 200, "<DescribeSnapshotsResponse" + NS + ">" + ID
                        + "<snapshotSet/></DescribeSnapshotsResponse>"),
                new Reply("no request id", 200, "<DescribeVolumesResponse" + NS + "><volumeSet/></DescribeVolumesResponse>"),
                new Reply("a blank request id", 200, "<DescribeVolumesResponse" + NS
                        + "><requestId> </requestId><volumeSet/></DescribeVolumesResponse>"),
                new Reply("a document that is cut short", 200, "<DescribeVolumesResponse" + NS + ">" + ID + "<volumeSet>"),
                new Reply("a document with more behind it", 200, "<DescribeVolumesResponse" + NS + ">" + ID
                        + "<volumeSet/></DescribeVolumesResponse><more/>"),
                new Reply("JSON", 200, "{\"Volumes\": []}"),
                new Reply("a volume without an id", 200, "<DescribeVolumesResponse" + NS + ">" + ID
                        + "<volumeSet><item><status>available</status></item></volumeSet></DescribeVolumesResponse>"),
                new Reply("a volume without a time", 200, "<DescribeVolumesResponse" + NS + ">" + ID
                        + "<volumeSet><item><volumeId>vol-0123456789abcdef0</volumeId></item></volumeSet>"
                        + "</DescribeVolumesResponse>"));
    }

    /** An endpoint that answers one action with something of its own, and has a practice cloud answer the rest. */
    private static final class Between implements AutoCloseable {
        private final List<String> actions = Collections.synchronizedList(new ArrayList<>());
        private final HttpServer server;

        interface Answer {
            void to(HttpExchange exchange, String form) throws IOException;
        }

        Between(Cloud cloud, String action, Answer answer) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newCachedThreadPool());
            server.createContext("/", exchange -> {
                byte[] form = exchange.getRequestBody().readAllBytes();
                String text = new String(form, StandardCharsets.UTF_8);
                String asked = text.replaceFirst("^(?:.*&)?Action=(\\w+).*$", "$1");
                actions.add(asked);
                if (asked.equals(action)) {
                    answer.to(exchange, text);
                } else {
                    forward(cloud, exchange, form);
                }
                exchange.close();
            });
            server.start();
        }

        private static void forward(Cloud cloud, HttpExchange exchange, byte[] form) throws IOException {
            HttpRequest.Builder request = HttpRequest.newBuilder(cloud.endpoint())
                    .POST(HttpRequest.BodyPublishers.ofByteArray(form));
            List.of("Content-type", "Authorization", "X-amz-date", "X-amz-target").forEach(name ->
                    exchange.getRequestHeaders().getOrDefault(name, List.of()).forEach(value -> request.header(name, value)));
            try {
                HttpResponse<byte[]> reply = HttpClient.newHttpClient()
                        .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                exchange.sendResponseHeaders(reply.statusCode(), reply.body().length);
                exchange.getResponseBody().write(reply.body());
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
        }

        URI endpoint() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        }

        List<String> writes() {
            return actions.stream().filter(a -> !a.startsWith("Describe") && !a.startsWith("{")).toList(); // KMS is asked in JSON
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void assertNothingConcluded(Harness.Ran ran, Between endpoint) {
        assertEquals(22, ran.code(), ran.err() + ran.out());
        assertEquals("unknown", ran.json().get("outcome").asText());
        assertEquals(List.of("GarbledReply"), ran.texts("problems", "code"), ran.out());
        assertEquals(0, ran.json().get("etcd_clusters").size(), ran.out());
        assertTrue(ran.err().lines().anyMatch(l -> l.startsWith("Error: describing volumes of eu-central-1: GarbledReply")),
                ran.err());
        assertEquals(List.of(), endpoint.writes());
    }

    @ParameterizedTest
    @MethodSource("noReplies")
    void verify_concludes_nothing_from_what_is_no_reply(Reply reply) throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"));
             Between endpoint = new Between(cloud, "DescribeVolumes", (x, form) -> send(x, reply.status(), reply.body()))) {
            assertNothingConcluded(new Harness(endpoint.endpoint()).verify(), endpoint);
        }
    }

    @ParameterizedTest
    @MethodSource("noReplies")
    void a_restore_makes_nothing_after_what_is_no_reply(Reply reply) throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("quorum-lost"));
             Between endpoint = new Between(cloud, "DescribeVolumes", (x, form) -> send(x, reply.status(), reply.body()))) {
            assertNothingConcluded(new Harness(endpoint.endpoint()).restoreVolume("--cluster", Worlds.CLUSTER, "--set", "night-1",
                    "--yes"), endpoint);
        }
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void a_list_that_does_not_end_is_given_up(String first, String second) throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"));
             Between endpoint = new Between(cloud, "DescribeVolumes", (x, form) -> send(x, 200, "<DescribeVolumesResponse" + NS
                     + ">" + ID + "<volumeSet/><nextToken>" + (form.contains("NextToken") ? second : first)
                     + "</nextToken></DescribeVolumesResponse>"))) {
            assertNothingConcluded(new Harness(endpoint.endpoint()).verify(), endpoint);
        }
    }

    static Stream<org.junit.jupiter.params.provider.Arguments> tokens() {
        return Stream.of(org.junit.jupiter.params.provider.Arguments.of("again", "again"),
                org.junit.jupiter.params.provider.Arguments.of(" ", " "),
                org.junit.jupiter.params.provider.Arguments.of("one", "two"));
    }

    @Test
    void a_list_of_ever_new_tokens_is_given_up() throws Exception {
        int[] page = {0};
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"));
             Between endpoint = new Between(cloud, "DescribeVolumes", (x, form) -> send(x, 200, "<DescribeVolumesResponse" + NS
                     + ">" + ID + "<volumeSet/><nextToken>" + page[0]++ + "</nextToken></DescribeVolumesResponse>"))) {
            assertNothingConcluded(new Harness(endpoint.endpoint()).verify(), endpoint);
        }
    }

    @Test
    void a_body_without_an_end_is_given_up() throws Exception {
        byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"));
             Between endpoint = new Between(cloud, "DescribeVolumes", (x, form) -> {
                 x.sendResponseHeaders(200, 0);
                 OutputStream body = x.getResponseBody();
                 for (int n = 0; n < 1_000; n++) {
                     body.write(spaces);
                 }
             })) {
            assertNothingConcluded(new Harness(endpoint.endpoint()).verify(), endpoint);
        }
    }

    @Test
    void after_five_seconds_of_silence_stderr_says_what_is_waited_for() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"));
             Between endpoint = new Between(cloud, "DescribeInstances", (x, form) -> {
                 pause(6_000);
                 send(x, 400, "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>");
             })) {
            Harness.Ran ran = new Harness(endpoint.endpoint()).verify();
            assertEquals("Still waiting for AWS: describing instances of eu-central-1", ran.errLines().get(0), ran.err());
            assertEquals(22, ran.code());
        }
    }

    /** Every reply is a good one, but the first left a volume out. */
    @Test
    void a_restore_makes_nothing_when_a_second_look_shows_another_volume() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"))) {
            new Harness(cloud.endpoint()).snapshotAll("--set", "s1");
            int[] looks = {0};
            try (Between endpoint = new Between(cloud, "DescribeVolumes", (x, form) -> {
                if (looks[0]++ == 0) {
                    send(x, 200, "<DescribeVolumesResponse" + NS + ">" + ID + "<volumeSet/></DescribeVolumesResponse>");
                } else {
                    Between.forward(cloud, x, form.getBytes(StandardCharsets.UTF_8));
                }
            })) {
                Harness.Ran plan = new Harness(endpoint.endpoint()).restoreVolume("--cluster", Worlds.CLUSTER, "--set", "s1");
                looks[0] = 0;
                Harness.Ran ran = new Harness(endpoint.endpoint()).restoreVolume("--cluster", Worlds.CLUSTER, "--set", "s1",
                        "--yes", "--plan", plan.json().get("plan_id").asText());
                assertEquals(20, ran.code(), ran.err() + ran.out());
                assertTrue(ran.texts("problems", "code").contains("ChangedMeanwhile"), ran.out());
                assertEquals(List.of("not_reached"), ran.texts("changes", "status").stream().distinct().toList());
                assertEquals(List.of(), endpoint.writes());
            }
        }
    }

    @Test
    void a_snapshot_that_vanishes_while_it_is_waited_for_has_failed() throws Exception {
        practice.Settings slow = practice.Settings.defaults().snapshotTakes(java.time.Duration.ofHours(1));
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"), slow)) {
            int[] looks = {0};
            try (Between endpoint = new Between(cloud, "DescribeSnapshots", (x, form) -> {
                if (looks[0]++ < 3) {
                    Between.forward(cloud, x, form.getBytes(StandardCharsets.UTF_8));
                } else {
                    send(x, 200, "<DescribeSnapshotsResponse" + NS + ">" + ID + "<snapshotSet/></DescribeSnapshotsResponse>");
                }
            })) {
                Harness.Ran ran = new Harness(endpoint.endpoint()).snapshotAll("--set", "s1");
                assertEquals(21, ran.code(), ran.err() + ran.out());
                assertEquals("failed", ran.json().get("sets").get(0).get("verdict").asText(), ran.out());
            }
        }
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
