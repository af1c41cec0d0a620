package practice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A running practice cloud: an HTTP endpoint on loopback that starts from a world and answers one request at a time. */
public final class Cloud implements AutoCloseable {

    static {
        // Without this, the JDK's server sends head and body as two packets, and Nagle's algorithm delays the second by 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** The actions of the EBS direct APIs. */
    private static final Set<String> READS = Set.of("ListSnapshotBlocks", "ListChangedBlocks", "GetSnapshotBlock");
    private static final String LOST = "lost";
    private static final String CUT = "cut";

    private final Settings settings;
    private final Account account;
    private final Actions actions;
    private final EbsDirect ebsDirect;
    private final NodeRole nodeRole;
    private final KeyService keys;
    private final Throttle throttle = new Throttle();
    private final Faults faults = new Faults();
    private final Journal journal;
    private boolean isClosed;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(8, work -> {
        Thread thread = new Thread(work, "practice-cloud");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * One request with its answer.
     *
     * @param outcome {@code ok}, an error code, {@code lost} (no reply was sent) or {@code cut} (half a reply was sent)
     * @param caller  the access key id; empty when the request had none
     * @param took    in real time, not on the practice clock
     * @param reply   the body of the answer; for a block of data only its length
     */
    public record Request(String action, Map<String, String> parameters, String outcome, Instant at, int status,
                          String caller, Duration took, String reply) {
    }

    private Cloud(World world, Settings settings) throws IOException {
        this.settings = settings;
        this.account = new Account(world, settings);
        this.actions = new Actions(account);
        this.ebsDirect = new EbsDirect(account);
        this.nodeRole = new NodeRole(account);
        this.keys = new KeyService(account);
        this.journal = new Journal(settings.journal());
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
        } catch (IOException taken) {
            journal.close();
            throw new IOException("opening port " + settings.port() + " on loopback: " + taken.getMessage(), taken);
        }
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    public static Cloud start(World world) {
        return start(world, Settings.defaults());
    }

    /** @throws UncheckedIOException when the port is taken, or the disks or the journal cannot be made */
    public static Cloud start(World world, Settings settings) {
        try {
            return new Cloud(world, settings);
        } catch (IOException cannot) {
            throw new UncheckedIOException("starting the practice cloud", cannot);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public PracticeClock clock() {
        return settings.clock();
    }

    public synchronized void fault(Fault fault) {
        if (!fault.action().equals(Fault.ANY) && !actions.has(fault.action()) && !READS.contains(fault.action())
                && !fault.action().equals(KeyService.ACTION)) {
            throw new IllegalArgumentException("no such action: " + fault.action());
        }
        faults.add(fault);
    }

    /** What runs on the instances from now on. Nobody tells these workloads about instances that are running already. */
    public synchronized void workloads(Workloads workloads) {
        account.workloads = workloads;
    }

    public synchronized List<Request> journal() {
        return journal.entries();
    }

    public synchronized List<World.Volume> volumes() {
        account.advanceTo(clock().now());
        return account.volumes.all();
    }

    public synchronized List<World.Instance> instances() {
        account.advanceTo(clock().now());
        return account.instances.all();
    }

    public synchronized List<World.Snapshot> snapshots() {
        account.advanceTo(clock().now());
        return account.snapshots.all().stream().map(taken -> taken.at(clock().now())).toList();
    }

    /** What calls made since the start and nothing uses now: a line each, with the id. */
    public synchronized List<String> leftBehind() {
        account.advanceTo(clock().now());
        return account.leftBehind(clock().now());
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        server.stop(0);
        workers.shutdownNow();
        try {
            journal.close();
        } catch (IOException failed) {
            throw new UncheckedIOException("closing the practice cloud's journal", failed);
        }
    }

    private record Reply(EbsDirect.Answer answer, String outcome) {
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            Reply reply = KeyService.isFor(target) ? keyReply(target, body, authorization)
                    : reply(exchange.getRequestMethod(), exchange.getRequestURI(), body, authorization);
            if (reply.outcome.equals(LOST)) {
                return;
            }
            byte[] bytes = reply.answer.body();
            exchange.getResponseHeaders().set("Content-Type", reply.answer.contentType());
            reply.answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes, 0, reply.outcome.equals(CUT) ? bytes.length / 2 : bytes.length);
        }
    }

    private synchronized Reply keyReply(String target, String body, String authorization) {
        long began = System.nanoTime();
        Instant now = clock().now();
        Reply reply;
        try {
            throwError(faults.hitting(KeyService.ACTION));
            reply = new Reply(keys.answer(target, body), "ok");
        } catch (Ec2Error error) {
            reply = new Reply(KeyService.answer(error), error.code());
        }
        journal.add(new Request(KeyService.ACTION, Map.of("KeyId", KeyService.key(body).orElse("")), reply.outcome, now,
                reply.answer.status(), QueryProtocol.caller(authorization, Map.of()), Duration.ofNanos(System.nanoTime() - began),
                new String(reply.answer.body(), StandardCharsets.UTF_8)));
        return reply;
    }

    private synchronized Reply reply(String method, URI uri, String body, String authorization) {
        if (isClosed) { // the disks may be closed by now as well
            return new Reply(xml(503, ""), LOST);
        }
        long began = System.nanoTime();
        Instant now = clock().now();
        String requestId = UUID.randomUUID().toString();
        Optional<String> read = EbsDirect.action(method, uri.getPath());
        Map<String, String> parameters = new TreeMap<>();
        Reply reply;
        try {
            account.advanceTo(now);
            parameters.putAll(QueryProtocol.form(body.isEmpty() && uri.getRawQuery() != null ? uri.getRawQuery() : body));
            Optional<Fault> fault = faults.hitting(read.orElse(parameters.getOrDefault("Action", "")));
            throwError(fault);
            String caller = QueryProtocol.caller(authorization, parameters);
            read.ifPresent(action -> nodeRole.check(caller, action, new Call(parameters, now, fault)));
            EbsDirect.Answer answer = read.isPresent()
                    ? ebsDirect.answer(read.get(), uri.getPath(), QueryProtocol.unsigned(parameters), now)
                    : answer(parameters, caller, now, fault, requestId);
            if (fault.filter(f -> f.kind() == Fault.Kind.SERVER_ERROR_AFTER_EFFECT).isPresent()) {
                throw internalError();
            }
            reply = new Reply(answer, fault.map(Fault::kind).map(kind -> switch (kind) {
                case REPLY_LOST -> LOST;
                case REPLY_CUT -> CUT;
                default -> "ok";
            }).orElse("ok"));
        } catch (Ec2Error error) {
            reply = errorReply(error, read.isPresent(), parameters, requestId);
        } catch (RuntimeException bug) {
            reply = errorReply(Ec2Error.of(500, "InternalError", "A bug of the practice cloud: " + bug), read.isPresent(),
                    parameters, requestId);
        }
        Map<String, String> recorded = Journal.withoutSecrets(parameters);
        read.ifPresent(action -> recorded.put("Path", uri.getPath()));
        boolean isText = !reply.answer.contentType().equals("application/octet-stream");
        journal.add(new Request(read.orElse(parameters.getOrDefault("Action", "")), recorded,
                reply.outcome, now, reply.answer.status(), QueryProtocol.caller(authorization, parameters),
                Duration.ofNanos(System.nanoTime() - began), isText
                        ? new String(reply.answer.body(), StandardCharsets.UTF_8)
                        : reply.answer.body().length + " bytes"));
        return reply;
    }

    private EbsDirect.Answer answer(Map<String, String> parameters, String caller, Instant now, Optional<Fault> fault,
                                 String requestId) {
        Map<String, String> form = QueryProtocol.unsigned(parameters);
        Actions.Handler handler = actions.handlerFor(form);
        String action = form.get("Action");
        if (settings.throttling() && form.get("Version").equals(QueryProtocol.EC2_VERSION)) {
            throttle.take(action, form, now);
        }
        Call call = new Call(form, now, fault);
        nodeRole.check(caller, action, call);
        if (call.flag("DryRun")) {
            throw Ec2Error.of(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
        }
        Xml out = new Xml();
        handler.write(call, out);
        return xml(200, QueryProtocol.reply(action, form.get("Version"), requestId, out));
    }

    private static void throwError(Optional<Fault> fault) {
        switch (fault.map(Fault::kind).orElse(Fault.Kind.STALE_READS)) {
            case THROTTLED -> throw Ec2Error.of(503, "RequestLimitExceeded", "Request limit exceeded.");
            case SERVER_ERROR -> throw internalError();
            case DENIED -> throw Ec2Error.of(403, "UnauthorizedOperation",
                    "You are not authorized to perform this operation.");
            case CLOCK_SKEW -> throw Ec2Error.of("RequestExpired", "Request has expired.");
            default -> { }
        }
    }

    private static Reply errorReply(Ec2Error error, boolean isRead, Map<String, String> parameters, String requestId) {
        return isRead ? new Reply(EbsDirectErrors.answer(error), EbsDirectErrors.code(error))
                : new Reply(xml(error.status(),
                        QueryProtocol.error(error, parameters.getOrDefault("Version", ""), requestId)),
                        error.code());
    }

    private static Ec2Error internalError() {
        return Ec2Error.of(500, "InternalError", "An internal error has occurred");
    }

    private static EbsDirect.Answer xml(int status, String xml) {
        return new EbsDirect.Answer(status, "text/xml;charset=UTF-8", Map.of(),
                ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml).getBytes(StandardCharsets.UTF_8));
    }
}
