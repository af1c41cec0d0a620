package restore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import facts.Facts;
import facts.Volume;
import judgement.EtcdCluster;
import judgement.EtcdCluster.Claim;
import plan.Plan;
import plan.PlannedChange;
import plan.PlannedChange.Action;
import restore.Restore.NewVolume;
import restore.RestoreRequest.Piece;
import tags.EtcdTag;
import tags.LiveTags;
import tags.Membership;
import tags.OwnTags;
import tags.VolumeName;

/**
 * What a restore of one etcd cluster does, in this order. Volumes are made without live tags. Every older volume that a
 * reader could take for one of them is retired. The new volumes get their live tags, each volume all of them in one call. At
 * no instant do two volumes match one member. The same request gives the same plan, however far an earlier run came.
 */
final class RestorePlan {
    private final Facts facts;
    private final EtcdCluster judged;
    private final RestoreRequest request;
    private final Map<Piece, Optional<Volume>> made = new LinkedHashMap<>();
    private final List<Old> olds;

    /** A volume that claims a member or has a member's Name, and that this restore did not make. */
    record Old(Volume volume, String member, Claim claim) {
    }

    RestorePlan(Facts facts, EtcdCluster judged, RestoreRequest request) {
        this.facts = facts;
        this.judged = judged;
        this.request = request;
        request.staged().forEach(piece -> made.put(piece, madeFor(piece)));
        this.olds = judged.allVolumes().stream().map(c -> new Old(c.volume(), taggedOrNamedMember(c.volume()), c))
                .filter(old -> made.values().stream().noneMatch(v -> v.filter(old.volume::equals).isPresent()))
                .filter(old -> isInScope(old.member)).sorted(Comparator.comparing(old -> old.volume.id())).toList();
    }

    private String taggedOrNamedMember(Volume volume) {
        return Membership.claimedOrNamed(volume, request.etcd()).orElse("");
    }

    private boolean isInScope(String member) {
        return isOfStage(member) && !(request.bringsQuorum() && (isRestoredAlready(member) || isSettled(member)));
    }

    /** Once a new volume of the quorum is live, all older ones were retired. Another member's volume came later. */
    private boolean isSettled(String member) {
        return request.staged().stream().noneMatch(p -> p.member().equals(member))
                && made.values().stream().anyMatch(v -> v.filter(this::isLive).isPresent());
    }

    /** A restored quorum may find no older volume of any member. A single member replaces only its own volume. */
    private boolean isOfStage(String member) {
        return request.bringsQuorum() || request.staged().stream().anyMatch(p -> p.member().equals(member));
    }

    /** Whether this restore brought the member back before. */
    private boolean isRestoredAlready(String member) {
        return request.pieces().stream().filter(p -> p.member().equals(member))
                .anyMatch(p -> madeFor(p).filter(this::isLive).isPresent());
    }

    private boolean isLive(Volume volume) {
        return volume.tag(EtcdTag.key(request.etcd())).isPresent();
    }

    /** The volume that this restore made for a piece: by our own tags, or (kops deletes those) by its snapshot. */
    private Optional<Volume> madeFor(Piece piece) {
        return facts.volumes().stream().filter(Volume::exists)
                .filter(v -> isMadeFor(piece, v) || isLiveFrom(v, piece)).min(Comparator.comparing(Volume::id));
    }

    /** By our own tags. The cluster is asked too, since a set of several clusters gives each restore the same name. */
    boolean isMadeFor(Piece piece, Volume v) {
        return v.hasTag(OwnTags.RUN, request.restore()) && v.hasTag(OwnTags.CLUSTER, request.cluster())
                && v.hasTag(OwnTags.ETCD, request.etcd()) && v.hasTag(OwnTags.MEMBER, piece.member())
                && v.tag(OwnTags.RETIRED_BY).isEmpty()
                && (v.hasTag(OwnTags.STATE, OwnTags.INERT) || v.hasTag(OwnTags.STATE, OwnTags.LIVE));
    }

    private boolean isLiveFrom(Volume v, Piece piece) {
        return piece.snapshot().filter(s -> s.id().equals(v.snapshot())).isPresent() && isLive(v)
                && taggedOrNamedMember(v).equals(piece.member());
    }

    List<Old> olds() {
        return olds;
    }

    Facts facts() {
        return facts;
    }

    EtcdCluster judged() {
        return judged;
    }

    RestoreRequest request() {
        return request;
    }

    /** The pieces of this stage, each with the volume that was made from it. */
    Map<Piece, Optional<Volume>> made() {
        return made;
    }

    /** Whether an earlier run made every change. */
    boolean isCarriedOut() {
        Plan whole = new Restore(List.of(this), Optional.empty()).plan();
        return !whole.isEmpty() && whole.open(facts).isEmpty();
    }

    /** The name by which a plan speaks of a volume that may not be made yet. */
    private String target(Piece piece) {
        return "new " + request.etcd() + "/" + piece.member();
    }

