package cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import aws.Connection;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import picocli.CommandLine;
import report.Console;

/**
 * A run of a command that {@code ./jbang} watches to make the command's class-data archive, which halves its start-up. The
 * command meets a made-up EC2 on loopback that can only be read; nothing else is spoken to, and nothing is changed.
 */
final class TrainingRun {
    private static final int LONGEST_MS = 15_000;
    /** Exit codes of a run that got as far as a verdict, whichever. */
    private static final Set<Integer> JUDGED = Set.of(0, 20, 21);

    private static final Map<String, String> REPLIES = Map.of(
            "DescribeVolumes", reply("DescribeVolumes", """
                    <volumeSet><item>
                      <volumeId>vol-0123456789abcdef0</volumeId><size>20</size><iops>3000</iops><throughput>125</throughput>
                      <snapshotId>snap-0123456789abcdef0</snapshotId><availabilityZone>eu-central-1a</availabilityZone>
                      <status>in-use</status><createTime>2026-01-01T00:00:00.000Z</createTime>
                      <volumeType>gp3</volumeType><encrypted>true</encrypted>
                      <attachmentSet><item>
                        <volumeId>vol-0123456789abcdef0</volumeId><instanceId>i-0123456789abcdef0</instanceId>
                        <device>/dev/xvdu</device><status>attached</status>
                        <attachTime>2026-01-01T00:00:00.000Z</attachTime><deleteOnTermination>false</deleteOnTermination>
                      </item></attachmentSet>
                      <tagSet>
                        <item><key>KubernetesCluster</key><value>rehearsal.example.com</value></item>
                        <item><key>Name</key><value>a.etcd-main.rehearsal.example.com</value></item>
                        <item><key>k8s.io/etcd/main</key><value>a/a</value></item>
                        <item><key>k8s.io/role/control-plane</key><value>1</value></item>
                        <item><key>k8s.io/role/master</key><value>1</value></item>
                        <item><key>kubernetes.io/cluster/rehearsal.example.com</key><value>owned</value></item>
                      </tagSet>
                    </item></volumeSet>"""),
            "DescribeInstances", reply("DescribeInstances", """
                    <reservationSet><item>
                      <reservationId>r-0123456789abcdef0</reservationId><ownerId>123456789012</ownerId>
                      <instancesSet><item>
                        <instanceId>i-0123456789abcdef0</instanceId>
                        <instanceState><code>16</code><name>running</name></instanceState>
                        <placement><availabilityZone>eu-central-1a</availabilityZone></placement>
                        <rootDeviceName>/dev/xvda</rootDeviceName>
                        <blockDeviceMapping><item>
                          <deviceName>/dev/xvdu</deviceName>
                          <ebs><volumeId>vol-0123456789abcdef0</volumeId><status>attached</status>
                            <deleteOnTermination>false</deleteOnTermination></ebs>
                        </item></blockDeviceMapping>
                        <tagSet>
                          <item><key>KubernetesCluster</key><value>rehearsal.example.com</value></item>
                          <item><key>k8s.io/role/control-plane</key><value>1</value></item>
                        </tagSet>
                      </item></instancesSet>
                    </item></reservationSet>"""),
            "DescribeSnapshots", reply("DescribeSnapshots", """
                    <snapshotSet><item>
                      <snapshotId>snap-0123456789abcdef0</snapshotId><volumeId>vol-0fedcba9876543210</volumeId>
                      <status>completed</status><startTime>2026-01-01T00:00:00.000Z</startTime><progress>100%</progress>
                      <ownerId>123456789012</ownerId><volumeSize>20</volumeSize><encrypted>true</encrypted>
                    </item></snapshotSet>"""));

    private static final String REFUSAL = """
            <Response><Errors><Error><Code>UnsupportedOperation</Code><Message>only a rehearsal</Message></Error></Errors>
            <RequestID>00000000-0000-0000-0000-000000000000</RequestID></Response>""";

    private TrainingRun() {
    }

    public static void main(String[] args) throws Exception {
        Thread watch = new Thread(TrainingRun::endWhenTooLong);
        watch.setDaemon(true);
        watch.start();
        boolean judged = false;
        try {
            judged = rehearse(Class.forName(args[0]));
        } finally {
            System.exit(judged ? 0 : 1); // The server's thread would keep a failed run alive.
        }
    }

    private static boolean rehearse(Class<?> script) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", TrainingRun::answer);
        server.start();
        System.setProperty("http.nonProxyHosts", "127.0.0.1");
        System.setProperty("aws.accessKeyId", "rehearsal");
        System.setProperty("aws.secretAccessKey", "rehearsal");
        System.setProperty("aws.region", "eu-central-1");
        System.setProperty("aws.disableEc2Metadata", "true");
        System.setProperty("aws.configFile", "/dev/null");
        System.setProperty("aws.sharedCredentialsFile", "/dev/null");
        openTls();
        Connection.warmUp(Optional.empty());
        boolean acts = new CommandLine(script).getCommandSpec().findOption("--dry-run") != null;
        Method run = script.getMethod("run", String[].class, Console.class);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        Console console = new Console(nowhere, nowhere, false, false, Map.of(), InstantSource.system());
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        List<String> words = new ArrayList<>(acts ? List.of("--dry-run") : List.of());
        words.addAll(List.of("--output", "json", "--endpoint-url", endpoint));
        boolean judged = JUDGED.contains((int) run.invoke(null, words.toArray(String[]::new), console));
        // Once more, with the endpoint from where AWS_ENDPOINT_URL would bring it.
        System.setProperty("aws.endpointUrl", endpoint);
        words.subList(words.size() - 2, words.size()).clear();
        words.set(words.size() - 1, "table");
        judged &= JUDGED.contains((int) run.invoke(null, words.toArray(String[]::new), console));
        // And without credentials, so that the SDK asks everywhere it looks for them; nothing is found and nobody is called.
        System.clearProperty("aws.accessKeyId");
        run.invoke(null, words.toArray(String[]::new), console);
        return judged;
    }

    /** AWS itself speaks TLS: an opening message that is sent to nobody loads much of what a handshake needs. */
    private static void openTls() throws GeneralSecurityException, SSLException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("ec2.eu-central-1.amazonaws.com", 443);
        engine.setUseClientMode(true);
        engine.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String action = form.replaceFirst("^(.*&)?Action=([A-Za-z]+)(&.*)?$", "$2");
        byte[] body = REPLIES.getOrDefault(action, REFUSAL).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml;charset=UTF-8");
        exchange.sendResponseHeaders(REPLIES.containsKey(action) ? 200 : 400, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String reply(String action, String content) {
        return "<" + action + "Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
                + "<requestId>00000000-0000-0000-0000-000000000000</requestId>" + content + "</" + action + "Response>";
    }

    private static void endWhenTooLong() {
        try {
            Thread.sleep(LONGEST_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }
}
