import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import report.Console;

/** Runs a command in this JVM as its user would, against an HTTP endpoint, and keeps everything that the command showed. */
final class Harness {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a run showed: exit code and both streams. */
    record Ran(int code, String out, String err) {
        JsonNode json() {
            try {
                return JSON.readTree(out);
            } catch (IOException e) {
                throw new UncheckedIOException("stdout is not one JSON document:\n" + out, e);
            }
        }

        List<String> errLines() {
            return err.lines().toList();
        }

        /** Both streams, for the message of a test that fails. */
        String shown() {
            return err + out;
        }

        String outcome() {
            return json().get("outcome").asText();
        }

        /** Fails unless the report has this outcome and the command ended with this exit code. */
        Ran mustEnd(String outcome, int exitCode) {
            assertEquals(outcome + " " + exitCode, outcome() + " " + code, shown());
            return this;
        }

        /** The id of the plan that the report shows. */
        String planId() {
            return json().get("plan_id").asText();
        }

        /** The commands that the report proposes. */
        List<String> next() {
            return StreamSupport.stream(json().get("next").spliterator(), false).map(JsonNode::asText).toList();
        }

        /** The status of every change, in the order of the report. */
        List<String> statuses() {
            return texts("changes", "status");
        }

        /** The codes of the problems that are errors. */
        List<String> errors() {
            return StreamSupport.stream(json().get("problems").spliterator(), false)
                    .filter(p -> p.get("severity").asText().equals("error")).map(p -> p.get("code").asText()).toList();
        }

        /** Every problem that is an error, in the order of the report: its code and what it is about. */
        List<String> refusals() {
            return StreamSupport.stream(json().get("problems").spliterator(), false)
                    .filter(p -> p.get("severity").asText().equals("error"))
                    .map(p -> (p.get("code").asText() + " " + p.get("resource").asText("")).strip()).toList();
        }

        /** The etcd cluster of this name. With several kops clusters in the report, the first that has one. */
        JsonNode etcd(String name) {
            return StreamSupport.stream(json().get("etcd_clusters").spliterator(), false)
                    .filter(e -> e.get("etcd").asText().equals(name)).findFirst().orElseThrow();
        }

        /** Every reason that the report gives for the members and near misses of an etcd cluster. */
        List<String> reasons(String etcd) {
            List<String> reasons = new ArrayList<>();
            etcd(etcd).get("members").forEach(m -> m.get("reasons").forEach(r -> reasons.add(r.asText())));
            etcd(etcd).get("near_misses").forEach(n -> n.get("reasons").forEach(r -> reasons.add(r.asText())));
            return reasons;
        }

        /** One field of every entry of a list. */
        List<String> texts(String list, String field) {
            return StreamSupport.stream(json().get(list).spliterator(), false).map(n -> n.get(field).asText()).toList();
        }
    }

    private final URI endpoint;
    private final boolean terminal;
    private final Map<String, String> env;

    Harness(URI endpoint) {
        this(endpoint, false, Map.of("NO_COLOR", "1"));
    }

    private Harness(URI endpoint, boolean terminal, Map<String, String> env) {
        this.endpoint = endpoint;
        this.terminal = terminal;
        this.env = env;
    }

    Harness onTerminal() {
        return new Harness(endpoint, true, env);
    }

    Harness with(Map<String, String> newEnv) {
        return new Harness(endpoint, terminal, newEnv);
    }

    Ran verify(String... args) {
        return run(VerifyQuorumVolumes::run, args);
    }

    Ran snapshotAll(String... args) {
        return run(SnapshotAll::run, args);
    }

    Ran fixTags(String... args) {
        return run(FixTags::run, args);
    }

    Ran restoreVolume(String... args) {
        return run(RestoreVolume::run, args);
    }

    private interface Entry {
        int run(String[] args, Console console);
    }

    private Ran run(Entry entry, String... args) {
        List<String> all = new ArrayList<>(List.of("--region", "eu-central-1"));
        if (endpoint != null) {
            all.addAll(List.of("--endpoint-url", endpoint.toString()));
        }
        all.addAll(List.of(args));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), terminal, terminal, env, InstantSource.system());
        int code = entry.run(all.toArray(String[]::new), console);
        return new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
