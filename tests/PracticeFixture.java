import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import practice.Cloud;
import practice.PracticeClock;
import practice.Settings;
import practice.World;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** What the tests of the practice cloud share: clouds and clients that are closed after the test, and raw requests. */
abstract class PracticeFixture {

    static final Instant START = Instant.parse("2026-11-21T02:00:00Z");

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    Cloud start(World world) {
        return start(world, settings());
    }

    Cloud start(World world, Settings settings) {
        Cloud cloud = Cloud.start(world, settings);
        open.add(0, cloud);
        return cloud;
    }

    static Settings settings() {
        return Settings.defaults().clock(PracticeClock.manual(START));
    }

    /** A client that does not retry. */
    Ec2Client client(Cloud cloud) {
        return client(cloud, "practice");
    }

    Ec2Client client(Cloud cloud, String accessKey) {
        Ec2Client ec2 = Ec2Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.EU_CENTRAL_1).endpointOverride(cloud.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(accessKey, "practice")))
                .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1))).build();
        open.add(0, ec2);
        return ec2;
    }

    /** The error code of a call; empty when the call succeeds. */
    static String code(Runnable call) {
        try {
            call.run();
            return "";
        } catch (AwsServiceException refused) {
            return refused.awsErrorDetails().errorCode();
        }
    }

    record Answer(int status, String body) {
        Element xml() throws Exception {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))).getDocumentElement();
        }

        String text(String element) throws Exception {
            return xml().getElementsByTagName(element).item(0).getTextContent();
        }

        /** How many items the list of a Describe has. */
        int items() throws Exception {
            return children(children(xml()).get(1)).size();
        }
    }

    /** Sends a raw request. The version may be left out. The access key, if any, stands in a signature that nobody checks. */
    static Answer send(Cloud cloud, String form, String accessKey) throws IOException {
        String text = form.contains("Version=") ? form : form + "&Version=2016-11-15";
        HttpURLConnection connection = (HttpURLConnection) cloud.endpoint().toURL().openConnection();
        connection.setDoOutput(true);
        if (!accessKey.isEmpty()) {
            connection.setRequestProperty("Authorization", "AWS4-HMAC-SHA256 Credential=" + accessKey
                    + "/20261121/eu-central-1/ec2/aws4_request, SignedHeaders=host, Signature=secret");
        }
        connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Compares names and types with AWS's own model: the SDK's response classes are made of it. */
    static void check(Cloud cloud, Map<String, SdkPojo> replies) throws Exception {
        List<String> unknown = new ArrayList<>();
        for (Map.Entry<String, SdkPojo> reply : replies.entrySet()) {
            Answer answer = send(cloud, "Action=" + reply.getKey(), "");
            assertEquals(200, answer.status, answer.body);
            List<Element> body = children(answer.xml());
            assertEquals("requestId", body.remove(0).getNodeName());
            assertTrue(!body.isEmpty(), reply.getKey());
            check(body, reply.getValue(), reply.getKey(), unknown);
        }
        assertEquals(List.of(), unknown);
    }

    static List<Element> children(Node parent) {
        List<Element> children = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    static void check(List<Element> elements, SdkPojo shape, String where, List<String> unknown) {
        for (Element element : elements) {
            String here = where + " " + element.getNodeName();
            SdkField<?> field = shape.sdkFields().stream()
                    .filter(f -> f.unmarshallLocationName().equals(element.getNodeName())).findFirst().orElse(null);
            if (field == null) {
                unknown.add(here);
            } else if (field.marshallingType() == MarshallingType.LIST) {
                for (Element item : children(element)) {
                    SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
                    check(children(item), member.constructor().get(), here, unknown);
                }
            } else if (field.marshallingType() == MarshallingType.SDK_POJO) {
                check(children(element), field.constructor().get(), here, unknown);
            } else if (!fits(field.marshallingType(), element.getTextContent())) {
                unknown.add(here + "=" + element.getTextContent());
            }
        }
    }

    static boolean fits(MarshallingType<?> type, String text) {
        return type == MarshallingType.STRING
                || type == MarshallingType.BOOLEAN && text.matches("true|false")
                || (type == MarshallingType.INTEGER || type == MarshallingType.LONG) && text.matches("[0-9]+")
                || type == MarshallingType.INSTANT && Instant.parse(text) != null;
    }

    static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> new File(folder, program).canExecute());
    }

    record Ran(int code, String output) {
    }

    /** Runs a client such as the AWS CLI, which sees this cloud and none of the AWS settings of the user. */
    static Ran foreign(Cloud cloud, Path folder, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().putAll(Map.of("AWS_ENDPOINT_URL", cloud.endpoint().toString(), "AWS_ACCESS_KEY_ID", "x",
                "AWS_SECRET_ACCESS_KEY", "x", "AWS_DEFAULT_REGION", "eu-central-1", "AWS_PAGER", "",
                "AWS_CONFIG_FILE", "/nonexistent", "NO_PROXY", "127.0.0.1"));
        Process process = builder.start();
        CompletableFuture.delayedExecutor(2, TimeUnit.MINUTES).execute(process::destroyForcibly); // a hang is red
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }
}
