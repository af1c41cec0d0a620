import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;

import judgement.Verdict;
import practice.World;

/**
 * One row of the truth table: what the account holds, what verify-quorum-volumes must answer, and what fix-tags must do.
 * A row that leaves one of the three open fails.
 */
final class TruthTableRow {
    /**
     * What fix-tags --yes must do with the row.
     *
     * @param calls how many calls change the account
     * @param code  the problem that a refusal names first; empty when nothing is refused
     */
    record Fix(String outcome, int exits, int calls, String code) {
        boolean isDone() {
            return outcome.equals("done");
        }

        boolean isUnchanged() {
            return outcome.equals("unchanged");
        }

        boolean isRefused() {
            return outcome.equals("refused");
        }
    }

    private final String name;
    private final World world;
    private Verdict main;
    private Verdict events;
    private boolean isMainOnly;
    private Integer exits;
    private String says;
    private List<String> args = List.of();
    private boolean isOneClusterAsked;
    private boolean isOnlyInPracticeCloud;
    private Fix fix;

    TruthTableRow(String name, World world) {
        this.name = name;
        this.world = world;
    }

    /** The verdict about main. */
    TruthTableRow main(Verdict verdict) {
        main = verdict;
        return this;
    }

    /** The verdict about events. */
    TruthTableRow events(Verdict verdict) {
        events = verdict;
        return this;
    }

    /** The report names no etcd cluster events. */
    TruthTableRow noEvents() {
        isMainOnly = true;
        return this;
    }

    /** The exit code of verify-quorum-volumes. */
    TruthTableRow exits(int code) {
        exits = code;
        return this;
    }

    /** A reason that main must show, as `CODE` or `CODE:key`. */
    TruthTableRow says(String reason) {
        says = reason;
        return this;
    }

    /** Main shows no reason at all. */
    TruthTableRow saysNothing() {
        says = "";
        return this;
    }

    /** Options that both commands get. */
    TruthTableRow args(String... options) {
        args = List.of(options);
        return this;
    }

    /** verify-quorum-volumes is asked about this cluster alone. fix-tags always is. */
    TruthTableRow askedAboutOneCluster() {
        isOneClusterAsked = true;
        return this;
    }

    /** The row needs times, states or keys that moto cannot be told. */
    TruthTableRow onlyInPracticeCloud() {
        isOnlyInPracticeCloud = true;
        return this;
    }

    /** fix-tags makes the account sound with this many calls. */
    TruthTableRow fixedBy(int calls) {
        fix = new Fix("done", 0, calls, "");
        return this;
    }

    /** Nothing is wrong, or nothing that tags can fix: the volume is gone, in another place, or may be blank. */
    TruthTableRow unchangedByFixTags() {
        fix = new Fix("unchanged", 0, 0, "");
        return this;
    }

    /** fix-tags changes nothing and names this problem first. */
    TruthTableRow fixRefused(String code) {
        fix = new Fix("refused", 20, 0, code);
        return this;
    }

    String name() {
        return name;
    }

    World world() {
        return world;
    }

    boolean isOnlyInPracticeCloud() {
        return isOnlyInPracticeCloud;
    }

    boolean hasFix() {
        return fix != null;
    }

    Fix fix() {
        assertNotNull(fix, name + ": the row does not say what fix-tags must do");
        return fix;
    }

    String[] args() {
        return args.toArray(String[]::new);
    }

    /** Asks verify-quorum-volumes and compares its answer with the row. */
    void check(Harness harness) {
        Stream<String> cluster = isOneClusterAsked ? Stream.of("--cluster", TruthTable.C) : Stream.empty();
        Harness.Ran ran = harness.verify(Stream.concat(cluster, args.stream()).toArray(String[]::new));
        String shown = name + "\n" + ran.err() + ran.out();
        assertNotNull(main, name + ": the row gives no verdict about main");
        assertEquals(main.word(), ran.etcd("main").get("verdict").asText(), shown);
        if (isMainOnly) {
            assertFalse(ran.texts("etcd_clusters", "etcd").contains("events"), shown);
        } else {
            assertNotNull(events, name + ": the row gives no verdict about events");
            assertEquals(events.word(), ran.etcd("events").get("verdict").asText(), shown);
        }
        assertNotNull(says, name + ": the row does not say which reason main shows");
        if (says.isEmpty()) {
            assertEquals(List.of(), ran.reasons("main"), shown);
        } else {
            assertTrue(ran.reasons("main").contains(says), shown);
            assertTrue(ran.texts("problems", "code").contains(says), shown);
        }
        assertNotNull(exits, name + ": the row gives no exit code");
        assertEquals(exits, ran.code(), shown);
    }

    /** What a report of tests shows. */
    @Override
    public String toString() {
        return name;
    }
}
