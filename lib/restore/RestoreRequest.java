package restore;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import facts.Snapshot;
import problem.Refusal;
import tags.Generation;

/**
 * What one etcd cluster is to be restored from, and how far.
 *
 * @param members   all members of the etcd cluster, sorted
 * @param pieces    what volumes can be made of, the ones to be started first in front; at most one per member
 * @param unusable  why further members have none
 * @param run       the name of the run, which every new volume and every retired one carries
 */
public record RestoreRequest(
        String cluster, String etcd, List<String> members, List<Piece> pieces, List<Refusal> unusable, Stage stage,
        Generation generation, String run, VolumeSpec.Wish wish, Override override) {

    /** Which members get their volumes by this command. */
    public enum Stage {
        /** As many as can elect a leader, those of the newest moments: then the longest log must win. */
        QUORUM,
        /** The others, once the quorum has a leader. */
        REST,
        /** All of the pieces at once. */
        ALL
    }

    /** What the operator takes upon himself. */
    public enum Override {
        NONE, ACCEPT_SKEW, INTO_LIVE_QUORUM;

        /** As it is spelled on the command line. */
        public String option() {
            return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * One member's volume to be.
     *
     * @param zone     as recorded, or empty
     * @param snapshot empty for an empty volume
     */
    public record Piece(String member, String zone, Optional<Snapshot> snapshot) {
    }

    public int quorum() {
        return members.size() / 2 + 1;
    }

    /** The pieces that this stage is about. */
    public List<Piece> staged() {
        int first = Math.min(quorum(), pieces.size());
        return switch (stage) {
            case QUORUM -> pieces.subList(0, first);
            case REST -> pieces.subList(first, pieces.size());
            case ALL -> pieces;
        };
    }

    /** Whether it brings a quorum of its own, beside which no older volume of the etcd cluster may be found any more. */
    boolean bringsQuorum() {
        return stage != Stage.REST && staged().size() >= quorum()
                && staged().stream().allMatch(p -> p.snapshot.isPresent());
    }
}
