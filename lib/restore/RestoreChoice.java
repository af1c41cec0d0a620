package restore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import facts.Facts;
import facts.Snapshot;
import facts.Volume;
import judgement.EtcdCluster;
import judgement.QuorumJudgement;
import judgement.Reason;
import judgement.Verdict;
import problem.Problem;
import problem.ProblemCode;
import restore.RestoreRequest.GuardOverride;
import restore.RestoreRequest.Piece;
import restore.RestoreRequest.Stage;
import sets.SnapshotSet;
import sets.SnapshotSet.Part;
import tags.EtcdTag;
import tags.Generation;
import tags.LiveTags;
import tags.OwnTags;
import tags.SnapshotRecord;

/** Chooses what is restored from what: for each etcd cluster the pieces that volumes can be made from, the newest first. */
public final class RestoreChoice {
    private final Facts facts;
    private final String cluster;
    private final List<SnapshotSet> sets;
    private final Set<String> named;
    private final List<EtcdCluster> judged;
    private final How how;

    /** How far, for which readers, and into what kind of volumes. */
    public record How(Stage stage, Optional<Generation> asked, VolumeSpec.Wish wish, GuardOverride override) {
    }

    /**
     * @param sets  all sets of the cluster, newest first
     * @param named the etcd clusters that were named; empty: those that are lost
     */
    public RestoreChoice(Facts facts, String cluster, List<SnapshotSet> sets, Set<String> named, How how) {
        this.facts = facts;
        this.cluster = cluster;
        this.sets = sets;
        this.named = named;
        this.how = how;
        Set<String> wanted = new TreeSet<>(named);
        if (named.isEmpty()) { // an etcd cluster whose volumes are all gone is known by its snapshots only
            QuorumJudgement.judge(facts, cluster, how.asked, Set.of()).forEach(e -> wanted.add(e.etcd()));
            sets.forEach(s -> wanted.add(s.etcd()));
        }
        this.judged = QuorumJudgement.judge(facts, cluster, how.asked, wanted);
    }

    /** The newest set with a quorum of usable snapshots for every etcd cluster that is lost. */
    public Optional<String> newestRestorable() {
        List<String> lost = lost(List.of());
        return sets.stream().map(SnapshotSet::set).distinct().filter(name -> {
            List<SnapshotSet> of = sets.stream().filter(s -> s.set().equals(name)).toList();
            return !lost.isEmpty() && lost.stream().allMatch(etcd -> of.stream().anyMatch(s -> s.etcd().equals(etcd)
                    && usable(s).size() >= s.quorum() && !s.membersExpected().isEmpty()));
        }).findFirst();
    }

    /** Why a set gives nothing to restore. */
    public Problem nothingOf(String set) {
        boolean exists = sets.stream().anyMatch(s -> s.set().equals(set));
        if (exists && !named.isEmpty()) {
            return Problem.error(ProblemCode.NO_SNAPSHOT, set, "the set holds no snapshot of " + String.join(", ", named));
        }
        if (exists) {
            return Problem.error(ProblemCode.NOTHING_LOST, set, "no etcd cluster of the set is lost");
        }
        return Problem.error(ProblemCode.NO_SNAPSHOT, set, cluster + " has no set of this name", "the sets of the cluster: "
                + String.join(", ", sets.stream().map(SnapshotSet::set).distinct().limit(5).toList()));
    }

    /**
     * A restore from a set, of each etcd cluster that is lost, that was named, or that this restore has begun with.
     *
     * @param isProposed whether the set was chosen because nobody named one
     * @return empty when the set gives nothing to restore
     */
    public Optional<Restore> ofSet(String set, boolean isProposed) {
        String restore = RestoreId.of(facts, cluster, set, named);
        List<String> begun = sets.stream().filter(s -> s.set().equals(set) && isBegun(s, restore)).map(SnapshotSet::etcd)
                .toList();
        List<String> wanted = named.isEmpty() ? lost(begun) : List.copyOf(named);
        List<RestorePlan> plans = sets.stream().filter(s -> s.set().equals(set) && wanted.contains(s.etcd()))
                .sorted(Comparator.comparing(s -> wanted.indexOf(s.etcd()))).map(s -> plan(request(s, restore))).toList();
        return plans.isEmpty() ? Optional.empty()
                : Optional.of(new Restore(plans, isProposed ? Optional.of(set) : Optional.empty()));
    }

    /** A restore of one member from one snapshot, whoever took it: sound only for an etcd cluster of one member. */
    public Restore ofSnapshot(Snapshot snapshot, String etcd, String member) {
        String zone = SnapshotRecord.of(snapshot).zone().orElse("");
        List<String> members = of(etcd).map(EtcdCluster::membersExpected).filter(m -> !m.isEmpty()).orElse(List.of(member));
        return ofOne(etcd, members, new Piece(member, zone, Optional.of(snapshot)), snapshot.id());
    }

    /** A restore of one member on an empty volume, which a living quorum fills. */
    public Restore ofNothing(String etcd, String member) {
        List<String> members = of(etcd).map(EtcdCluster::membersExpected).orElse(List.of());
        return ofOne(etcd, members, new Piece(member, "", Optional.empty()), "empty-" + etcd + "-" + member);
    }

