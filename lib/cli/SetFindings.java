package cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import problem.Problem;
import problem.Problem.Severity;
import report.Report;
import sets.SnapshotSet;

/** Reports the sets of one run: what they are good for, and how far apart their moments are. */
public final class SetFindings {
    /** Beyond it a set is worth a warning; calls made side by side are well below a second apart. */
    private static final Duration USUAL_SKEW = Duration.ofSeconds(10);

    private final List<SnapshotSet> sets;
    private final Optional<Duration> maxSkew;

    public SetFindings(List<SnapshotSet> sets, Optional<Duration> maxSkew) {
        this.sets = sets;
        this.maxSkew = maxSkew;
    }

    public void addTo(Report report) {
        report.sets(sets);
        report.count("snapshots", sets.stream().mapToInt(s -> s.parts().size()).sum());
        for (SnapshotSet.Verdict verdict : SnapshotSet.Verdict.values()) {
            report.count(verdict.word(), sets.stream().filter(s -> s.verdict() == verdict).count());
        }
        report.count("skew_ms", sets.stream().mapToLong(s -> s.skew().toMillis()).max().orElse(0));
        for (SnapshotSet set : sets) {
            if (set.skew().compareTo(maxSkew.orElse(USUAL_SKEW)) > 0) {
                report.add(new Problem("SKEWED_SET", maxSkew.isPresent() ? Severity.ERROR : Severity.WARNING, set.set(),
                        set.etcd() + " of " + set.cluster() + ": the members' moments are " + set.skew().toMillis()
                                + " ms apart", "take another set; with this one the newest quorum must start first"));
            }
        }
    }

    /** Whether something that was asked for was not reached: a snapshot failed, or the moments are too far apart. */
    public boolean fallShort() {
        return sets.stream().anyMatch(s -> s.verdict() == SnapshotSet.Verdict.FAILED
                || maxSkew.filter(m -> s.skew().compareTo(m) > 0).isPresent());
    }

    public boolean areIncomplete() {
        return sets.stream().anyMatch(s -> s.verdict() == SnapshotSet.Verdict.INCOMPLETE);
    }

    public boolean areAllRestorable() {
        return sets.stream().allMatch(s -> s.verdict() == SnapshotSet.Verdict.RESTORABLE);
    }
}
