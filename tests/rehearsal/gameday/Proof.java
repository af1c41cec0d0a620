package gameday;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What was acknowledged and what of it is there.
 *
 * @param line       the moment up to which everything must be there; empty where nothing may be missing at all
 * @param pair       the members whose snapshots drew the line
 * @param acked      keys acknowledged before the line
 * @param found      of these, those that are there
 * @param later      keys acknowledged after the line
 * @param laterFound of these, those that are there
 * @param revision   at which the members were compared
 * @param hashes     of all keys and values up to the revision, by member; without those that do not answer
 */
public record Proof(Optional<Instant> line, List<String> pair, int acked, int found, int later, int laterFound,
                    long revision, Map<String, Long> hashes) {
    public Proof {
        pair = List.copyOf(pair);
        hashes = new TreeMap<>(hashes);
    }

    public int lost() {
        return acked - found;
    }

    public boolean areEqual() {
        return !hashes.isEmpty() && hashes.values().stream().distinct().count() == 1;
    }

    /** Whether nothing is lost that must be there, and all members hold the same. */
    boolean holds(int members) {
        return acked > 0 && lost() == 0 && hashes.size() == members && areEqual();
    }

    void fill(ObjectNode node) {
        node.put("acked", acked).put("found", found).put("lost", lost())
                .put("acked_after_line", later).put("found_after_line", laterFound)
                .put("line_at", line.map(Instant::toString).orElse(null));
        pair.forEach(node.putArray("line_members")::add);
        node.put("revision", revision);
        ObjectNode hashkv = node.putObject("hashkv");
        hashes.forEach(hashkv::put);
    }

    /** How long before the loss the line was. */
    Optional<Duration> before(Optional<Instant> loss) {
        return line.flatMap(at -> loss.map(end -> Duration.between(at, end)));
    }
}
