package gameday;

import static gameday.Steps.command;
import static gameday.Steps.deleteDuplicate;
import static gameday.Steps.loseOneMember;
import static gameday.Steps.loseQuorum;
import static gameday.Steps.loseTags;
import static gameday.Steps.makeDuplicate;
import static gameday.Steps.planAndApply;
import static gameday.Steps.startNode;
import static gameday.Steps.startOlderFirst;
import static gameday.Steps.startRestoredNodes;
import static gameday.Steps.takeSkewedSet;
import static gameday.Steps.waitForVolumes;
import static gameday.Steps.writeForSeconds;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All scenarios of the game day. */
public final class Scenarios {
    public static final String QUORUM_LOST = "quorum-lost";

    /** The set of snapshots that the scenarios take and restore. */
    static final String SET = "before-the-loss";

    /** Names that scenarios had before, and that are still accepted. */
    private static final Map<String, String> FORMER = Map.of("worst-night", QUORUM_LOST, "old-twin", "duplicate-volume");

    private static final Step TAKE_SET = command(0, "snapshot-all --set " + SET);
    private static final Step VERIFY_HEALTHY = command(0, "verify-quorum-volumes");
    private static final Step VERIFY_LOST = command(20, "verify-quorum-volumes");
    private static final Step RESTORE_QUORUM = planAndApply("restore-volume --set " + SET);
    private static final Step RESTORE_REST = command(0, "restore-volume --set " + SET + " --stage rest --yes");

    private Scenarios() {
    }

    public static List<Scenario> all() {
        return List.of(
                Scenario.of(QUORUM_LOST, "all nodes and the volumes of two of three members are lost, and a set of snapshots "
                        + "brings etcd back",
                        writeForSeconds(2), TAKE_SET, writeForSeconds(2), loseQuorum(), VERIFY_LOST,
                        RESTORE_QUORUM, startRestoredNodes(), RESTORE_REST, startRestoredNodes(), VERIFY_HEALTHY),
                Scenario.of("tags-wrong", "a tag that a new kops looks for is missing, so new nodes do not find their volumes",
                        writeForSeconds(1), loseTags(), VERIFY_LOST, planAndApply("fix-tags"), waitForVolumes(), VERIFY_HEALTHY),
                Scenario.of("one-member", "the snapshot of one lost volume is refused while there is quorum; its member comes "
                        + "back with an empty volume",
                        writeForSeconds(1), TAKE_SET, loseOneMember(), command(21, "verify-quorum-volumes"),
                        command(20, "restore-volume --set " + SET),
                        planAndApply("restore-volume --etcd main --member a --empty"), startNode("a"), VERIFY_HEALTHY),
                Scenario.of("skewed-set", "the snapshots of a set are seconds apart; in the right order no key of the newest one "
                        + "is lost",
                        writeForSeconds(1), takeSkewedSet(), writeForSeconds(1), loseQuorum(), VERIFY_LOST,
                        command(20, "restore-volume --set " + SET + " --stage all"),
                        RESTORE_QUORUM, startRestoredNodes(), RESTORE_REST, startRestoredNodes(), VERIFY_HEALTHY),
                Scenario.of("duplicate-volume", "two volumes claim one member, and a node may mount either, so the commands "
                        + "do not guess",
                        writeForSeconds(1), TAKE_SET, makeDuplicate(), VERIFY_LOST, command(20, "fix-tags"), deleteDuplicate(),
                        VERIFY_HEALTHY),
                Scenario.of("throttled", "quorum-lost while EC2 refuses three calls of ten, so the same commands are run again",
                        writeForSeconds(1), TAKE_SET, writeForSeconds(1), loseQuorum(), VERIFY_LOST,
                        RESTORE_QUORUM, startRestoredNodes(), RESTORE_REST, startRestoredNodes(), VERIFY_HEALTHY)
                        .withFaults("chance=30% seed=7 * THROTTLED"),
                Scenario.of("wrong-order", "the two older snapshots are started first, so acknowledged keys are lost; the "
                        + "commands refuse this order",
                        writeForSeconds(1), takeSkewedSet(), writeForSeconds(1), loseQuorum(),
                        command(20, "restore-volume --set " + SET + " --stage all --yes"),
                        command(20, "restore-volume --set " + SET + " --stage rest --yes"), startOlderFirst()).losingData());
    }

    /** By its name, or by a name that it had before. */
    public static Optional<Scenario> named(String name) {
        String current = FORMER.getOrDefault(name, name);
        return all().stream().filter(s -> s.name().equals(current)).findFirst();
    }
}
