import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** An endpoint of EC2. Requests are sent raw, so that no client hides anything, and are signed by the SDK's own signer. */
record RefereeEndpoint(Function<String, URI> service, String region, AwsCredentialsIdentity credentials) {
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    /** An endpoint on this machine: all services are behind one port, and any credentials will do. */
    static RefereeEndpoint local(URI endpoint) {
        return new RefereeEndpoint(service -> endpoint, "eu-central-1", AwsCredentialsIdentity.create("AKIAREFEREE", "none"));
    }

    RefereeReply call(List<Map.Entry<String, String>> parameters) throws IOException, InterruptedException {
        boolean sts = parameters.contains(Map.entry("Action", "GetCallerIdentity"));
        String form = parameters.stream().map(p -> encoded(p.getKey()) + "=" + encoded(p.getValue()))
                .collect(Collectors.joining("&"));
        if (parameters.stream().noneMatch(p -> p.getKey().equals("Version"))) {
            form += "&Version=" + (sts ? "2011-06-15" : "2016-11-15");
        }
        return send(sts ? "sts" : "ec2", SdkHttpMethod.POST, "/", form);
    }

    RefereeReply get(String pathAndQuery) throws IOException, InterruptedException {
        return send("ebs", SdkHttpMethod.GET, pathAndQuery, "");
    }

    private RefereeReply send(String name, SdkHttpMethod method, String path, String form)
            throws IOException, InterruptedException {
        SdkHttpRequest.Builder unsigned = SdkHttpRequest.builder().method(method).uri(service.apply(name).resolve(path));
        if (method == SdkHttpMethod.POST) {
            unsigned.putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        }
        SdkHttpRequest signed = SIGNER.sign(r -> r.identity(credentials).request(unsigned.build())
                .payload(ContentStreamProvider.fromUtf8String(form))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, name)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)).request();
        HttpRequest.Builder request = HttpRequest.newBuilder(signed.getUri()).method(method.name(), form.isEmpty()
                ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(form));
        // The JDK's client sets these two headers itself, to the same values.
        signed.headers().forEach((header, values) -> values.stream()
                .filter(v -> !header.equalsIgnoreCase("Host") && !header.equalsIgnoreCase("Content-Length"))
                .forEach(value -> request.header(header, value)));
        HttpResponse<byte[]> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        Map<String, String> headers = new HashMap<>();
        answer.headers().map().forEach((header, values) ->
                headers.put(header.toLowerCase(Locale.ROOT), values.get(0)));
        return new RefereeReply(answer.statusCode(), headers, answer.body());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
