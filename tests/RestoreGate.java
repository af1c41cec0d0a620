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
 * A door between a command and its cloud: one call passes at a time, somebody looks after each, and it can fall shut for
 * ever before or after the n-th, which is what a process that is killed there leaves behind.
 */
final class RestoreGate implements AutoCloseable {
    /** Where the door falls shut: the call is not made any more, or it is made and nobody hears of it. */
    enum Cut { BEFORE, AFTER }

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI behind;
    private final Consumer<String> look;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "restore-gate");
        thread.setDaemon(true);
        return thread;
    });
    private final List<String> calls = new ArrayList<>();
    private int cutAt;
    private Cut cut = Cut.BEFORE;
    private Runnable atCut = () -> { };
    private boolean isShut;
    private final List<String> seenWrong = new ArrayList<>();

    /** @param look is told each action once it was answered, before the command hears of it */
    RestoreGate(URI behind, Consumer<String> look) throws IOException {
        this.behind = behind;
        this.look = look;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The actions that passed, or were to pass when the door fell shut. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    synchronized boolean isShut() {
        return isShut;
    }

    /** What looking found wrong, between any two calls. */
    synchronized void mustHaveHeld() {
        assertEquals(List.of(), seenWrong);
    }

    /** Falls shut at that call, the next one being 1. */
    synchronized void cutAt(int call, Cut where, Runnable then) {
        cutAt = calls.size() + call;
        cut = where;
        atCut = then;
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (isShut) {
                return;
            }
            String target = Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-Amz-Target")).orElse("");
            calls.add(target.isEmpty() ? new String(body, StandardCharsets.UTF_8).replaceAll("(?s)^.*?Action=(\\w+).*$", "$1")
                    : target.replaceAll("^.*\\.", ""));
            boolean isCut = calls.size() == cutAt;
            if (isCut && cut == Cut.BEFORE) {
                shut();
                return;
            }
            Optional<HttpResponse<byte[]>> reply = passed(exchange, body);
            try {
                look.accept(calls.get(calls.size() - 1));
            } catch (AssertionError wrong) {
                seenWrong.add(wrong.getMessage());
            }
            if (isCut) {
                shut();
            } else if (reply.isPresent()) {
                reply.get().headers().firstValue("Content-Type").ifPresent(
                        type -> exchange.getResponseHeaders().set("Content-Type", type));
                exchange.sendResponseHeaders(reply.get().statusCode(), reply.get().body().length);
                exchange.getResponseBody().write(reply.get().body());
            }
        }
    }

    private void shut() {
        isShut = true;
        atCut.run();
    }

    /** Empty when the cloud itself kept its reply. */
    private Optional<HttpResponse<byte[]>> passed(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        for (String name : List.of("Authorization", "Content-Type", "X-Amz-Target")) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).ifPresent(v -> request.header(name, v));
        }
        try {
            return Optional.of(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException lost) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the door", e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