    private Restore ofOne(String etcd, List<String> members, Piece piece, String source) {
        return new Restore(List.of(plan(new RestoreRequest(cluster, etcd, members, List.of(piece), List.of(), Stage.ALL,
                generation(piece.snapshot().stream().toList()), RestoreId.of(facts, cluster, source, Set.of(etcd)), how.wish,
                how.override))), Optional.empty());
    }

    private RestorePlan plan(RestoreRequest request) {
        return new RestorePlan(facts, of(request.etcd()).orElseThrow(), request);
    }

    private List<String> lost(List<String> begun) {
        return judged.stream().filter(e -> e.verdict() == Verdict.LOST || e.verdict() == Verdict.AMBIGUOUS
                || begun.contains(e.etcd())).map(EtcdCluster::etcd).toList();
    }

    /** By our own tags, or (kops deletes those from live volumes) by the snapshot that a live volume came from. */
    private boolean isBegun(SnapshotSet set, String restore) {
        return facts.volumes().stream().filter(v -> v.exists() && v.tag(OwnTags.RETIRED_BY).isEmpty()).anyMatch(v ->
                v.hasTag(OwnTags.RUN, restore) && v.hasTag(OwnTags.CLUSTER, cluster) && v.hasTag(OwnTags.ETCD, set.etcd())
                || v.tag(EtcdTag.key(set.etcd())).isPresent() && isFrom(set, v));
    }

    private static boolean isFrom(SnapshotSet set, Volume v) {
        return set.parts().stream().anyMatch(p -> p.snapshot().id().equals(v.snapshot()));
    }

    /** Members with exactly one usable snapshot; the set's newest moments first. */
    private static List<Part> usable(SnapshotSet set) {
        return set.parts().stream().filter(p -> RestoreGuards.unusable(p.snapshot()).isEmpty())
                .filter(p -> set.parts().stream().filter(o -> o.member().equals(p.member())).count() == 1)
                .sorted(Comparator.comparing((Part p) -> p.snapshot().startAt()).reversed().thenComparing(Part::member))
                .toList();
    }

    private RestoreRequest request(SnapshotSet set, String restore) {
        List<Part> usable = usable(set);
        List<String> members = set.membersExpected().isEmpty() ? of(set.etcd()).map(EtcdCluster::membersExpected)
                .orElse(List.of()) : set.membersExpected();
        List<Piece> pieces = usable.stream().map(p -> new Piece(p.member(), p.zone(), Optional.of(p.snapshot()))).toList();
        return new RestoreRequest(cluster, set.etcd(), members, pieces, unusable(set, members), how.stage,
                generation(usable.stream().map(Part::snapshot).toList()), restore, how.wish, how.override);
    }

    /** Why members of a set have no piece. */
    private static List<Problem> unusable(SnapshotSet set, List<String> members) {
        List<Problem> unusable = new ArrayList<>();
        Map<String, Long> perMember = new HashMap<>();
        set.parts().forEach(p -> perMember.merge(p.member(), 1L, Long::sum));
        for (Part part : set.parts()) {
            RestoreGuards.unusable(part.snapshot()).ifPresent(unusable::add);
            if (perMember.get(part.member()) > 1) {
                unusable.add(Problem.error(Reason.Code.DUPLICATE_MEMBER, part.snapshot().id(), "the set holds snapshots of "
                        + perMember.get(part.member()) + " volumes of " + set.etcd() + "/" + part.member(),
                        "no record says which of the volumes was the member's: take another set"));
            }
        }
        members.stream().filter(m -> set.parts().stream().noneMatch(p -> p.member().equals(m)))
                .forEach(m -> unusable.add(Problem.error(ProblemCode.NO_SNAPSHOT, set.etcd() + "/" + m, "set " + set.set()
                        + " holds no snapshot of " + set.etcd() + "/" + m,
                        "let the member rejoin on an empty volume, once a quorum lives")));
        return unusable;
    }

    private Optional<EtcdCluster> of(String etcd) {
        return judged.stream().filter(e -> e.etcd().equals(etcd)).findFirst();
    }

    /** The newest generation that volumes or snapshots show. Nothing shows one: all tags, which every reader tolerates. */
    private Generation generation(List<Snapshot> snapshots) {
        Optional<Generation> ofSnapshots = snapshots.stream().flatMap(s -> shownBy(s).stream())
                .max(Comparator.naturalOrder());
        Optional<Generation> ofVolumes = judged.stream().filter(e -> !e.allVolumes().isEmpty())
                .map(EtcdCluster::generation).max(Comparator.naturalOrder());
        Optional<Generation> shown = ofVolumes.filter(v -> ofSnapshots.isEmpty() || v.compareTo(ofSnapshots.get()) > 0)
                .or(() -> ofSnapshots);
        return how.asked.or(() -> shown).orElse(Generation.ETCD_MANAGER);
    }

    private Optional<Generation> shownBy(Snapshot s) {
        return s.tags().containsKey(LiveTags.ROLE_CONTROL_PLANE) ? Optional.of(Generation.ETCD_MANAGER)
                : s.tags().containsKey(LiveTags.clusterKey(cluster)) ? Optional.of(Generation.ETCD_MANAGER_BEFORE_1_26)
                : s.tags().containsKey(LiveTags.KUBERNETES_CLUSTER) ? Optional.of(Generation.PROTOKUBE) : Optional.empty();
    }
}
