package restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import facts.Facts;
import facts.Snapshot;
import facts.Volume;
import judgement.QuorumJudgement;
import judgement.Reason;
import problem.Problem;
import problem.ProblemCode;
import problem.ReportCode;
import restore.RestorePlan.Old;
import restore.RestoreRequest.GuardOverride;
import restore.RestoreRequest.Piece;
import restore.RestoreRequest.Stage;
import tags.Clusters;
import tags.SnapshotRecord;

/** What speaks against a restore. Each guard stands for one way in which acknowledged writes or a volume get lost. */
final class RestoreGuards {
    private final RestorePlan plan;
    private final RestoreRequest request;
    private final Facts facts;
    private final List<Problem> refusals = new ArrayList<>();

    private RestoreGuards(RestorePlan plan) {
        this.plan = plan;
        this.request = plan.request();
        this.facts = plan.facts();
    }

    /**
     * Nothing is asked of a plan that is carried out already: the etcd cluster may be up by now.
     *
     * @param unusableKeys KMS keys that EC2 cannot use, with the state they are in
     */
    static List<Problem> check(RestorePlan plan, Map<String, String> unusableKeys) {
        if (plan.isCarriedOut()) {
            return List.of();
        }
        RestoreGuards guards = new RestoreGuards(plan);
        guards.enough();
        guards.order();
        guards.quorumAlive();
        guards.members();
        plan.made().keySet().forEach(guards::piece);
        plan.olds().forEach(guards::old);
        guards.zones();
        guards.keys(unusableKeys);
        return guards.refusals.stream().distinct().toList();
    }

    /** A set that was chosen because nobody named one is only shown: the operator decides how far back to go. */
    static Optional<Problem> unnamed(Optional<String> proposedSet, boolean acts) {
        return proposedSet.filter(set -> acts).map(set -> Problem.error(ProblemCode.SET_NOT_NAMED, set,
                "a set is only a proposal until somebody names it"));
    }

    /** A region that shows no volume of the cluster may be the wrong one, or what AWS answered may be wrong. */
    static Optional<Problem> unseen(RestorePlan plan, boolean actsUnseen) {
        String cluster = plan.request().cluster();
        boolean seen = QuorumJudgement.clusters(plan.facts()).contains(cluster);
        return seen || !actsUnseen ? Optional.empty() : Optional.of(Problem.error(ProblemCode.CLUSTER_UNSEEN, cluster,
                "the region shows no etcd volume of " + cluster + " at all, so nothing is done unseen",
                "check the account and the region, look at the plan, then give its id: --plan ID"));
    }

    private void refuse(ReportCode code, String resource, String summary, String hint) {
        refusals.add(Problem.error(code, resource, request.etcd() + " of " + request.cluster() + ": " + summary, hint));
    }

    /** Fewer members than a quorum elect no leader, however they are started. */
    private void enough() {
        boolean alone = request.pieces().size() == 1 && request.stage() == Stage.ALL;
        if (!alone && request.pieces().size() < request.quorum()) {
            request.unusable().forEach(refusals::add);
            refuse(ProblemCode.FEWER_THAN_QUORUM, request.etcd(), "volumes can be made for " + request.pieces().size() + " of "
                    + request.members().size() + " members, quorum is " + request.quorum(),
                    "take another set; one readable volume alone is a case for etcd's --force-new-cluster, apart from all nodes");
        }
        if (request.stage() == Stage.REST && request.pieces().size() <= request.quorum()) {
            request.unusable().forEach(refusals::add);
        }
    }

    /**
     * Snapshots of three members are never one moment. The members of the newest snapshots must have a leader before an older
     * member starts. Else the older member can win the election, and the newest writes are gone (measured with etcd 3.4, 3.5).
     */
    private void order() {
        if (request.stage() == Stage.ALL && request.staged().size() > request.quorum()
                && request.override() != GuardOverride.ACCEPT_SKEW) {
            refuse(ProblemCode.START_ORDER, request.etcd(), "all members at once may elect one that lacks the newest writes",
                    "use --stage quorum, see a leader, then --stage rest");
        }
        int started = heldByRunningNodes(true);
        if (request.stage() == Stage.REST && started < request.quorum()) {
            refuse(ProblemCode.QUORUM_NOT_STARTED, request.etcd(), "running nodes hold " + started
                    + " restored volumes, quorum is " + request.quorum(), ProblemCode.QUORUM_NOT_STARTED.remedy());
        }
    }

