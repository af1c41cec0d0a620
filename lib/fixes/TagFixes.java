package fixes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import facts.Facts;
import facts.Volume;
import fixes.MemberEvidence.Finding;
import fixes.MemberEvidence.Identity;
import judgement.EtcdCluster;
import judgement.EtcdCluster.Claim;
import judgement.EtcdCluster.Member;
import judgement.QuorumJudgement;
import judgement.Reason;
import judgement.Reason.Code;
import plan.Plan;
import plan.PlannedChange;
import problem.Refusal;
import tags.Clusters;
import tags.EtcdTag;
import tags.Generation;
import tags.LiveTags;
import tags.OwnTags;
import tags.VolumeName;

/**
 * What brings the tags of one cluster's etcd volumes back to what their readers look for, or why that must not be done. All
 * or nothing: the changes are tried on the facts first, and whatever would then be claimed twice, be in a wrong place or
 * rest on a guess is refused.
 */
public final class TagFixes {
    /** EC2 user guide, tag restrictions; what AWS itself writes does not count. */
    private static final int MOST_TAGS = 50;

    /** Somebody's word for what one volume holds. */
    public record ByHand(String volume, String etcd, String member) {
    }

    /** The changes of one volume and what proves them. */
    public record Mend(Volume volume, String etcd, String member, List<PlannedChange> changes, String evidence) {
    }

    /** Reasons that lie in tags, so that a cluster that keeps one is not mended. */
    private static final Set<Code> OF_TAGS = Set.of(Code.DUPLICATE_MEMBER, Code.ETCD_TAG_MALFORMED, Code.MEMBER_NOT_IN_LIST,
            Code.MEMBER_LIST_DISAGREES, Code.TAG_MISSING, Code.TAG_WRONG_VALUE, Code.TWO_ETCD_TAGS, Code.DUPLICATE_NAME,
            Code.FOREIGN_CLUSTER, Code.RECORD_MISMATCH);
    /** Reasons for which a volume must not be made live. */
    private static final Set<Code> OF_PLACE = Set.of(Code.WRONG_ZONE, Code.FOREIGN_ATTACHMENT, Code.BLANK_SUSPECT);

    private final Facts facts;
    private final String cluster;
    private final Optional<ByHand> byHand;
    private final Set<String> wanted;
    private final Clusters clusters;
    private final List<EtcdCluster> before;
    private final MemberLists lists;
    private final Map<String, Mend> mends = new LinkedHashMap<>();
    private final Map<String, List<Refusal>> refusals = new LinkedHashMap<>();
    private final List<EtcdCluster> after;

    private TagFixes(Facts facts, String cluster, Optional<Generation> asked, Set<String> wanted, Optional<ByHand> byHand) {
        this.facts = facts;
        this.cluster = cluster;
        this.byHand = byHand;
        this.wanted = wanted;
        this.clusters = new Clusters(facts);
        this.before = QuorumJudgement.judge(facts, cluster, asked, Set.of());
        this.lists = new MemberLists(facts, before);
        if (byHand.isPresent()) {
            facts.volumes().stream().filter(v -> v.exists() && v.id().equals(byHand.get().volume())).findFirst()
                    .ifPresentOrElse(this::mend, () -> refuse("VOLUME_UNSEEN", byHand.get().volume(),
                            "the region shows no such volume", "is it the right account and region?"));
        } else {
            volumes().forEach(this::mend);
        }
        makeRoom();
        this.after = QuorumJudgement.judge(PlannedChange.applied(changes(), facts), cluster, asked, Set.of());
        after.stream().filter(e -> isWanted(e.etcd())).forEach(this::check);
    }

    /** @param wanted the etcd clusters that are meant; empty: all */
    public static TagFixes of(
            Facts facts, String cluster, Optional<Generation> asked, Set<String> wanted, Optional<ByHand> byHand) {
        return new TagFixes(facts, cluster, asked, wanted, byHand);
    }

    /** In its order no member is ever claimed twice. */
    public Plan plan() {
        return new Plan(changes());
    }

    public List<Refusal> refusals() {
        return refusals.values().stream().flatMap(List::stream).distinct().toList();
    }

    public List<Mend> mends() {
        return List.copyOf(mends.values());
    }

    /** The mends that nothing speaks against, so that they may be made by themselves. */
    public List<Mend> sound() {
        return mends().stream().filter(m -> !refusals.containsKey(m.volume.id())).toList();
    }

    /** What the volumes would be once it is done. */
    public List<EtcdCluster> after() {
        return after;
    }

    private boolean isWanted(String etcd) {
        return wanted.isEmpty() || wanted.contains(etcd);
    }

    /** What comes off goes first: between two calls a volume may match too little, never two members. */
    private List<PlannedChange> changes() {
        List<PlannedChange> all = mends.values().stream().flatMap(m -> m.changes.stream()).toList();
        return Stream.of(PlannedChange.Action.UNTAG, PlannedChange.Action.TAG)
                .flatMap(action -> all.stream().filter(c -> c.action() == action)).toList();
    }

    private void refuse(String code, String volume, String summary, String hint) {
        refusals.computeIfAbsent(volume, v -> new ArrayList<>()).add(new Refusal(code, volume, summary, hint));
    }