    Map<String, NewVolume> newVolumes() {
        Map<String, NewVolume> all = new LinkedHashMap<>();
        request.staged().forEach(p -> all.put(target(p), new NewVolume(spec(p), inertTags(p))));
        return all;
    }

    List<PlannedChange> creations() {
        return made.entrySet().stream().map(e -> new PlannedChange(Action.CREATE_VOLUME, target(e.getKey()),
                e.getValue().map(Volume::id).orElse(""), request.etcd(), e.getKey().member(), "", Map.of(),
                spec(e.getKey()).facts())).toList();
    }

    /** Volumes that an earlier, interrupted run retired already are in the list too. */
    List<PlannedChange> retirements() {
        Map<String, Retirement> all = new TreeMap<>();
        olds.forEach(old -> all.put(old.volume.id(), retirement(old.volume, old.member)));
        facts.volumes().stream().filter(v -> v.exists() && Retirement.isOf(v, request.restore()))
                .filter(v -> RestoreId.isOf(v, request.cluster()))
                .forEach(v -> Membership.parked(v, request.etcd()).filter(this::isOfStage)
                        .ifPresent(member -> all.put(v.id(), retirement(v, member))));
        List<PlannedChange> changes = new ArrayList<>();
        all.values().forEach(retirement -> {
            changes.add(retirement.park());
            changes.add(retirement.strip());
        });
        return changes;
    }

    Retirement retirement(Volume volume, String member) {
        return new Retirement(volume, new Membership(request.etcd(), member), request.restore());
    }

    /** In the order in which the members are to start. */
    List<PlannedChange> publications() {
        return made.entrySet().stream().map(e -> publication(e.getKey(), e.getValue())).toList();
    }

    private PlannedChange publication(Piece piece, Optional<Volume> volume) {
        Map<String, String> after = new TreeMap<>(LiveTags.required(request.generation(), request.cluster(),
                new EtcdTag(request.etcd(), piece.member(), request.members())));
        Map<String, String> before = new TreeMap<>();
        if (volume.isEmpty() || isMadeFor(piece, volume.get())) {
            after.put(OwnTags.STATE, OwnTags.LIVE);
            before.put(OwnTags.STATE, OwnTags.INERT);
            before.put(LiveTags.NAME, inertName(piece.member()));
        }
        return new PlannedChange(Action.TAG, target(piece), volume.map(Volume::id).orElse(""), request.etcd(),
                piece.member(), "RESTORED", before, after);
    }

    private String inertName(String member) {
        return new VolumeName(member, request.etcd(), request.cluster()).inert();
    }

    /** The tags of a volume that nobody may find yet, and the labels that the lost volume had beside its live tags. */
    private Map<String, String> inertTags(Piece piece) {
        Map<String, String> tags = new TreeMap<>();
        piece.snapshot().filter(s -> s.tags().containsKey(OwnTags.SOURCE_VOLUME)).ifPresent(s ->
                s.tags().forEach((key, value) -> {
                    if (!LiveTags.isLive(key) && !key.startsWith(OwnTags.PREFIX) && !key.startsWith("aws:")) {
                        tags.put(key, value);
                    }
                }));
        tags.put(LiveTags.NAME, inertName(piece.member()));
        tags.put(OwnTags.RUN, request.restore());
        tags.put(OwnTags.STATE, OwnTags.INERT);
        tags.put(OwnTags.CLUSTER, request.cluster());
        tags.put(OwnTags.ETCD, request.etcd());
        tags.put(OwnTags.MEMBER, piece.member());
        return tags;
    }

    private VolumeSpec spec(Piece piece) {
        String zone = piece.zone().isEmpty() ? knownZone(piece.member()).orElse("") : piece.zone();
        Optional<Volume> like = like(piece.member());
        return piece.snapshot().map(s -> VolumeSpec.of(s, zone, like, request.wish()))
                .orElseGet(() -> VolumeSpec.emptyLike(like.orElse(nothingKnown()), zone, request.wish()));
    }

    /** kops' own default, where neither the member's old volume nor a sibling is left. */
    private static Volume nothingKnown() {
        return new Volume("", "", "", Instant.EPOCH, 20, "gp3", 3000, 125, false, "", "", List.of(), Map.of());
    }

    /** The member's old volume, else another volume of the etcd cluster. */
    private Optional<Volume> like(String member) {
        return judged.allVolumes().stream().map(Claim::volume).min(Comparator
                .comparing((Volume v) -> !taggedOrNamedMember(v).equals(member)).thenComparing(Volume::id));
    }

    /** The zone of the member's volumes of any etcd cluster: kops runs all of them on one node. */
    Optional<String> knownZone(String member) {
        List<String> zones = facts.volumes().stream().filter(Volume::exists)
                .filter(v -> v.hasTag(LiveTags.KUBERNETES_CLUSTER, request.cluster())
                        || v.hasTag(OwnTags.parked(LiveTags.KUBERNETES_CLUSTER), request.cluster()))
                .filter(v -> Membership.isOfMember(v, member))
                .map(Volume::zone).distinct().toList();
        return zones.size() == 1 ? Optional.of(zones.get(0)) : Optional.empty();
    }
}
