package gameday;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Which of the acknowledged keys are there, and whether the members have the same data.
 *
 * @param recoveryPoint   every write before this moment must be there; empty where no write at all may be missing
 * @param recoveryMembers the members whose snapshots decide the recovery point
 * @param acked           how many keys were acknowledged before the recovery point
 * @param found           how many of these are there
 * @param later           how many keys were acknowledged after the recovery point
 * @param laterFound      how many of these are there
 * @param revision        the revision at which the members were compared
 * @param hashes          by member, of all keys and values up to the revision; without members that do not answer
 */
public record Proof(Optional<Instant> recoveryPoint, List<String> recoveryMembers, int acked, int found, int later,
                    int laterFound, long revision, Map<String, Long> hashes) {
    public Proof {
        recoveryMembers = List.copyOf(recoveryMembers);
        hashes = new TreeMap<>(hashes);
    }

    public int lost() {
        return acked - found;
    }

    public boolean areEqual() {
        return !hashes.isEmpty() && hashes.values().stream().distinct().count() == 1;
    }

    /** Whether no key is lost that must be there, and all members have the same data. */
    boolean holds(int members) {
        return acked > 0 && lost() == 0 && hashes.size() == members && areEqual();
    }

    void fill(ObjectNode node) {
        node.put("acked", acked).put("found", found).put("lost", lost())
                .put("acked_after_line", later).put("found_after_line", laterFound)
                .put("line_at", recoveryPoint.map(Instant::toString).orElse(null));
        recoveryMembers.forEach(node.putArray("line_members")::add);
        node.put("revision", revision);
        ObjectNode hashkv = node.putObject("hashkv");
        hashes.forEach(hashkv::put);
    }

    /** How long before the loss the recovery point was. */
    Optional<Duration> before(Optional<Instant> loss) {
        return recoveryPoint.flatMap(at -> loss.map(end -> Duration.between(at, end)));
    }
}