    private void refuse(Reason reason, String volume, String who) {
        refuse(reason.toString(), volume, who + ": " + reason.sentence(), reason.code().remedy());
    }

    /** Every volume that the judgement speaks of, each once. */
    private List<Volume> volumes() {
        return before.stream().filter(e -> isWanted(e.etcd()))
                .flatMap(e -> e.claims().stream()).map(Claim::volume).distinct().toList();
    }

    private void mend(Volume volume) {
        boolean retired = volume.tags().keySet().stream().anyMatch(OwnTags::isParkedEtcdKey);
        if (retired && byHand.isEmpty() && volume.tags().keySet().stream().noneMatch(EtcdTag::isKey)) {
            return;
        }
        MemberEvidence evidence = new MemberEvidence(cluster, volume, facts.originOf(volume), lists::isMember);
        Finding finding = byHand.map(h -> evidence.byHand(new Identity(h.etcd(), h.member()))).orElseGet(evidence::found);
        if (byHand.isEmpty() && isSpare(volume, finding)) {
            return;
        }
        if (retired || volume.hasTag(OwnTags.STATE, OwnTags.INERT)) {
            refuse(retired ? Code.RETIRED.name() : "INERT", volume.id(), retired
                    ? "the volume was retired by a restore; its live tags are parked on it"
                    : "the volume was made by a restore that has not tagged it yet",
                    "restore-volume --rollback puts a retired volume's tags back, restore-volume finishes what it began");
            return;
        }
        refuseForCluster(volume);
        if (finding.identity().isEmpty()) {
            refuse(finding.code(), volume.id(), "which member it holds is not proven: " + finding.because(),
                    "say it, if you know it: --volume " + volume.id() + " --etcd ETCD --member MEMBER");
        }
        finding.identity().filter(i -> !refusals.containsKey(volume.id()) && isWanted(i.etcd()))
                .ifPresent(identity -> mend(volume, identity, finding.because()));
    }

    /** Nothing of it is needed: it is no claim that a node could follow, and its member counts without it. */
    private boolean isSpare(Volume volume, Finding finding) {
        boolean claims = before.stream().flatMap(e -> e.members().stream()).flatMap(m -> m.claims().stream())
                .anyMatch(c -> c.volume().id().equals(volume.id()));
        return !claims && before.stream()
                .filter(e -> finding.identity().map(i -> i.etcd().equals(e.etcd())).orElse(isNear(e, volume)))
                .allMatch(e -> e.members().stream()
                        .filter(m -> finding.identity().map(i -> i.member().equals(m.name())).orElse(true))
                        .allMatch(Member::counted));
    }

    private static boolean isNear(EtcdCluster etcd, Volume volume) {
        return etcd.nearMisses().stream().anyMatch(c -> c.volume().id().equals(volume.id()));
    }

    private void refuseForCluster(Volume volume) {
        List<String> named = Clusters.evidence(volume);
        boolean another = named.stream().anyMatch(c -> !c.equals(cluster) && clusters.names().contains(c));
        boolean none = named.isEmpty() && !clusters.isHome(volume, cluster);
        if (another || !named.isEmpty() && !clusters.isHome(volume, cluster)) {
            refuse(Reason.of(Code.FOREIGN_CLUSTER), volume.id(), "not of " + cluster + " alone");
        } else if (none && byHand.isEmpty()) {
            refuse("CLUSTER_UNPROVEN", volume.id(), "none of its tags names a cluster",
                    "say it, if you know it: --volume " + volume.id() + " --etcd ETCD --member MEMBER");
        }
    }

    private void mend(Volume volume, Identity identity, String because) {
        MemberLists.Proof list = lists.of(identity.etcd());
        String who = identity + " of " + cluster;
        if (!list.code().isEmpty()) {
            refuse(list.code(), volume.id(), who + ": which members " + identity.etcd() + " has is not proven",
                    "the members stand in the kops spec; give one volume its etcd tag by hand, then run this again");
            return;
        }
        if (!list.members().contains(identity.member())) {
            refuse(Reason.of(Code.MEMBER_NOT_IN_LIST, EtcdTag.key(identity.etcd())), volume.id(), who);
            return;
        }
        EtcdTag right = new EtcdTag(identity.etcd(), identity.member(), list.members());
        Map<String, String> wrongKeys = new TreeMap<>(volume.tags());
        wrongKeys.keySet().removeIf(key -> !EtcdTag.isKey(key) || key.equals(right.key()));
        Map<String, String> wrong = new TreeMap<>(LiveTags.required(before.get(0).generation(), cluster, right));
        wrong.entrySet().removeIf(tag -> volume.hasTag(tag.getKey(), tag.getValue()));
        List<PlannedChange> changes = new ArrayList<>();
        if (!wrongKeys.isEmpty()) {
            changes.add(PlannedChange.untag(volume, right.etcd(), right.member(), "WRONG_ETCD_KEY", wrongKeys));
        }
        if (!wrong.isEmpty()) {
            String reason = volume.tags().keySet().containsAll(wrong.keySet()) ? "TAG_WRONG_VALUE" : "TAG_MISSING";
            changes.add(PlannedChange.tag(volume, right.etcd(), right.member(), reason, wrong));
        }
        if (!changes.isEmpty()) {
            mends.put(volume.id(), new Mend(volume, right.etcd(), right.member(), changes, who + ": the member is proven by "
                    + because + ", its members " + String.join(",", list.members()) + " by " + list.by()));
            refuseForWhatItIs(volume, right);
        }
    }

