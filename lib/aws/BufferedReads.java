package aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Sends reads in a way that keeps the body of a 401, which says what is wrong with the credentials. Where a request has a
 * Content-Length, the SDK streams the request, and Java drops the body of a 401 to a streamed request (HttpURLConnection,
 * HttpRetryException). Java may send other requests twice, so writes stay streamed.
 */
record BufferedReads(SdkHttpClient client) implements SdkHttpClient {
    private static final byte[] READ = "Action=Describe".getBytes(StandardCharsets.US_ASCII);

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        if (!isRead(request)) {
            return client.prepareRequest(request);
        }
        SdkHttpRequest unmeasured = request.httpRequest().toBuilder().removeHeader("Content-Length").build();
        return client.prepareRequest(HttpExecuteRequest.builder().request(unmeasured)
                .contentStreamProvider(request.contentStreamProvider().orElseThrow())
                .metricCollector(request.metricCollector().orElse(null)).build());
    }

    private static boolean isRead(HttpExecuteRequest request) {
        if (request.contentStreamProvider().isEmpty()) {
            return false;
        }
        try (InputStream body = request.contentStreamProvider().get().newStream()) {
            return Arrays.equals(body.readNBytes(READ.length), READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String clientName() {
        return client.clientName();
    }
}
