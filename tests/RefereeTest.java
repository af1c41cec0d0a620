import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;

/**
 * Runs the contract against the practice cloud, against moto and, if an environment variable says so, against an account.
 * Each case declares whether moto keeps the rule. A declaration that is not true any more fails, as a broken rule does.
 */
class RefereeTest {
    private static final List<RefereeCase> ALL = RefereeCase.all();
    private static final Map<String, String> SWITCHED_ON = Map.of(RefereeAccount.VARIABLE, "aws");
    private static Moto moto;
    private static int green;
    private static int agreed;
    private static int deviated;

    @AfterAll
    static void sum_up() {
        String ofMoto = moto == null ? "moto not asked" : agreed + " agreed with moto, " + deviated + " declared deviations";
        System.err.println("contract: " + ALL.size() + " cases, " + green + " green on the practice cloud, " + ofMoto + ", "
                + RefereeAccount.sent(ALL, SWITCHED_ON).size() + " fit for a real account");
        if (moto != null) {
            moto.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> the_practice_cloud_keeps_the_contract() {
        return ALL.stream().map(rule -> DynamicTest.dynamicTest(rule.name(), () -> {
            assertEquals("", RefereePractice.firstComplaint(RefereeTest.class.getClassLoader(), List.of(rule)));
            green++;
        }));
    }

    @TestFactory
    Stream<DynamicTest> moto_does_what_is_declared_of_it() throws Exception {
        moto = Moto.start();
        RefereeEndpoint endpoint = RefereeEndpoint.local(moto.endpoint());
        return ALL.stream().map(rule -> DynamicTest.dynamicTest(rule.name(), () -> {
            // In moto states change at once, so no wait is needed. The names and types in its answers are not checked.
            String complaint = new RefereeRun(endpoint, time -> { }, (action, reply) -> List.of()).complaint(rule);
            if (rule.motoIsRight()) {
                assertEquals("", complaint, "declared 'ok' of moto 5.2.1: declare \"deviates: why\", or fix the case");
                agreed++;
            } else {
                assertFalse(complaint.isEmpty(), "declared '" + rule.moto() + "' of moto 5.2.1, but it agrees: \"ok\"");
                deviated++;
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> a_real_account_keeps_the_contract() throws Exception {
        List<RefereeCase> sent = RefereeAccount.sent(ALL, System.getenv());
        assumeTrue(!sent.isEmpty(), "no account is asked: AWS_REGION=eu-central-1 " + RefereeAccount.VARIABLE
                + "=aws ./jbang test Referee sends it the cases that only read");
        RefereeEndpoint endpoint = RefereeAccount.endpoint(System.getenv());
        System.err.println("contract: " + (ALL.size() - sent.size()) + " cases not run on a real account");
        return sent.stream().map(rule -> DynamicTest.dynamicTest(rule.name(), () -> assertEquals("",
                new RefereeRun(endpoint, RefereeTest::sleep, RefereeShapes::strangeInReply).complaint(rule))));
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new TestAbortedException("interrupted", e);
        }
    }

    @Test
    void nothing_is_sent_to_an_account_unless_asked_and_then_only_what_reads() {
        assertEquals(List.of(), RefereeAccount.sent(ALL, Map.of()));
        assertEquals(List.of(), RefereeAccount.sent(ALL, Map.of(RefereeAccount.VARIABLE, "yes")));
        List<RefereeCase> sent = RefereeAccount.sent(ALL, SWITCHED_ON);
        assertTrue(sent.size() >= 10 && sent.size() < ALL.size(), sent.size() + " of " + ALL.size());
        for (RefereeCase rule : sent) {
            for (RefereeStep step : rule.steps()) {
                assertTrue(step.isWait() || "true".equals(step.call().get("DryRun"))
                        || step.call().get("Action").matches("Describe\\w+|GetCallerIdentity"), rule.name() + step.call());
            }
        }
        assertThrows(IllegalStateException.class, () -> RefereeAccount.endpoint(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"DescribeVolumes,ec2", "GetCallerIdentity,sts", "'',ebs"})
    void a_request_is_signed_for_the_service_it_goes_to(String action, String service) throws Exception {
        List<String> seen = new ArrayList<>();
        try (Everything yes = new Everything(seen)) {
            if (action.isEmpty()) {
                yes.endpoint().get("/snapshots/snap-1/blocks?maxResults=100");
            } else {
                yes.endpoint().call(List.of(Map.entry("Action", action)));
            }
        }
        assertTrue(seen.get(0).matches("AWS4-HMAC-SHA256 Credential=AKIAREFEREE/[0-9]{8}/eu-central-1/" + service
                + "/aws4_request, SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}"), seen.get(0));
    }

    @Test
    void no_case_is_green_where_every_call_succeeds_and_nothing_is_there() throws Exception {
        List<String> vacuous = new ArrayList<>();
        try (Everything yes = new Everything(new ArrayList<>())) {
            for (RefereeCase rule : ALL) {
                if (new RefereeRun(yes.endpoint(), time -> { }, (action, reply) -> List.of()).complaint(rule).isEmpty()) {
                    vacuous.add(rule.name());
                }
            }
        }
        assertEquals(List.of(), vacuous);
    }

    /** An endpoint that answers every call with success and no content, and records how each call was signed. */
    private record Everything(HttpServer server) implements AutoCloseable {

        Everything(List<String> authorizations) throws IOException {
            this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            server.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
                byte[] nothing = "<Response/>".getBytes();
                exchange.sendResponseHeaders(200, nothing.length);
                exchange.getResponseBody().write(nothing);
                exchange.close();
            });
            server.start();
        }

        RefereeEndpoint endpoint() {
            return RefereeEndpoint.local(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    @Test
    void every_parameter_of_a_case_is_one_of_AWS_s_model() {
        List<String> strange = new ArrayList<>();
        for (RefereeCase rule : ALL) {
            for (RefereeStep step : rule.steps()) {
                // A case may use an unknown parameter on purpose. Then the case expects one of these errors.
                if (!step.call().isEmpty() && step.expect().codes().stream()
                        .noneMatch(List.of("InvalidAction", "MissingAction", "UnknownParameter")::contains)) {
                    RefereeShapes.strangeInCall(step.call()).forEach(s -> strange.add(rule.name() + ": " + s));
                }
            }
        }
        assertEquals(List.of(), strange);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            DescribeVolumes | Filter.1.Value.2                              | true
            DescribeVolumes | Filters.1.Value.1                             | false
            DescribeVolumes | VolumeId                                      | false
            RunInstances    | TagSpecification.1.Tag.{1..50}.Key            | true
            RunInstances    | Placement.AvailabilityZone                    | true
            RunInstances    | Placement.Zone                                | false
            CreateSnapshots | InstanceSpecification.ExcludeDataVolumeId.1   | true
            CreateSnapshots | InstanceSpecification                         | false
            CreateSnapshot  | ClientToken                                   | false
            """)
    void the_model_knows_a_parameter_or_not(String action, String parameter, boolean known) {
        assertEquals(known, RefereeShapes.strangeInCall(Map.of("Action", action, parameter, "x")).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <volumeSet><item><volumeId>x</volumeId><size>1</size></item></volumeSet> | ``
            <volumeSet><item><colour>red</colour></item></volumeSet>     | the model does not know DescribeVolumes.volumeSet.colour
            <volumeSet><volume/></volumeSet>                             | DescribeVolumes.volumeSet is a list, of items
            <volumeSet><item><status>sleepy</status></item></volumeSet>  | DescribeVolumes.volumeSet.status has no value sleepy
            <volumeSet><item><status>in-use</status></item></volumeSet>  | ``
            <volumeSet><item><size>big</size></item></volumeSet>         | DescribeVolumes.volumeSet.size is no Integer: big
            <volumeSet><item><createTime>now</createTime></item></volumeSet> | DescribeVolumes.volumeSet.createTime is no Instant: now
            """)
    void a_reply_that_AWS_would_not_send_is_seen(String inside, String strange) {
        RefereeReply reply = new RefereeReply(200, Map.of(), ("<DescribeVolumesResponse><requestId>r</requestId>" + inside
                + "</DescribeVolumesResponse>").getBytes());
        assertEquals(strange.isEmpty() ? List.of() : List.of(strange), RefereeShapes.strangeInReply("DescribeVolumes", reply));
        assertEquals("the answer to DescribeTags is a DescribeVolumesResponse",
                RefereeShapes.strangeInReply("DescribeTags", reply).get(0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name": "x", "source": "measured: y", "moto": "ok", "steps": [], "note": 1}             | unknown key 'note'
            {"name": "x y", "source": "measured: y", "moto": "ok", "steps": []}                      | a name is of
            {"name": "x", "source": "hearsay: y", "moto": "ok", "steps": []}                         | no source of a known kind
            {"name": "x", "source": "measured: y", "moto": "deviates", "steps": []}                  | moto is 'ok' or
            {"name": "x", "source": "measured: y", "moto": "ok", "steps": []}                        | no steps
            {"name": "x", "source": "measured: y", "moto": "ok", "given": ["z"], "steps": []}        | does not know 'z'
            {"name": "x", "source": "measured: y", "moto": "ok", "steps": [{"wait": "2 s"}]}         | '2 s' is no time
            {"name": "x", "source": "measured: y", "moto": "ok", "steps": [{"call": {"Version": "1"}}]} | a call without Action
            {"name": "x", "source": "measured: y", "moto": "ok", "steps": [{"get": "/", "expects": {}}]} | unknown key 'expects'
            {"name": "x", "source": "measured: y", "moto": "ok", "steps": [{"get": "/", "expect": {"cod": "x"}}]} | 'cod'
            """)
    void a_mistake_in_a_case_is_named_with_its_file(String text, String mistake) throws Exception {
        JsonNode node = new ObjectMapper().readTree("[" + text + "]");
        String message = assertThrows(IllegalArgumentException.class,
                () -> RefereeCase.of("some.json", node, new ObjectMapper().createObjectNode())).getMessage();
        assertTrue(message.startsWith("tests/rehearsal/contract/some.json, some/x") && message.contains(mistake), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                               | ``
            {"status": 412}                  | status 200 instead of 412
            {"code": "A"}                    | status 200 instead of 400; code '' instead of A
            {"is": {"a.item": ["2", "1"]}}   | ``
            {"is": {"a.item": "1"}}          | a.item is [1, 2] instead of [1]
            {"has": {"a.item": "2"}}         | ``
            {"has": {"a.item": "3"}}         | a.item is [1, 2] without [3]
            {"not": {"a.item": "3"}}         | ``
            {"not": {"a.item": "2"}}         | a.item is [1, 2] where there must be another than [2]
            {"not": {"b": "2"}}              | b is [] where there must be another than [2]
            {"one_of": {"a.item": ["1", "2", "3"]}} | ``
            {"one_of": {"a.item": ["1"]}}    | a.item is [1, 2] instead of one of [1]
            {"matches": {"a.item": "[12]"}}  | ``
            {"matches": {"a.item": "1"}}     | a.item is [1, 2] instead of 1
            {"count": {"a.item": 2, "b": 0}} | ``
            {"count": {"a.item": 1}}         | a.item is [1, 2] instead of 1
            {"present": ["a"], "absent": ["b"]} | ``
            {"present": ["b"]}               | b is [] instead of something
            {"absent": ["a.item"]}           | a.item is [1, 2] instead of nothing
            """)
    void an_expectation_says_what_is_wrong(String expect, String wrong) throws Exception {
        JsonNode node = new ObjectMapper().readTree("[{\"name\": \"x\", \"source\": \"model: y\", \"moto\": \"ok\", \"steps\": "
                + "[{\"get\": \"/\", \"expect\": " + expect + "}]}]");
        RefereeExpectation expected = RefereeCase.of("some.json", node, null).get(0).steps().get(0).expect();
        assertEquals(wrong, String.join("; ", expected.complaints(new RefereeReply(200, Map.of(),
                "<r><a><item>1</item><item>2</item></a></r>".getBytes()), text -> text)));
        assertEquals(wrong, String.join("; ", expected.complaints(new RefereeReply(200, Map.of(),
                "{\"a\": [1, 2]}".getBytes()), text -> text)));
    }
}
