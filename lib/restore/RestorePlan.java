package restore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import facts.Facts;
import facts.Volume;
import judgement.EtcdCluster;
import judgement.EtcdCluster.Claim;
import plan.Plan;
import plan.PlannedChange;
import plan.PlannedChange.Action;
import restore.RestoreRequest.Piece;
import tags.EtcdTag;
import tags.LiveTags;
import tags.OwnTags;
import tags.VolumeName;

/**
 * What a restore of one etcd cluster does, in order: volumes are made without live tags, then every older volume that a
 * reader could take for one of them is retired, then the new ones get their live tags, each all of them in one call. At no
 * instant do two volumes match one member. The same request gives the same plan however far an earlier run came.
 */
public final class RestorePlan {
    private final Facts facts;
    private final EtcdCluster judged;
    private final RestoreRequest request;
    private final Map<Piece, Optional<Volume>> made = new LinkedHashMap<>();
    private final List<Old> olds;

    /** A volume that claims a member, or has the name of one, and is none of this run's. */
    record Old(Volume volume, String member, Claim claim) {
    }

    /** What CreateVolume is asked for, beside what the plan shows. */
    public record Making(VolumeSpec spec, Map<String, String> tags) {
    }

    public RestorePlan(Facts facts, EtcdCluster judged, RestoreRequest request) {
        this.facts = facts;
        this.judged = judged;
        this.request = request;
        request.staged().forEach(piece -> made.put(piece, madeFor(piece)));
        this.olds = judged.allVolumes().stream().map(c -> new Old(c.volume(), EtcdTag.memberOf(c.volume(), request.etcd()), c))
                .filter(old -> made.values().stream().noneMatch(v -> v.filter(old.volume::equals).isPresent()))
                .filter(old -> isInScope(old.member)).sorted(Comparator.comparing(old -> old.volume.id())).toList();
    }

    private boolean isInScope(String member) {
        return isOfStage(member) && !(request.bringsQuorum() && (isRestoredAlready(member) || isSettled(member)));
    }

    /** Once a volume of the quorum is live all older ones were retired: what another member has now came later. */
    private boolean isSettled(String member) {
        return request.staged().stream().noneMatch(p -> p.member().equals(member))
                && made.values().stream().anyMatch(v -> v.filter(this::isLive).isPresent());
    }

    /** A quorum that is restored may find no older volume of any member; a single member only replaces its own. */
    private boolean isOfStage(String member) {
        return request.bringsQuorum() || request.staged().stream().anyMatch(p -> p.member().equals(member));
    }

    /** The others of the quorum that this run brought back before. */
    private boolean isRestoredAlready(String member) {
        return request.pieces().stream().filter(p -> p.member().equals(member))
                .anyMatch(p -> madeFor(p).filter(this::isLive).isPresent());
    }

    private boolean isLive(Volume volume) {
        return volume.tag(EtcdTag.key(request.etcd())).isPresent();
    }

    /** By our own tags, or (kops deletes those from live volumes) by what it came from. */
    private Optional<Volume> madeFor(Piece piece) {
        return facts.volumes().stream().filter(Volume::exists)
                .filter(v -> isOfRun(v, piece) || isLiveFrom(v, piece)).min(Comparator.comparing(Volume::id));
    }

    /** A set may be of several clusters, and then its runs have the same name. */
    boolean isOfRun(Volume v, Piece piece) {
        return v.hasTag(OwnTags.RUN, request.run()) && v.hasTag(OwnTags.CLUSTER, request.cluster())
                && v.hasTag(OwnTags.ETCD, request.etcd()) && v.hasTag(OwnTags.MEMBER, piece.member())
                && v.tag(OwnTags.RETIRED_BY).isEmpty()
                && (v.hasTag(OwnTags.STATE, OwnTags.INERT) || v.hasTag(OwnTags.STATE, OwnTags.LIVE));
    }

