package node;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Calls to one etcd member through etcd's JSON gateway. A call without an answer in time is an {@link IOException}. */
public final class EtcdClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2)).build();

    private final String url;
    private final Duration timeout;

    public EtcdClient(String url, Duration timeout) {
        this.url = url;
        this.timeout = timeout;
    }

    public record Member(String id, String name, String peerUrl) {
    }

    /** @param leader the member id of the leader; 0 when there is none */
    public record Status(String id, String leader, long term, long appliedIndex, long revision) {
    }

    /** Returns the revision of the write. An acknowledged write is on the disks of a quorum. */
    public long put(String key, String value) throws IOException {
        JsonNode reply = ask("/v3/kv/put", JSON.createObjectNode().put("key", encoded(key)).put("value", encoded(value)));
        return revision(reply);
    }

    /** A linearizable read: only a quorum with a leader can answer it. */
    public Optional<String> get(String key) throws IOException {
        JsonNode reply = ask("/v3/kv/range", JSON.createObjectNode().put("key", encoded(key)));
        JsonNode found = reply.path("kvs").path(0).path("value");
        return found.isMissingNode() ? Optional.empty() : Optional.of(decoded(found));
    }

    /** All keys that begin with {@code prefix}, read linearizably. */
    public List<String> keys(String prefix) throws IOException {
        byte[] end = prefix.getBytes(StandardCharsets.UTF_8);
        end[end.length - 1]++;
        JsonNode reply = ask("/v3/kv/range", JSON.createObjectNode().put("key", encoded(prefix))
                .put("range_end", Base64.getEncoder().encodeToString(end)).put("keys_only", true));
        List<String> keys = new ArrayList<>();
        reply.path("kvs").forEach(kv -> keys.add(decoded(kv.path("key"))));
        return keys;
    }

    public Status status() throws IOException {
        JsonNode reply = ask("/v3/maintenance/status", JSON.createObjectNode());
        return new Status(reply.path("header").path("member_id").asText(), reply.path("leader").asText("0"),
                reply.path("raftTerm").asLong(), reply.path("raftAppliedIndex").asLong(), revision(reply));
    }

    /** The hash of all keys and values up to a revision. Members with the same data have the same hash. */
    public long hashKv(long revision) throws IOException {
        return ask("/v3/maintenance/hash", JSON.createObjectNode().put("revision", revision)).path("hash").asLong();
    }

    public List<Member> members() throws IOException {
        List<Member> members = new ArrayList<>();
        ask("/v3/cluster/member/list", JSON.createObjectNode()).path("members").forEach(m -> members.add(new Member(
                m.path("ID").asText(), m.path("name").asText(), m.path("peerURLs").path(0).asText())));
        return members;
    }

    public void addMember(String peerUrl) throws IOException {
        ObjectNode asked = JSON.createObjectNode();
        asked.putArray("peerURLs").add(peerUrl);
        ask("/v3/cluster/member/add", asked);
    }

    public void removeMember(String id) throws IOException {
        ask("/v3/cluster/member/remove", JSON.createObjectNode().put("ID", id));
    }

    /** Only the leader accepts this call. */
    public void moveLeader(String toId) throws IOException {
        ask("/v3/maintenance/transfer-leadership", JSON.createObjectNode().put("targetID", toId));
    }

    private JsonNode ask(String path, ObjectNode body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).timeout(timeout)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
        try {
            HttpResponse<String> reply = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode json = JSON.readTree(reply.body());
            if (reply.statusCode() != 200) {
                throw new IOException(url + path + ": " + json.path("error").asText(reply.body()));
            }
            return json;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(url + path);
        }
    }

    private static long revision(JsonNode reply) {
        return reply.path("header").path("revision").asLong();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(JsonNode text) {
        return new String(Base64.getDecoder().decode(text.asText()), StandardCharsets.UTF_8);
    }
}
