package restore;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import facts.Facts;
import facts.Snapshot;
import facts.Volume;
import judgement.Reason;
import judgement.Reason.Code;
import plan.Plan;
import problem.Refusal;
import restore.RestorePlan.Old;
import restore.RestoreRequest.Override;
import restore.RestoreRequest.Piece;
import restore.RestoreRequest.Stage;
import tags.Clusters;
import tags.SnapshotRecord;

/** What stands against a restore. Each guard answers for one way in which acknowledged writes, or a volume, get lost. */
public final class RestoreGuards {
    private final RestorePlan plan;
    private final RestoreRequest request;
    private final Facts facts;
    private final List<Refusal> refusals = new ArrayList<>();

    private RestoreGuards(RestorePlan plan) {
        this.plan = plan;
        this.request = plan.request();
        this.facts = plan.facts();
    }

    /**
     * Of a plan that is carried out already nothing is asked: the etcd cluster may be up by now.
     *
     * @param unusable KMS keys that EC2 cannot use, with the state they are in
     */
    public static List<Refusal> check(RestorePlan plan, Map<String, String> unusable) {
        Plan changes = RestorePlan.merged(List.of(plan));
        if (!changes.isEmpty() && changes.open(plan.facts()).isEmpty()) {
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
        guards.keys(unusable);
        return guards.refusals.stream().distinct().toList();
    }

    private void refuse(String code, String resource, String summary, String hint) {
        refusals.add(new Refusal(code, resource, request.etcd() + " of " + request.cluster() + ": " + summary, hint));
    }

    /** Fewer than a quorum elect nobody, however they are started. */
    private void enough() {
        boolean alone = request.pieces().size() == 1 && request.stage() == Stage.ALL;
        if (!alone && request.pieces().size() < request.quorum()) {
            request.unusable().forEach(refusals::add);
            refuse("FEWER_THAN_QUORUM", request.etcd(), "volumes can be made for " + request.pieces().size() + " of "
                    + request.members().size() + " members, quorum is " + request.quorum(),
                    "take another set; one readable volume alone is a case for etcd's --force-new-cluster, apart from all nodes");
        }
        if (request.stage() == Stage.REST && request.pieces().size() <= request.quorum()) {
            request.unusable().forEach(refusals::add);
        }
    }

    /**
     * Three snapshots are never one moment, so the members of the newest moments must have a leader before an older one
     * starts; else an older one can win the election and the newest writes are gone (measured with etcd 3.4 and 3.5).
     */
    private void order() {
        if (request.stage() == Stage.ALL && request.staged().size() > request.quorum()
                && request.override() != Override.ACCEPT_SKEW) {
            refuse("START_ORDER", request.etcd(), "all members at once may elect one that lacks the newest writes",
                    "use --stage quorum, see a leader, then --stage rest");
        }
        if (request.stage() == Stage.REST && heldByRunningNodes(true) < request.quorum()) {
            refuse("QUORUM_NOT_STARTED", request.etcd(), heldByRunningNodes(true) + " restored volumes are held by running "
                    + "nodes, quorum is " + request.quorum(),
                    "start the nodes of the quorum and see a leader first: etcdctl endpoint status --cluster");
        }
    }

    /** Members that live have newer data than any snapshot, and count on each other's acknowledgements. */
    private void quorumAlive() {
        boolean beside = request.stage() == Stage.ALL && !request.bringsQuorum();
        int others = heldByRunningNodes(false);
        if (beside && isEmpty() && others < request.quorum()) {
            refuse("QUORUM_NOT_STARTED", request.etcd(), "an empty volume is filled by a quorum that lives, and only " + others
                    + " members' volumes are held by running nodes", "bring the quorum back first: restore-volume --set");
        }
        if (request.stage() != Stage.REST && !isEmpty() && others >= request.quorum()
                && request.override() != Override.INTO_LIVE_QUORUM) {
            refuse("LIVE_QUORUM", request.etcd(), others + " members' volumes are held by running nodes: a quorum may live, "
                    + "and data from a snapshot beside it breaks what it has acknowledged",
                    "let the lost member rejoin empty: restore-volume --etcd " + request.etcd() + " --member MEMBER --empty; or "
                            + "stop every control-plane node, if the quorum is really lost");
        }
        if (beside && !isEmpty() && request.members().size() > 1 && others < request.quorum()) {
            refuse("FEWER_THAN_QUORUM", request.etcd(), "one snapshot brings back one of " + request.members().size()
                    + " members, quorum is " + request.quorum(), "use a set: restore-volume --set");
        }
    }

    private boolean isEmpty() {
        return request.staged().stream().allMatch(p -> p.snapshot().isEmpty());
    }

    /** Members, other than the ones to be restored, whose only volume a running control-plane node has. */
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

    /** What the set was taken of, and what the volumes that are left say now, must be one and the same etcd cluster. */
    private void members() {
        List<String> now = plan.judged().membersExpected();
        if (plan.judged().agreed() && !now.equals(request.members())) {
            refuse("MEMBER_LIST_DISAGREES", request.etcd(), "the snapshots are of the members " + request.members()
                    + ", the volumes name " + now, "data from before a change of members never joins: take a newer set");
        }
        if (plan.judged().members().stream().anyMatch(m -> m.reasons().contains(Reason.of(Code.FOREIGN_CLUSTER)))) {
            refuse("FOREIGN_CLUSTER", request.etcd(), "a volume names another cluster as well",
                    "find out whose it is first: verify-quorum-volumes");
        }
    }

    private void piece(Piece piece) {
        if (!request.members().contains(piece.member())) {
            refuse("MEMBER_NOT_IN_LIST", piece.member(), "no member is called so; they are "
                    + String.join(", ", request.members()), "name one of them");
        }
        piece.snapshot().ifPresent(s -> {
            unusable(s).ifPresent(refusals::add);
            SnapshotRecord record = SnapshotRecord.of(s);
            boolean other = record.cluster().filter(c -> !c.equals(request.cluster())).isPresent()
                    || record.etcd().filter(e -> !e.equals(request.etcd())).isPresent()
                    || record.member().filter(m -> !m.equals(piece.member())).isPresent();
            if (other) {
                refuse("RECORD_MISMATCH", s.id(), "the snapshot was recorded for " + record.etcd().orElse("?") + "/"
                        + record.member().orElse("?") + " of " + record.cluster().orElse("?") + ", not for "
                        + request.etcd() + "/" + piece.member(), "one member's data behind another's name never joins");
            }
        });
        if (facts.volumes().stream().filter(v -> v.exists() && plan.isOfRun(v, piece)).count() > 1) {
            refuse("DUPLICATE_MEMBER", piece.member(), "this run made more than one volume for it", "delete all but one");
        }
    }

    /** Why nothing can be made of a snapshot today; empty when something can. */
    public static Optional<Refusal> unusable(Snapshot s) {
        if (s.tier().equals("archive")) {
            return Optional.of(new Refusal("SNAPSHOT_ARCHIVED", s.id(), s.id() + " is in the archive tier",
                    "up to 72 hours: aws ec2 restore-snapshot-tier --snapshot-id " + s.id() + " --temporary-restore-days 7"));
        }
        if (!s.isCompleted()) {
            return Optional.of(new Refusal("SNAPSHOT_NOT_COMPLETED", s.id(), s.id() + " is " + s.state()
                    + (s.state().equals("pending") ? ", " + s.progress() + " %" : ""),
                    s.isFailed() ? "nothing can be made of it: take another set" : "wait: aws ec2 wait snapshot-completed "
                            + "--snapshot-ids " + s.id()));
        }
        return Optional.empty();
    }

    /** What an old volume is still needed for by somebody, or cannot be undone. */
    private void old(Old old) {
        facts.runningHolderOf(old.volume()).ifPresent(holder -> refusals.add(stillAttached(
                old.volume(), "the old volume of " + request.etcd() + "/" + old.member(), holder)));
        for (Code code : List.of(Code.TWO_ETCD_TAGS, Code.FOREIGN_CLUSTER)) {
            if (old.claim().reasons().contains(Reason.of(code))) {
                refuse(code.name(), old.volume().id(), code.sentence(), code.remedy());
            }
        }
        new Retirement(old.volume(), request.etcd(), old.member(), request.run()).impossible().ifPresent(why ->
                refuse("CANNOT_PARK", old.volume().id(), why, "remove tags that nobody needs from it"));
    }

    /** EC2 looks at the key after it has answered; the volume is then gone without an error. */
    private void keys(Map<String, String> unusable) {
        plan.makings().values().stream().map(m -> m.spec().kmsKey()).distinct().filter(unusable::containsKey)
                .forEach(key -> refuse("KEY_UNUSABLE", key, "the key of the volumes is " + unusable.get(key),
                        "make it usable: aws kms enable-key or cancel-key-deletion --key-id " + key
                                + "; or take a set that was copied to another key"));
    }

    /** A node looks for volumes in its own zone only. */
    private void zones() {
        for (Piece piece : plan.made().keySet()) {
            Optional<String> known = plan.knownZone(piece.member());
            if (piece.zone().isEmpty() && known.isEmpty()) {
                refuse("ZONE_UNKNOWN", piece.member(), "nothing says in which zone the member's node is",
                        "name a snapshot that snapshot-all took: it records the zone");
            } else if (!piece.zone().isEmpty() && known.filter(z -> !z.equals(piece.zone())).isPresent()) {
                refuse("WRONG_ZONE", piece.member(), "the snapshot is of a volume in " + piece.zone() + ", the member's "
                        + "volumes are in " + known.get(), "a member that moved: take a newer set");
            }
        }
    }

    /** The time between the first and the last moment of what is started together. */
    public static Duration skew(RestoreRequest request) {
        List<Instant> moments = request.staged().stream().flatMap(p -> p.snapshot().stream())
                .map(Snapshot::startAt).sorted().toList();
        return moments.isEmpty() ? Duration.ZERO : Duration.between(moments.get(0), moments.get(moments.size() - 1));
    }

    /** A volume is to lose its tags while an etcd works on it. */
    static Refusal stillAttached(Volume volume, String whose, String holder) {
        return new Refusal("STILL_ATTACHED", volume.id(), whose + " is attached to " + holder
                + ", which runs: its etcd goes on with it whatever the tags say",
                "stop the node: aws ec2 stop-instances --instance-ids " + holder
                        + " (or scale its Auto Scaling group to 0, which terminates it)");
    }
}
