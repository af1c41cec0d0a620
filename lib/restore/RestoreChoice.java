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
import judgement.EtcdCluster;
import judgement.QuorumJudgement;
import judgement.Verdict;
import problem.Refusal;
import restore.RestoreRequest.Override;
import restore.RestoreRequest.Piece;
import restore.RestoreRequest.Stage;
import sets.SnapshotSet;
import sets.SnapshotSet.Part;
import tags.EtcdTag;
import tags.Generation;
import tags.LiveTags;
import tags.OwnTags;
import tags.SnapshotRecord;

/** What is restored from what: finds for each etcd cluster the pieces that volumes can be made of, newest in front. */
public final class RestoreChoice {
    private final Facts facts;
    private final String cluster;
    private final List<SnapshotSet> sets;
    private final Set<String> named;
    private final List<EtcdCluster> judged;
    private final How how;

    /** How far, for which readers, and into what kind of volumes. */
    public record How(Stage stage, Optional<Generation> asked, VolumeSpec.Wish wish, Override override) {
    }

    /**
     * @param sets  all sets of the cluster, newest first
     * @param named the etcd clusters that are meant; empty: those that are lost
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

    public RestorePlan plan(RestoreRequest request) {
        return new RestorePlan(facts, of(request.etcd()).orElseThrow(), request);
    }

    /** The newest set with a quorum of usable snapshots for every etcd cluster that is lost. */
    public Optional<String> newestRestorable() {
        List<String> lost = lost(List.of());
        return sets.stream().map(SnapshotSet::set).distinct().filter(name -> {
            List<SnapshotSet> of = sets.stream().filter(s -> s.set().equals(name)).toList();
            return of.stream().anyMatch(s -> lost.contains(s.etcd())) && of.stream().filter(s -> lost.contains(s.etcd()))
                    .allMatch(s -> usable(s).size() >= s.quorum() && !s.membersExpected().isEmpty());
        }).findFirst();
    }

    /** Why a set gives nothing to restore. */
    public Refusal nothingOf(String set) {
        if (!named.isEmpty() && sets.stream().anyMatch(s -> s.set().equals(set))) {
            return new Refusal("NO_SNAPSHOT", set, "the set holds no snapshot of " + String.join(", ", named),
                    "take another set");
        }
        if (sets.stream().anyMatch(s -> s.set().equals(set))) {
            return new Refusal("NOTHING_LOST", set, "no etcd cluster that the set holds is lost",
                    "name one to restore it all the same: --etcd NAME");
        }
        return new Refusal("NO_SNAPSHOT", set, cluster + " has no snapshot of a set of this name", "its sets: "
                + String.join(", ", sets.stream().map(SnapshotSet::set).distinct().limit(5).toList()));
    }

    /** One request for each etcd cluster that is lost, or that was named, or that this run has begun with. */
    public List<RestoreRequest> ofSet(String set) {
        String run = RestoreId.of(facts, cluster, set);
        List<String> begun = sets.stream().filter(s -> s.set().equals(set) && isBegun(s, run)).map(SnapshotSet::etcd).toList();
        List<String> wanted = named.isEmpty() ? lost(begun) : List.copyOf(named);
        return sets.stream().filter(s -> s.set().equals(set) && wanted.contains(s.etcd()))
                .sorted(Comparator.comparing(s -> wanted.indexOf(s.etcd()))).map(s -> request(s, run)).toList();
    }

    private List<String> lost(List<String> begun) {
        return judged.stream().filter(e -> e.verdict() == Verdict.LOST || e.verdict() == Verdict.AMBIGUOUS
                || begun.contains(e.etcd())).map(EtcdCluster::etcd).toList();
    }

    /** By our own tags, or (kops deletes those from live volumes) by what a live volume came from. */
    private boolean isBegun(SnapshotSet set, String run) {
        return facts.volumes().stream().filter(v -> v.exists() && v.tag(OwnTags.RETIRED_BY).isEmpty()).anyMatch(v ->
                v.hasTag(OwnTags.RUN, run) && v.hasTag(OwnTags.CLUSTER, cluster) && v.hasTag(OwnTags.ETCD, set.etcd())
                || v.tag(EtcdTag.key(set.etcd())).isPresent()
                && set.parts().stream().anyMatch(p -> p.snapshot().id().equals(v.snapshot())));
    }

