import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import report.Console;

/** What users get wrong in options, variables and AWS files ends with two lines, and nobody is asked anything. */
class UserErrorsTest {
    private static final Path ROOT = Checkout.root();
    private static final String JBANG = ROOT.resolve("jbang").toString();
    private static final String SECRET = "SECRET";

    private interface Entry {
        int run(String[] args, Console console);
    }

    private static final Map<String, Entry> COMMANDS = Map.of("verify-quorum-volumes", VerifyQuorumVolumes::run,
            "snapshot-all", SnapshotAll::run, "fix-tags", FixTags::run, "restore-volume", RestoreVolume::run,
            "practice-cloud", PracticeCloud::run, "completion", Completion::run, "game-day", GameDay::run);

    private HttpServer aws;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status = 500;
    private volatile String code = "";

    @BeforeEach
    void start() throws IOException {
        aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aws.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            byte[] body = ("<Response><Errors><Error><Code>" + code + "</Code><Message>no</Message></Error></Errors>"
                    + "<RequestID>r</RequestID></Response>").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"x\"");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        aws.start();
    }

    @AfterEach
    void stop() {
        aws.stop(0);
    }

    private String endpoint() {
        return "http://127.0.0.1:" + aws.getAddress().getPort();
    }

    private static Harness.Ran run(Map<String, String> env, String command, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = COMMANDS.get(command).run(args, new Console(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false, false, env, InstantSource.system()));
        return new Harness.Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void mustBeTwoLines(Harness.Ran ran, int exitCode, String error) throws IOException {
        assertEquals(exitCode, ran.code(), ran.shown());
        assertEquals(2, ran.errLines().size(), ran.err());
        assertTrue(ran.errLines().get(0).startsWith("Error: "), ran.err());
        assertTrue(ran.errLines().get(0).contains(error), ran.err());
        assertTrue(ran.errLines().get(1).startsWith("Try: "), ran.err());
        assertTrue(ran.err().length() < 600, ran.err());
        assertFalse(ran.shown().contains(SECRET), ran.shown());
        assertEquals(exitCode == 2 ? "" : "unknown", exitCode == 2 ? ran.out() : ran.outcome());
    }

    static Stream<Arguments> wrongOptions() {
        Stream.Builder<Arguments> rows = Stream.builder();
        for (String region : List.of("", " ", "eu central 1", "eu_central_1", "eu-central-1\n", "-eu",
                "eu.example.com/", "EU", "x".repeat(5000))) {
            rows.add(row("verify-quorum-volumes", "'--region'", "--region", region));
        }
        for (String url : List.of("", "http://", "http://host:99999", "http://host:0", "http://host:", "ftp://x", "http://[::1",
                "http://u:" + SECRET + "@127.0.0.1:1", "http://127.0.0.1:1/path", "http://127.0.0.1:1?q", "http://127.0.0.1:1#f",
                "127.0.0.1:4566", "http://a b", "http://a\nb")) {
            rows.add(row("verify-quorum-volumes", "'--endpoint-url'", "--endpoint-url", url));
        }
        for (String version : List.of("", "x", "1", "-1.2", "1.99999999999", "1.26\n")) {
            rows.add(row("verify-quorum-volumes", "'--kops-version'", "--kops-version", version));
        }
        for (String option : List.of("--profile", "--cluster", "--etcd")) {
            rows.add(row("verify-quorum-volumes", "'" + option + "'", option, ""));
            rows.add(row("fix-tags", "'" + option + "'", option, " "));
        }
        for (String option : List.of("--set", "--member", "--snapshot", "--rollback", "--stage", "--init-rate", "--volume-type",
                "--plan")) {
            rows.add(row("restore-volume", "'" + option + "'", option, ""));
        }
        for (String number : List.of("-1", "0", "", "x", "1.5", "2147483648", "99999999999999999999")) {
            rows.add(row("restore-volume", "--iops", "--iops=" + number));
            rows.add(row("restore-volume", "--throughput", "--throughput=" + number));
            rows.add(row("snapshot-all", "--lock", "--lock=" + number));
        }
        for (String number : List.of("-1", "", "x", "2147483648", "99999999999999999999")) {
            rows.add(row("practice-cloud", "--port", "--port=" + number));
            rows.add(row("practice-cloud", "--snapshot-seconds", "--snapshot-seconds=" + number));
        }
        for (String duration : List.of("", "-1s", "5", "9999999999d", "99999999999999999999s", "1s\n")) {
            rows.add(row("snapshot-all", "'--max-skew'", "--max-skew", duration));
        }
        for (String command : COMMANDS.keySet()) {
            rows.add(command.equals("completion") ? row(command, "--no-such-option", "bash", "--no-such-option")
                    : row(command, "--no-such-option", "--no-such-option"));
        }
        rows.add(row("verify-quorum-volumes", "--region", "--region", "eu-west-1", "--region", "eu-west-2"));
        rows.add(row("snapshot-all", "--set", "--set", "a", "--set", "b"));
        rows.add(row("practice-cloud", "--world", "--world", "a", "--world", "b"));
        rows.add(row("verify-quorum-volumes", "@word", "@word"));
        rows.add(row("verify-quorum-volumes", "'@word'", "--region", "@word"));
        return rows.build();
    }

    private static Arguments row(String command, String error, String... args) {
        return Arguments.of(command, error, args);
    }

    @ParameterizedTest
    @MethodSource("wrongOptions")
    void a_wrong_option_is_wrong_usage(String command, String error, String[] args) throws IOException {
        mustBeTwoLines(run(Map.of("KOPS_CLUSTER_NAME", "k8s.mycompany.tld"), command, args), 2, error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"practice-cloud --world", "practice-cloud --port", "completion", "game-day --scenario"})
    void no_file_is_read_for_a_word_that_begins_with_an_at_sign(String line, @TempDir Path folder) throws IOException {
        Path words = Files.writeString(folder.resolve("words"), "--help\n");
        String[] all = (line + " @" + words).split(" ");
        mustBeTwoLines(run(Map.of(), all[0], Stream.of(all).skip(1).toArray(String[]::new)), 2, "@" + words);
    }

    private static final String WRONG_SETTINGS = """
            AWS_REGION                          | eu_central_1           | --region eu-central-1
            AWS_REGION                          | eu central 1           | --region eu-central-1
            AWS_REGION                          | 127.0.0.1/?            | --region eu-central-1
            AWS_DEFAULT_REGION                  | eu_central_1           | --region eu-central-1
            AWS_PROFILE                         | none                   | aws configure list-profiles
            AWS_MAX_ATTEMPTS                    | abc                    | env -u AWS_MAX_ATTEMPTS
            AWS_MAX_ATTEMPTS                    | 0                      | env -u AWS_MAX_ATTEMPTS
            AWS_MAX_ATTEMPTS                    | 99999999999            | env -u AWS_MAX_ATTEMPTS
            AWS_METADATA_SERVICE_TIMEOUT        | x                      | env -u AWS_METADATA_SERVICE_TIMEOUT
            AWS_USE_FIPS_ENDPOINT               | maybe                  | env -u AWS_USE_FIPS_ENDPOINT
            AWS_USE_DUALSTACK_ENDPOINT          | maybe                  | env -u AWS_USE_DUALSTACK_ENDPOINT
            AWS_RETRY_MODE                      | x                      | env -u AWS_RETRY_MODE
            AWS_DEFAULTS_MODE                   | x                      | env -u AWS_DEFAULTS_MODE
            AWS_IGNORE_CONFIGURED_ENDPOINT_URLS | maybe                  | env -u AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
            AWS_ENDPOINT_URL                    | ''                     | --endpoint-url http://127.0.0.1:4566
            AWS_ENDPOINT_URL                    | http://                | --endpoint-url http://127.0.0.1:4566
            AWS_ENDPOINT_URL                    | localhost:4566         | --endpoint-url http://127.0.0.1:4566
            AWS_ENDPOINT_URL                    | http://host:99999      | --endpoint-url http://127.0.0.1:4566
            AWS_ENDPOINT_URL                    | http://u:SECRET@host   | --endpoint-url http://127.0.0.1:4566
            AWS_ENDPOINT_URL_EC2                | ftp://x                | --endpoint-url http://127.0.0.1:4566
            AWS_ENDPOINT_URL_EC2                | http://127.0.0.1:1/?x  | --endpoint-url http://127.0.0.1:4566
            AWS_ENDPOINT_URL_STS                | http://host:0          | env -u AWS_ENDPOINT_URL_STS
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = WRONG_SETTINGS)
    void a_wrong_setting_is_named_and_aws_is_not_asked(String variable, String value, String help) throws IOException {
        Map<String, String> env = new HashMap<>(Map.of("AWS_ENDPOINT_URL", endpoint()));
        env.put(variable, value);
        Harness.Ran ran = run(env, "verify-quorum-volumes");
        mustBeTwoLines(ran, 22, "BAD_SETTING");
        assertTrue(ran.errLines().get(1).contains(help), ran.err());
        assertEquals(0, requests.get());
    }

    private static final String WRONG_PROXIES = """
            HTTPS_PROXY | ftp://proxy:3128
            HTTPS_PROXY | https://proxy:3128
            https_proxy | http://
            HTTPS_PROXY | http://u:SECRET@proxy:99999
            HTTPS_PROXY | http://u:SECRET@a b
            HTTPS_PROXY | proxy:port
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = WRONG_PROXIES)
    void a_wrong_proxy_is_named(String variable, String value) throws IOException {
        Harness.Ran ran = run(Map.of(variable, value, "AWS_REGION", "eu-none-1"), "verify-quorum-volumes");
        mustBeTwoLines(ran, 22, "reading " + variable + ": BAD_SETTING");
    }

    @ParameterizedTest
    @CsvSource({"config, garbage SECRET", "config, [default", "config, '[profile a]\naws_secret_access_key SECRET'",
            "config, '[default]\nregion = eu_central 1'", "config, '[default]\ndefaults_mode = x'", "credentials, '[SECRET'",
            "credentials, '= SECRET'", "credentials, '[default]\nSECRET'", "config, ''", "credentials, ''"})
    void a_broken_file_is_two_lines(String file, String text, @TempDir Path folder) throws Exception {
        Path path = text.isEmpty() ? folder : Files.writeString(folder.resolve(file), text);
        mustBeTwoLines(asProcess(Map.of("config".equals(file) ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE",
                path.toString(), "AWS_REGION", "", "AWS_DEFAULT_REGION", text.contains("region") ? "" : "eu-central-1",
                "AWS_ENDPOINT_URL", text.contains("mode") ? "http://127.0.0.1:1" : endpoint())), 22, "BAD_SETTING");
        assertEquals(0, requests.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/dev/null", "/nonexistent/config"})
    void no_file_is_no_error(String path) throws Exception {
        status = 401;
        code = "AuthFailure";
        mustBeTwoLines(asProcess(Map.of("AWS_CONFIG_FILE", path, "AWS_SHARED_CREDENTIALS_FILE", path, "AWS_ENDPOINT_URL",
                endpoint())), 22, "AuthFailure");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--profile=a", "--profile=none"})
    void a_profile_that_cannot_be_used_is_two_lines(String option, @TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("config"),
                "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/ops\nsource_profile = a\n");
        mustBeTwoLines(asProcess(Map.of("AWS_CONFIG_FILE", config.toString(), "AWS_ENDPOINT_URL", endpoint()), option), 22,
                "profile");
        assertEquals(0, requests.get());
    }

    private static Harness.Ran asProcess(Map<String, String> env, String... args) throws Exception {
        Processes.Ended ended = Processes.run(ROOT, env,
                Stream.concat(Stream.of(JBANG, "verify-quorum-volumes"), Stream.of(args)).toArray(String[]::new));
        return new Harness.Ran(ended.code(), ended.out(), ended.err().replaceAll("(?m)^\\[jbang].*\n", ""));
    }

    @ParameterizedTest
    @CsvSource({"401, AuthFailure, aws sts get-caller-identity", "403, AuthFailure, aws sts get-caller-identity",
            "401, ExpiredToken, aws sts get-caller-identity", "403, UnauthorizedOperation, aws sts get-caller-identity",
            "400, RequestExpired, aws sts get-caller-identity"})
    void what_aws_says_of_the_credentials_is_shown(int httpStatus, String awsCode, String help) throws Exception {
        status = httpStatus;
        code = awsCode;
        mustBeTwoLines(asProcess(Map.of("AWS_ENDPOINT_URL", endpoint())), 22, awsCode + ": no");
        assertEquals(help, asProcess(Map.of("AWS_ENDPOINT_URL", endpoint())).errLines().get(1).substring("Try: ".length()));
    }

    private static Harness.Ran through(RecordingProxy proxy, Map<String, String> more) throws Exception {
        Map<String, String> env = new HashMap<>(Map.of("HTTPS_PROXY", "http://127.0.0.1:1", "HTTP_PROXY", "http://127.0.0.1:1",
                "AWS_REGION", "eu-none-1", "AWS_MAX_ATTEMPTS", "1"));
        more.forEach((name, value) -> env.put(name, value.replace("PROXY", proxy.place())));
        return asProcess(env);
    }

    private static final String PROXIES = """
            HTTPS_PROXY=http://PROXY                                           | CONNECT ec2.eu-none-1.amazonaws.com:443
            https_proxy=PROXY                                                  | CONNECT ec2.eu-none-1.amazonaws.com:443
            HTTPS_PROXY=http://PROXY NO_PROXY=example.com,compute.internal     | CONNECT ec2.eu-none-1.amazonaws.com:443
            HTTPS_PROXY=http://me:p%40ss@PROXY                                 | Basic bWU6cEBzcw==
            HTTP_PROXY=http://PROXY AWS_ENDPOINT_URL=http://ec2.example.com    | POST http://ec2.example.com
            HTTPS_PROXY=http://PROXY NO_PROXY=*                                | ''
            HTTPS_PROXY=http://PROXY NO_PROXY=a.com,.amazonaws.com             | ''
            HTTPS_PROXY=http://PROXY no_proxy=AMAZONAWS.com                    | ''
            HTTPS_PROXY=http://PROXY no_proxy=ec2.eu-none-1.amazonaws.com      | ''
            HTTPS_PROXY=http://PROXY https_proxy=                              | ''
            HTTP_PROXY=http://PROXY HTTPS_PROXY=                               | ''
            HTTP_PROXY=http://PROXY AWS_ENDPOINT_URL=http://127.0.0.1:1        | ''
            HTTP_PROXY=http://PROXY AWS_ENDPOINT_URL=http://localhost:1        | ''
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = PROXIES)
    void proxies_are_used_as_the_aws_cli_uses_them(String settings, String asked) throws Exception {
        Map<String, String> env = new HashMap<>();
        Stream.of(settings.split(" ")).forEach(s -> env.put(s.split("=", 2)[0], s.split("=", 2)[1]));
        try (RecordingProxy proxy = RecordingProxy.start()) {
            mustBeTwoLines(through(proxy, env), 22, "describing volumes");
            assertEquals(!asked.isEmpty(), !proxy.heard().isEmpty(), proxy.heard());
            assertTrue(proxy.heard().contains(asked), proxy.heard());
        }
    }

    @Test
    void a_run_of_zsh_is_a_run_of_sh() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")), "apt-get install zsh");
        Processes.Ended ended = Processes.run(ROOT, "zsh", JBANG, "verify-quorum-volumes", "--region", "");
        mustBeTwoLines(new Harness.Ran(ended.code(), ended.out(), ended.err().replaceAll("(?m)^\\[jbang].*\n", "")), 2,
                "'--region'");
    }

    @Test
    void the_report_has_the_wrong_setting_as_its_error() {
        assertEquals(List.of("BAD_SETTING"), run(Map.of("AWS_MAX_ATTEMPTS", "x"), "verify-quorum-volumes").errors());
    }
}