    /** Members that live have newer data than any snapshot, and count on each other's acknowledgements. */
    private void quorumAlive() {
        boolean beside = request.stage() == Stage.ALL && !request.bringsQuorum();
        int others = heldByRunningNodes(false);
        if (beside && isEmpty() && others < request.quorum()) {
            refuse(ProblemCode.QUORUM_NOT_STARTED, request.etcd(), "only a living quorum fills an empty volume, and running "
                    + "nodes hold the volumes of " + others + " other members",
                    "bring the quorum back first: restore-volume --set");
        }
        if (request.stage() != Stage.REST && !isEmpty() && others >= request.quorum()
                && request.override() != GuardOverride.INTO_LIVE_QUORUM) {
            refuse(ProblemCode.LIVE_QUORUM, request.etcd(), "running nodes hold the volumes of " + others
                    + " members, so a quorum may live; data from a snapshot beside it breaks what it acknowledged",
                    "let the lost member rejoin on an empty volume: restore-volume --etcd " + request.etcd()
                            + " --member MEMBER --empty; if the quorum is really lost, stop every control-plane node first");
        }
        if (beside && !isEmpty() && request.members().size() > 1 && others < request.quorum()) {
            refuse(ProblemCode.FEWER_THAN_QUORUM, request.etcd(), "one snapshot brings back one of " + request.members().size()
                    + " members, quorum is " + request.quorum(), "use a set: restore-volume --set");
        }
    }

    private boolean isEmpty() {
        return request.staged().stream().allMatch(p -> p.snapshot().isEmpty());
    }

    /**
     * Counts members whose only volume a running control-plane node holds.
     *
     * @param restored whether to count members that came from this request's pieces, else those that are not to be restored
     */
    private int heldByRunningNodes(boolean restored) {
        return (int) plan.judged().members().stream().filter(m -> m.volume().flatMap(facts::holderOf)
                        .filter(i -> i.isRunning() && Clusters.isNodeOf(request.cluster(), i)).isPresent())
                .filter(m -> restored ? cameFromPieces(m.name(), m.volume().orElseThrow())
                        : request.staged().stream().noneMatch(p -> p.member().equals(m.name())) || !isEmpty()).count();
    }

    private boolean cameFromPieces(String member, Volume volume) {
        return request.pieces().stream().anyMatch(p -> p.member().equals(member)
                && p.snapshot().filter(s -> s.id().equals(volume.snapshot())).isPresent());
    }

    /** The set and the volumes that are left must speak of one and the same etcd cluster. */
    private void members() {
        List<String> now = plan.judged().membersExpected();
        if (plan.judged().agreed() && !now.equals(request.members())) {
            refuse(Reason.Code.MEMBER_LIST_DISAGREES, request.etcd(), "the snapshots are of the members " + request.members()
                    + ", the volumes name " + now, "data from before a change of members never joins: take a newer set");
        }
        if (plan.judged().members().stream().anyMatch(m -> m.reasons().contains(Reason.of(Reason.Code.FOREIGN_CLUSTER)))) {
            refuse(Reason.Code.FOREIGN_CLUSTER, request.etcd(), "a volume names another cluster as well",
                    "find out first whose volume it is: verify-quorum-volumes");
        }
    }

    private void piece(Piece piece) {
        if (!request.members().contains(piece.member())) {
            refuse(Reason.Code.MEMBER_NOT_IN_LIST, piece.member(), "no member has this name; the members are "
                    + String.join(", ", request.members()), "name one of them");
        }
        piece.snapshot().ifPresent(s -> {
            unusable(s).ifPresent(refusals::add);
            SnapshotRecord record = SnapshotRecord.of(s);
            boolean other = record.cluster().filter(c -> !c.equals(request.cluster())).isPresent()
                    || record.etcd().filter(e -> !e.equals(request.etcd())).isPresent()
                    || record.member().filter(m -> !m.equals(piece.member())).isPresent();
            if (other) {
                refuse(Reason.Code.RECORD_MISMATCH, s.id(), "the snapshot was recorded for " + record.etcd().orElse("?") + "/"
                        + record.member().orElse("?") + " of " + record.cluster().orElse("?") + ", not for "
                        + request.etcd() + "/" + piece.member(), "one member's data behind another's name never joins");
            }
        });
        if (facts.volumes().stream().filter(v -> v.exists() && plan.isMadeFor(piece, v)).count() > 1) {
            refuse(Reason.Code.DUPLICATE_MEMBER, piece.member(), "this restore made more than one volume for the member",
                    "delete all but one");
        }
    }