    private boolean isLiveFrom(Volume v, Piece piece) {
        return piece.snapshot().filter(s -> s.id().equals(v.snapshot())).isPresent() && isLive(v)
                && EtcdTag.memberOf(v, request.etcd()).equals(piece.member());
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

    public RestoreRequest request() {
        return request;
    }

    Map<Piece, Optional<Volume>> made() {
        return made;
    }

    /** The name by which a plan speaks of a volume that may not be made yet. */
    private String target(Piece piece) {
        return "new " + request.etcd() + "/" + piece.member();
    }

    /** The whole of several etcd clusters: nothing is retired before all new volumes are there, none found before all are. */
    public static Plan merged(List<RestorePlan> plans) {
        List<PlannedChange> changes = new ArrayList<>();
        plans.forEach(p -> changes.addAll(p.creations()));
        plans.forEach(p -> changes.addAll(p.retirements()));
        plans.forEach(p -> changes.addAll(p.publications()));
        return new Plan(changes);
    }

    /** The KMS keys that the new volumes are encrypted with. */
    public static Set<String> keys(List<RestorePlan> plans) {
        Set<String> keys = new TreeSet<>();
        plans.forEach(p -> p.makings().values().forEach(m -> keys.add(m.spec().kmsKey())));
        keys.remove("");
        return keys;
    }

    /** What each CREATE_VOLUME makes, by its target. */
    public Map<String, Making> makings() {
        Map<String, Making> makings = new LinkedHashMap<>();
        request.staged().forEach(p -> makings.put(target(p), new Making(spec(p), inert(p))));
        return makings;
    }

    /** The ids of the new volumes that exist by now, by target. */
    public Map<String, String> resources() {
        Map<String, String> ids = new TreeMap<>();
        made.forEach((piece, volume) -> volume.ifPresent(v -> ids.put(target(piece), v.id())));
        return ids;
    }

    public List<PlannedChange> creations() {
        return made.entrySet().stream().map(e -> new PlannedChange(Action.CREATE_VOLUME, target(e.getKey()),
                e.getValue().map(Volume::id).orElse(""), request.etcd(), e.getKey().member(), "", Map.of(),
                spec(e.getKey()).facts())).toList();
    }

    /** Also those that an earlier, broken run has retired already. */
    public List<PlannedChange> retirements() {
        List<PlannedChange> changes = new ArrayList<>();
        for (Retirement retirement : retiring()) {
            changes.add(retirement.park());
            changes.add(retirement.strip());
        }
        return changes;
    }

    List<Retirement> retiring() {
        Map<String, Retirement> all = new TreeMap<>();
        olds.forEach(old -> all.put(old.volume.id(),
                new Retirement(old.volume, request.etcd(), old.member, request.run())));
        facts.volumes().stream().filter(v -> v.exists() && Retirement.isOf(v, request.run()))
                .filter(v -> RestoreId.isOf(v, request.cluster())).forEach(v ->
                Retirement.member(v, request.etcd()).filter(this::isOfStage).ifPresent(member ->
                        all.put(v.id(), new Retirement(v, request.etcd(), member, request.run()))));
        return List.copyOf(all.values());
    }

    /** In the order in which the members are to start. */
    public List<PlannedChange> publications() {
        return made.entrySet().stream().map(e -> publication(e.getKey(), e.getValue())).toList();
    }

    private PlannedChange publication(Piece piece, Optional<Volume> volume) {
        Map<String, String> after = new TreeMap<>(LiveTags.required(request.generation(), request.cluster(),
                new EtcdTag(request.etcd(), piece.member(), request.members())));
        Map<String, String> before = new TreeMap<>();
        if (volume.isEmpty() || isOfRun(volume.get(), piece)) {
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

    /** The tags of a volume that nobody may find yet, and the labels that the lost one had beside its live tags. */
    private Map<String, String> inert(Piece piece) {
        Map<String, String> tags = new TreeMap<>();
        piece.snapshot().filter(s -> s.tags().containsKey(OwnTags.SOURCE_VOLUME)).ifPresent(s ->
                s.tags().forEach((key, value) -> {
                    if (!LiveTags.isLive(key) && !key.startsWith(OwnTags.PREFIX) && !key.startsWith("aws:")) {
                        tags.put(key, value);
                    }
                }));
        tags.put(LiveTags.NAME, inertName(piece.member()));
        tags.put(OwnTags.RUN, request.run());
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

    /** The member's old volume, or else one of its etcd cluster. */
    private Optional<Volume> like(String member) {
        return judged.allVolumes().stream().map(Claim::volume).min(Comparator
                .comparing((Volume v) -> !EtcdTag.memberOf(v, request.etcd()).equals(member)).thenComparing(Volume::id));
    }

    /** Where the member's volumes of any etcd cluster are: kops runs them all on one node. */
    Optional<String> knownZone(String member) {
        List<String> zones = facts.volumes().stream().filter(Volume::exists)
                .filter(v -> v.hasTag(LiveTags.KUBERNETES_CLUSTER, request.cluster())
                        || v.hasTag(OwnTags.parked(LiveTags.KUBERNETES_CLUSTER), request.cluster()))
                .filter(v -> v.tags().entrySet().stream().anyMatch(t -> (EtcdTag.isKey(t.getKey())
                        || OwnTags.isParkedEtcdKey(t.getKey())) && EtcdTag.identity(t.getValue()).equals(member)))
                .map(Volume::zone).distinct().toList();
        return zones.size() == 1 ? Optional.of(zones.get(0)) : Optional.empty();
    }
}
