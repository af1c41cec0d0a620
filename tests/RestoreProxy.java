import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A proxy between a command and its cloud. Calls pass one at a time, and an observer looks at the account after each.
 * The proxy can stop for good before or after a call: a command that is killed there leaves the same account behind.
 */
final class RestoreProxy implements AutoCloseable {
    /** The call is not made any more, or is made and its reply is lost. */
    enum Stop { BEFORE, AFTER }

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI target;
    private final Consumer<String> observer;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "restore-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final List<String> calls = new ArrayList<>();
    private final List<String> seenWrong = new ArrayList<>();
    private int stopAt;
    private Stop stop = Stop.BEFORE;
    private Runnable whenStopped = () -> { };
    private boolean isStopped;

    /** @param observer gets each action after its reply came, and before the command gets the reply */
    RestoreProxy(URI target, Consumer<String> observer) throws IOException {
        this.target = target;
        this.observer = observer;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The actions until now, the one at which the proxy stopped included. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    synchronized boolean isStopped() {
        return isStopped;
    }

    /** Fails with everything that the observer found wrong. */
    synchronized void mustHaveSeenNothingWrong() {
        assertEquals(List.of(), seenWrong);
    }

    /** Stops at that call, the next call being 1. */
    synchronized void stopAt(int call, Stop where, Runnable then) {
        stopAt = calls.size() + call;
        stop = where;
        whenStopped = then;
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (isStopped) {
                return;
            }
            calls.add(action(exchange, body));
            boolean isLast = calls.size() == stopAt;
            if (isLast && stop == Stop.BEFORE) {
                stopForGood();
                return;
            }
            Optional<HttpResponse<byte[]>> reply = passOn(exchange, body);
            try {
                observer.accept(calls.get(calls.size() - 1));
            } catch (AssertionError wrong) {
                seenWrong.add(wrong.getMessage());
            }
            if (isLast) {
                stopForGood();
            } else if (reply.isPresent()) {
                reply.get().headers().firstValue("Content-Type").ifPresent(
                        type -> exchange.getResponseHeaders().set("Content-Type", type));
                exchange.sendResponseHeaders(reply.get().statusCode(), reply.get().body().length);
                exchange.getResponseBody().write(reply.get().body());
            }
        }
    }

    /** EC2 reads the action from a form, KMS from a header. */
    private static String action(HttpExchange exchange, byte[] body) {
        String header = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target")).orElse("");
        return header.isEmpty() ? new String(body, StandardCharsets.UTF_8).replaceAll("(?s)^.*?Action=(\\w+).*$", "$1")
                : header.replaceAll("^.*\\.", "");
    }

    private void stopForGood() {
        isStopped = true;
        whenStopped.run();
    }

    /** Empty when the cloud gave no reply. */
    private Optional<HttpResponse<byte[]>> passOn(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : List.of("Authorization", "Content-Type", "X-Amz-Target")) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).ifPresent(v -> request.header(name, v));
        }
        try {
            return Optional.of(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException lost) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing interrupts the proxy", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