    /** Why nothing can be made from a snapshot today; empty when something can. */
    static Optional<Problem> unusable(Snapshot s) {
        if (s.tier().equals("archive")) {
            return Optional.of(Problem.error(ProblemCode.SNAPSHOT_ARCHIVED, s.id(), s.id() + " is in the archive tier",
                    "up to 72 hours: aws ec2 restore-snapshot-tier --snapshot-id " + s.id() + " --temporary-restore-days 7"));
        }
        if (!s.isCompleted()) {
            return Optional.of(Problem.error(ProblemCode.SNAPSHOT_NOT_COMPLETED, s.id(), s.id() + " is " + s.state()
                    + (s.state().equals("pending") ? ", " + s.progress() + " %" : ""),
                    s.isFailed() ? "nothing can be made from it: take another set" : "wait: aws ec2 wait snapshot-completed "
                            + "--snapshot-ids " + s.id()));
        }
        return Optional.empty();
    }

    /** Why an old volume cannot be retired: somebody still needs it, or its tags could not be given back. */
    private void old(Old old) {
        facts.runningHolderOf(old.volume()).ifPresent(holder -> refusals.add(stillAttached(
                old.volume(), "the old volume of " + request.etcd() + "/" + old.member(), holder)));
        for (Reason.Code code : List.of(Reason.Code.TWO_ETCD_TAGS, Reason.Code.FOREIGN_CLUSTER)) {
            if (old.claim().reasons().contains(Reason.of(code))) {
                refuse(code, old.volume().id(), code.sentence(), code.remedy());
            }
        }
        plan.retirement(old.volume(), old.member()).impossible().ifPresent(why ->
                refuse(ProblemCode.CANNOT_PARK, old.volume().id(), why, ProblemCode.CANNOT_PARK.remedy()));
    }

    /** A volume is to lose its tags while an etcd works on it. */
    static Problem stillAttached(Volume volume, String whose, String holder) {
        return Problem.error(ProblemCode.STILL_ATTACHED, volume.id(), whose + " is attached to " + holder
                + ", which runs; its etcd goes on with the volume whatever the tags say",
                "stop the node: aws ec2 stop-instances --instance-ids " + holder
                        + " (or scale its Auto Scaling group to 0, which terminates it)");
    }

    /** EC2 looks at the key after it has answered; the volume is then gone without an error. */
    private void keys(Map<String, String> unusable) {
        plan.newVolumes().values().stream().map(v -> v.spec().kmsKey()).distinct().filter(unusable::containsKey)
                .forEach(key -> refuse(ProblemCode.KEY_UNUSABLE, key, "the key of the volumes is " + unusable.get(key),
                        "make it usable: aws kms enable-key or cancel-key-deletion --key-id " + key
                                + "; or take a set that was copied to another key"));
    }

    /** A node looks for volumes in its own zone only. */
    private void zones() {
        for (Piece piece : plan.made().keySet()) {
            Optional<String> known = plan.knownZone(piece.member());
            if (piece.zone().isEmpty() && known.isEmpty()) {
                refuse(ProblemCode.ZONE_UNKNOWN, piece.member(), "nothing says in which zone the member's node is",
                        ProblemCode.ZONE_UNKNOWN.remedy());
            } else if (!piece.zone().isEmpty() && known.filter(z -> !z.equals(piece.zone())).isPresent()) {
                refuse(Reason.Code.WRONG_ZONE, piece.member(), "the snapshot is of a volume in " + piece.zone()
                        + ", the member's volumes are in " + known.get(), "the member moved: take a newer set");
            }
        }
    }
}
