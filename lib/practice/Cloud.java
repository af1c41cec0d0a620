package practice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A running practice cloud: an endpoint on loopback, started from a world. Requests are answered one at a time. */
public final class Cloud implements AutoCloseable {

    static {
        // Without it the JDK's server writes head and body as two packets and Nagle holds back the second for 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Settings settings;
    private final Account account;
    private final Verbs verbs;
    private final Faults faults = new Faults();
    private final List<Request> journal = new ArrayList<>();
    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(8, work -> {
        Thread thread = new Thread(work, "practice-cloud");
        thread.setDaemon(true);
        return thread;
    });

    /** What was asked and what came of it: an EC2 error code, {@code ok}, {@code lost} or {@code cut}. */
    public record Request(String action, Map<String, String> parameters, String outcome, Instant at) {
    }

    private Cloud(World world, Settings settings) throws IOException {
        this.settings = settings;
        this.account = new Account(world, settings);
        this.verbs = new Verbs(account);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    public static Cloud start(World world) {
        return start(world, Settings.defaults());
    }

    /** @throws UncheckedIOException around a {@link java.net.BindException} when the port is taken */
    public static Cloud start(World world, Settings settings) {
        try {
            return new Cloud(world, settings);
        } catch (IOException cannot) {
            throw new UncheckedIOException("opening port " + settings.port() + " on loopback", cannot);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public PracticeClock clock() {
        return settings.clock();
    }

    public synchronized void fault(Fault fault) {
        if (!verbs.know(fault.action())) {
            throw new IllegalArgumentException("no such action: " + fault.action());
        }
        faults.add(fault);
    }

    public synchronized List<Request> journal() {
        return List.copyOf(journal);
    }

    public synchronized List<World.Volume> volumes() {
        return account.volumes.all().stream().map(v -> account.now(v, clock().now())).toList();
    }

    public synchronized List<World.Snapshot> snapshots() {
        return account.snapshots.all().stream().map(taken -> taken.at(clock().now())).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    private record Reply(int status, byte[] body, Optional<Fault.Kind> broken) {
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getRawQuery();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Reply reply = reply(body.isEmpty() && query != null ? query : body);
            if (reply.broken.equals(Optional.of(Fault.Kind.REPLY_LOST))) {
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "text/xml;charset=UTF-8");
            exchange.sendResponseHeaders(reply.status, reply.body.length);
            exchange.getResponseBody().write(reply.body, 0,
                    reply.broken.isPresent() ? reply.body.length / 2 : reply.body.length);
        }
    }

    private synchronized Reply reply(String form) {
        Map<String, String> parameters = new TreeMap<>();
        String requestId = UUID.randomUUID().toString();
        Instant now = clock().now();
        try {
            parameters.putAll(Wire.form(form));
            // A signature in the query, or of the oldest kind, belongs to no action and into no journal.
            parameters.keySet().removeIf(key -> key.startsWith("X-Amz-")
                    || List.of("AWSAccessKeyId", "Signature", "SecurityToken").contains(key));
            Optional<Fault> fault = faults.hitting(parameters.getOrDefault("Action", ""));
            Xml answer = answer(parameters, now, fault);
            Optional<Fault.Kind> broken = fault.map(Fault::kind)
                    .filter(kind -> kind == Fault.Kind.REPLY_LOST || kind == Fault.Kind.REPLY_CUT);
            log(parameters, broken.map(kind -> kind == Fault.Kind.REPLY_LOST ? "lost" : "cut").orElse("ok"), now);
            return new Reply(200, bytes(Wire.reply(parameters.get("Action"), parameters.get("Version"), requestId,
                    answer)), broken);
        } catch (Refusal refusal) {
            log(parameters, refusal.code(), now);
            return new Reply(refusal.status(), bytes(Wire.error(refusal, parameters.getOrDefault("Version", ""),
                    requestId)), Optional.empty());
        } catch (RuntimeException bug) {
            log(parameters, bug.toString(), now);
            return new Reply(500, bytes(Wire.error(Refusal.of(500, "InternalError", "A bug of the practice cloud: "
                    + bug), parameters.getOrDefault("Version", ""), requestId)), Optional.empty());
        }
    }

    private Xml answer(Map<String, String> parameters, Instant now, Optional<Fault> fault) {
        switch (fault.map(Fault::kind).orElse(Fault.Kind.STALE_READS)) {
            case THROTTLED -> throw Refusal.of(503, "RequestLimitExceeded", "Request limit exceeded.");
            case SERVER_ERROR -> throw internalError();
            case DENIED -> throw Refusal.of(403, "UnauthorizedOperation",
                    "You are not authorized to perform this operation.");
            default -> { }
        }
        Verbs.Answer verb = verbs.answerTo(parameters);
        Call call = new Call(parameters, now, fault);
        if (call.flag("DryRun")) {
            throw Refusal.of(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
        }
        Xml out = new Xml();
        verb.write(call, out);
        if (call.meets(Fault.Kind.SERVER_ERROR_AFTER_EFFECT)) {
            throw internalError();
        }
        return out;
    }

    private static Refusal internalError() {
        return Refusal.of(500, "InternalError", "An internal error has occurred");
    }

    private static byte[] bytes(String xml) {
        return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml).getBytes(StandardCharsets.UTF_8);
    }

    private void log(Map<String, String> parameters, String outcome, Instant at) {
        Map<String, String> rest = new TreeMap<>(parameters);
        rest.keySet().removeAll(List.of("Action", "Version"));
        journal.add(new Request(parameters.getOrDefault("Action", ""), Map.copyOf(rest), outcome, at));
    }
}
