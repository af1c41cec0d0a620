package restore;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import facts.Snapshot;
import problem.Problem;
import tags.Generation;

/**
 * What one etcd cluster is to be restored from, and how far.
 *
 * @param members  all members of the etcd cluster, sorted
 * @param pieces   what volumes can be made from, the members to be started first in front; at most one piece a member
 * @param unusable why further members have no piece
 * @param restore  the name of the restore, which every new volume and every retired volume carries: SET.N
 */
public record RestoreRequest(
        String cluster, String etcd, List<String> members, List<Piece> pieces, List<Problem> unusable, Stage stage,
        Generation generation, String restore, VolumeSpec.Wish wish, GuardOverride override) {

    /** Which members get their volumes by this command. */
    public enum Stage {
        /** Exactly a quorum, the members of the newest snapshots: then the longest log wins the election. */
        QUORUM,
        /** The other members, once the quorum has a leader. */
        REST,
        /** Every piece at once. */
        ALL
    }

    /** Which guard the operator switched off. */
    public enum GuardOverride {
        NONE, ACCEPT_SKEW, INTO_LIVE_QUORUM;

        /** As the command line spells the option. */
        public String option() {
            return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What one member's volume is made from.
     *
     * @param zone     as recorded, or empty
     * @param snapshot empty for an empty volume
     */
    public record Piece(String member, String zone, Optional<Snapshot> snapshot) {
    }

    public int quorum() {
        return members.size() / 2 + 1;
    }

    /** The pieces of this stage. */
    public List<Piece> staged() {
        int first = Math.min(quorum(), pieces.size());
        return switch (stage) {
            case QUORUM -> pieces.subList(0, first);
            case REST -> pieces.subList(first, pieces.size());
            case ALL -> pieces;
        };
    }

    /** Whether a second command must bring the rest. */
    boolean leavesRest() {
        return stage == Stage.QUORUM && pieces.size() > quorum();
    }

    /** Whether the stage brings a quorum of its own. Beside such a quorum no node may find an older volume. */
    boolean bringsQuorum() {
        return stage != Stage.REST && staged().size() >= quorum()
                && staged().stream().allMatch(p -> p.snapshot.isPresent());
    }
}
