package gameday;

import static gameday.Steps.deletesTwin;
import static gameday.Steps.losesOneMember;
import static gameday.Steps.losesQuorum;
import static gameday.Steps.losesTags;
import static gameday.Steps.makesTwin;
import static gameday.Steps.nodeServes;
import static gameday.Steps.nodesOfRestoredServe;
import static gameday.Steps.showsAndDoes;
import static gameday.Steps.startsOlderFirst;
import static gameday.Steps.takesSkewedSet;
import static gameday.Steps.types;
import static gameday.Steps.volumesAreFound;
import static gameday.Steps.writesForSeconds;

import java.util.List;
import java.util.Optional;

/** All the game days there are. */
public final class Scenarios {
    public static final String WORST = "worst-night";

    private static final Step TAKES_SET = types(0, "snapshot-all --set night");
    private static final Step VERIFIES = types(0, "verify-quorum-volumes");
    private static final Step VERIFIES_NOT = types(20, "verify-quorum-volumes");
    private static final Step RESTORES = showsAndDoes("restore-volume --set night");
    private static final Step RESTORES_REST = types(0, "restore-volume --set night --stage rest --yes");

    private Scenarios() {
    }

    public static List<Scenario> all() {
        return List.of(
                Scenario.of(WORST, "every node and two of three members' volumes are lost, and a set of snapshots brings etcd "
                        + "back",
                        writesForSeconds(2), TAKES_SET, writesForSeconds(2), losesQuorum(), VERIFIES_NOT,
                        RESTORES, nodesOfRestoredServe(), RESTORES_REST, nodesOfRestoredServe(), VERIFIES),
                Scenario.of("tags-wrong", "a tag that a new kops looks for is gone: new nodes pass healthy volumes by",
                        writesForSeconds(1), losesTags(), VERIFIES_NOT, showsAndDoes("fix-tags"), volumesAreFound(), VERIFIES),
                Scenario.of("one-member", "one volume is lost beside a living quorum: its snapshot is refused, an empty volume "
                        + "rejoins",
                        writesForSeconds(1), TAKES_SET, losesOneMember(), types(21, "verify-quorum-volumes"),
                        types(20, "restore-volume --set night"),
                        showsAndDoes("restore-volume --etcd main --member a --empty"), nodeServes("a"), VERIFIES),
                Scenario.of("skewed-set", "the snapshots of a set are seconds apart: in the right order nothing of the newest is "
                        + "lost",
                        writesForSeconds(1), takesSkewedSet(), writesForSeconds(1), losesQuorum(), VERIFIES_NOT,
                        types(20, "restore-volume --set night --stage all"),
                        RESTORES, nodesOfRestoredServe(), RESTORES_REST, nodesOfRestoredServe(), VERIFIES),
                Scenario.of("old-twin", "two volumes claim one member: which one a node mounts is chance, so nothing is guessed",
                        writesForSeconds(1), TAKES_SET, makesTwin(), VERIFIES_NOT, types(20, "fix-tags"), deletesTwin(),
                        VERIFIES),
                Scenario.of("throttled", "the worst night while EC2 refuses three calls of ten: the same command is given again",
                        writesForSeconds(1), TAKES_SET, writesForSeconds(1), losesQuorum(), VERIFIES_NOT,
                        RESTORES, nodesOfRestoredServe(), RESTORES_REST, nodesOfRestoredServe(), VERIFIES)
                        .among("chance=30% seed=7 * THROTTLED"),
                Scenario.of("wrong-order", "the two older snapshots are started first: acknowledged keys are gone, and our "
                        + "commands refuse it",
                        writesForSeconds(1), takesSkewedSet(), writesForSeconds(1), losesQuorum(),
                        types(20, "restore-volume --set night --stage all --yes"),
                        types(20, "restore-volume --set night --stage rest --yes"), startsOlderFirst()).thatLoses());
    }

    public static Optional<Scenario> named(String name) {
        return all().stream().filter(s -> s.name().equals(name)).findFirst();
    }
}