    private void refuseForWhatItIs(Volume volume, EtcdTag right) {
        String who = right.etcd() + "/" + right.member() + " of " + cluster;
        if (!QuorumJudgement.KNOWN_ETCDS.contains(right.etcd())
                && VolumeName.of(volume).filter(n -> n.etcd().equals(right.etcd())).isEmpty()) {
            refuse("UNKNOWN_ETCD", volume.id(), who + ": kops knows no etcd cluster of this name, and no Name says it",
                    "if the key is mistyped, say which it is: --volume " + volume.id() + " --etcd ETCD --member MEMBER");
        }
        if (!Set.of("available", "in-use").contains(volume.state())) {
            refuse(Reason.of(Code.NOT_READY), volume.id(), who);
        }
        long tags = PlannedChange.applied(mends.get(volume.id()).changes, facts).volumes().stream()
                .filter(v -> v.id().equals(volume.id()))
                .flatMap(v -> v.tags().keySet().stream()).filter(k -> !k.startsWith("aws:")).count();
        if (tags > MOST_TAGS) {
            refuse("TAG_LIMIT", volume.id(), who + ": it would have " + tags + " tags, EC2 takes " + MOST_TAGS,
                    "remove tags of it that nobody reads");
        }
    }

    /**
     * A volume that leaves one member for another gives up its tag first where that other is still claimed by a volume that
     * is to be changed as well: two that are swapped would for an instant claim the same one.
     */
    private void makeRoom() {
        for (Mend mend : mends()) {
            String key = EtcdTag.key(mend.etcd);
            String now = mend.volume.tag(key).map(EtcdTag::identity).orElse("");
            boolean leaves = lists.isMember(mend.etcd, now) && !now.equals(mend.member);
            boolean taken = mends().stream().anyMatch(o -> o != mend && o.etcd.equals(mend.etcd)
                    && o.volume.tag(key).map(EtcdTag::identity).filter(mend.member::equals).isPresent());
            if (leaves && taken) {
                mends.put(mend.volume.id(), new Mend(mend.volume, mend.etcd, mend.member, withRoom(mend, key), mend.evidence));
            }
        }
    }

    private static List<PlannedChange> withRoom(Mend mend, String key) {
        Map<String, String> off = new TreeMap<>(Map.of(key, mend.volume.tags().get(key)));
        Map<String, String> set = new TreeMap<>();
        mend.changes.forEach(c -> (c.action() == PlannedChange.Action.UNTAG ? off : set)
                .putAll(c.action() == PlannedChange.Action.UNTAG ? c.before() : c.after()));
        Map<String, String> left = new TreeMap<>(mend.volume.tags());
        left.keySet().removeAll(off.keySet());
        return List.of(PlannedChange.untag(mend.volume, mend.etcd, mend.member, "WRONG_ETCD_KEY", off),
                PlannedChange.tag(mend.volume.withTags(left), mend.etcd, mend.member, "TAG_WRONG_VALUE", set));
    }

    /** Holds what would be against what must be. Of a volume named by hand only what concerns it is looked at. */
    private void check(EtcdCluster etcd) {
        for (Member member : etcd.members()) {
            String who = etcd.etcd() + "/" + member.name() + " of " + cluster;
            boolean ours = byHand.isEmpty() || member.claims().stream().anyMatch(c -> mends.containsKey(c.volume().id()));
            boolean twins = member.reasons().contains(Reason.of(Code.DUPLICATE_MEMBER));
            for (Claim claim : ours ? member.claims() : List.<Claim>of()) {
                String id = claim.volume().id();
                boolean changed = mends.containsKey(id);
                List<Reason> against = claim.reasons().stream().filter(r -> OF_TAGS.contains(r.code()) && byHand.isEmpty()
                        || changed && (OF_TAGS.contains(r.code()) || OF_PLACE.contains(r.code()) && !member.counted()))
                        .toList();
                if (!refusals.containsKey(id)) {
                    if (twins) {
                        refuse(Reason.of(Code.DUPLICATE_MEMBER), id, who);
                    }
                    against.forEach(reason -> refuse(reason, id, who));
                }
            }
            if (!member.counted() && wasCounted(etcd.etcd(), member.name())) {
                mends.keySet().forEach(id -> refuse("WOULD_WORSEN", id,
                        who + " counts now and would not count any more: " + member.reasons(),
                        "find out which of the volumes hold the data before any of them is tagged"));
            }
        }
    }

    private boolean wasCounted(String etcd, String member) {
        return before.stream().filter(e -> e.etcd().equals(etcd)).flatMap(e -> e.members().stream())
                .anyMatch(m -> m.name().equals(member) && m.counted());
    }
}