    /** Members with one usable snapshot; the set's newest moments first. */
    private static List<Part> usable(SnapshotSet set) {
        return set.parts().stream().filter(p -> RestoreGuards.unusable(p.snapshot()).isEmpty())
                .filter(p -> set.parts().stream().filter(o -> o.member().equals(p.member())).count() == 1)
                .sorted(Comparator.comparing((Part p) -> p.snapshot().startAt()).reversed().thenComparing(Part::member))
                .toList();
    }

    private RestoreRequest request(SnapshotSet set, String run) {
        List<Part> usable = usable(set);
        List<Refusal> unusable = new ArrayList<>();
        Map<String, Long> perMember = new HashMap<>();
        set.parts().forEach(p -> perMember.merge(p.member(), 1L, Long::sum));
        for (Part part : set.parts()) {
            RestoreGuards.unusable(part.snapshot()).ifPresent(unusable::add);
            if (perMember.get(part.member()) > 1) {
                unusable.add(new Refusal("DUPLICATE_MEMBER", part.snapshot().id(), "the set holds snapshots of "
                        + perMember.get(part.member()) + " volumes of " + set.etcd() + "/" + part.member(),
                        "which of them was the member's nobody wrote down: take another set"));
            }
        }
        List<String> members = set.membersExpected().isEmpty() ? of(set.etcd()).map(EtcdCluster::membersExpected)
                .orElse(List.of()) : set.membersExpected();
        members.stream().filter(m -> set.parts().stream().noneMatch(p -> p.member().equals(m)))
                .forEach(m -> unusable.add(new Refusal("NO_SNAPSHOT", set.etcd() + "/" + m, "set " + set.set()
                        + " holds no snapshot of " + set.etcd() + "/" + m, "let the member rejoin empty, once a quorum lives")));
        List<Piece> pieces = usable.stream().map(p -> new Piece(p.member(), p.zone(), Optional.of(p.snapshot()))).toList();
        return new RestoreRequest(cluster, set.etcd(), members, pieces, unusable, how.stage,
                generation(usable.stream().map(Part::snapshot).toList()), run, how.wish, how.override);
    }

    /** One snapshot, whoever took it: sound for a cluster of one member only. */
    public RestoreRequest ofSnapshot(Snapshot snapshot, String etcd, String member) {
        String zone = SnapshotRecord.of(snapshot).zone().orElse("");
        List<String> members = of(etcd).map(EtcdCluster::membersExpected).filter(m -> !m.isEmpty()).orElse(List.of(member));
        return new RestoreRequest(cluster, etcd, members, List.of(new Piece(member, zone, Optional.of(snapshot))), List.of(),
                Stage.ALL, generation(List.of(snapshot)), RestoreId.of(facts, cluster, snapshot.id()), how.wish, how.override);
    }

    /** An empty volume, which a quorum that lives fills again. */
    public RestoreRequest ofNothing(String etcd, String member) {
        List<String> members = of(etcd).map(EtcdCluster::membersExpected).orElse(List.of());
        return new RestoreRequest(cluster, etcd, members, List.of(new Piece(member, "", Optional.empty())), List.of(),
                Stage.ALL, generation(List.of()),
                RestoreId.of(facts, cluster, "empty-" + etcd + "-" + member), how.wish, how.override);
    }

    private Optional<EtcdCluster> of(String etcd) {
        return judged.stream().filter(e -> e.etcd().equals(etcd)).findFirst();
    }

    /** The newest that the volumes or the snapshots show; nothing shows it: the tags of all, which every reader tolerates. */
    private Generation generation(List<Snapshot> snapshots) {
        Generation shown = null;
        for (Snapshot s : snapshots) {
            Generation of = s.tags().containsKey(LiveTags.ROLE_CONTROL_PLANE) ? Generation.ETCD_MANAGER
                    : s.tags().containsKey(LiveTags.clusterKey(cluster)) ? Generation.ETCD_MANAGER_BEFORE_1_26
                    : s.tags().containsKey(LiveTags.KUBERNETES_CLUSTER) ? Generation.PROTOKUBE : shown;
            shown = shown == null || of != null && of.compareTo(shown) > 0 ? of : shown;
        }
        Optional<Generation> ofVolumes = judged.stream().filter(e -> !e.allVolumes().isEmpty())
                .map(EtcdCluster::generation).max(Comparator.naturalOrder());
        if (ofVolumes.isPresent() && (shown == null || ofVolumes.get().compareTo(shown) > 0)) {
            shown = ofVolumes.get();
        }
        return how.asked.orElse(shown == null ? Generation.ETCD_MANAGER : shown);
    }
}
