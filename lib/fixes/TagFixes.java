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
import judgement.EtcdCluster;
import judgement.EtcdCluster.Claim;
import judgement.EtcdCluster.Member;
import judgement.QuorumJudgement;
import judgement.Reason;
import judgement.Reason.Code;
import plan.Plan;
import plan.PlannedChange;
import problem.Problem;
import problem.ProblemCode;
import problem.ReportCode;
import tags.Clusters;
import tags.EtcdTag;
import tags.Generation;
import tags.LiveTags;
import tags.Membership;
import tags.OwnTags;
import tags.VolumeName;

/**
 * Which tags fix one cluster's etcd volumes for their readers, or why tags must not be changed. All fixes are made or none.
 * The changes are tried on the facts first. A volume that would then be claimed twice, be in a wrong place or rest on a guess
 * is refused.
 */
public final class TagFixes {
    /** EC2 User Guide, tag restrictions; tags that AWS itself writes do not count. */
    private static final int MOST_TAGS = 50;

    /** Somebody's word for what one volume holds. */
    public record ByHand(String volume, String etcd, String member) {
    }

    /** The changes of one volume and what proves them. */
    public record Fix(Volume volume, String etcd, String member, List<PlannedChange> changes, String evidence) {
    }

    /** Reasons that lie in tags. While one of them stays, the cluster is not fixed. */
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
    private final Map<String, Fix> fixes = new LinkedHashMap<>();
    private final Map<String, List<Problem>> refusals = new LinkedHashMap<>();
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
                    .ifPresentOrElse(this::fix, () -> refuse(ProblemCode.VOLUME_UNSEEN, byHand.get().volume(),
                            "the region shows no such volume"));
        } else {
            volumes().forEach(this::fix);
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

    /** In the order of this plan no member is ever claimed twice. */
    public Plan plan() {
        return new Plan(changes());
    }

    public List<Problem> refusals() {
        return refusals.values().stream().flatMap(List::stream).distinct().toList();
    }

    public List<Fix> fixes() {
        return List.copyOf(fixes.values());
    }

    /** The fixes that nothing speaks against, so that each may be made by itself. */
    public List<Fix> sound() {
        return fixes().stream().filter(m -> !refusals.containsKey(m.volume.id())).toList();
    }

    /** What the volumes would be once it is done. */
    public List<EtcdCluster> after() {
        return after;
    }

    private boolean isWanted(String etcd) {
        return wanted.isEmpty() || wanted.contains(etcd);
    }

    /** Tags are removed first: between two calls a volume may match too little, never two members. */
    private List<PlannedChange> changes() {
        List<PlannedChange> all = fixes.values().stream().flatMap(m -> m.changes.stream()).toList();
        return Stream.of(PlannedChange.Action.UNTAG, PlannedChange.Action.TAG)
                .flatMap(action -> all.stream().filter(c -> c.action() == action)).toList();
    }

    private void refuse(ReportCode code, String volume, String summary) {
        refuse(Problem.error(code, volume, summary));
    }

    private void refuse(Reason reason, String volume, String who) {
        refuse(new Problem(reason.toString(), Problem.Severity.ERROR, volume, who + ": " + reason.sentence(),
                reason.code().remedy()));
    }

    private void refuse(Problem refusal) {
        refusals.computeIfAbsent(refusal.resource(), volume -> new ArrayList<>()).add(refusal);
    }

    /** Every volume that the judgement speaks of, each once. */
    private List<Volume> volumes() {
        return before.stream().filter(e -> isWanted(e.etcd()))
                .flatMap(e -> e.claims().stream()).map(Claim::volume).distinct().toList();
    }

    private void fix(Volume volume) {
        boolean retired = volume.tags().keySet().stream().anyMatch(OwnTags::isParkedEtcdKey);
        if (retired && byHand.isEmpty() && volume.tags().keySet().stream().noneMatch(EtcdTag::isKey)) {
            return;
        }
        MemberEvidence evidence = new MemberEvidence(cluster, volume, facts.originOf(volume), lists::isMember);
        Finding finding = byHand.map(h -> evidence.byHand(new Membership(h.etcd(), h.member()))).orElseGet(evidence::found);
        if (byHand.isEmpty() && isSpare(volume, finding)) {
            return;
        }
        if (retired || volume.hasTag(OwnTags.STATE, OwnTags.INERT)) {
            refuse(Problem.error(retired ? Code.RETIRED : ProblemCode.INERT, volume.id(), retired
                    ? "a restore retired the volume; its live tags are parked on the volume itself"
                    : ProblemCode.INERT.sentence(),
                    "restore-volume --rollback gives a retired volume its tags back; restore-volume finishes what it began"));
            return;
        }
        refuseForCluster(volume);
        finding.code().ifPresent(code -> refuse(Problem.error(code, volume.id(),
                "the volume's member is not proven: " + finding.because(), byHandInstead(volume))));
        finding.membership().filter(m -> !refusals.containsKey(volume.id()) && isWanted(m.etcd()))
                .ifPresent(membership -> fix(volume, membership, finding.because()));
    }

    private static String byHandInstead(Volume volume) {
        return "if you know the member, name it: --volume " + volume.id() + " --etcd ETCD --member MEMBER";
    }

    /** Whether nobody needs the volume: no node could follow its claim, and its member counts without it. */
    private boolean isSpare(Volume volume, Finding finding) {
        boolean claims = before.stream().flatMap(e -> e.members().stream()).flatMap(m -> m.claims().stream())
                .anyMatch(c -> c.volume().id().equals(volume.id()));
        return !claims && before.stream()
                .filter(e -> finding.membership().map(i -> i.etcd().equals(e.etcd())).orElse(isNear(e, volume)))
                .allMatch(e -> e.members().stream()
                        .filter(m -> finding.membership().map(i -> i.member().equals(m.name())).orElse(true))
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
            refuse(Problem.error(ProblemCode.CLUSTER_UNPROVEN, volume.id(), ProblemCode.CLUSTER_UNPROVEN.sentence(),
                    byHandInstead(volume)));
        }
    }

    private void fix(Volume volume, Membership membership, String because) {
        MemberLists.Proof list = lists.of(membership.etcd());
        String who = membership + " of " + cluster;
        if (list.missing().isPresent()) {
            refuse(Problem.error(list.missing().get(), volume.id(), who + ": nothing proves which members " + membership.etcd()
                    + " has", ProblemCode.MEMBERS_UNPROVEN.remedy()));
            return;
        }
        if (!list.members().contains(membership.member())) {
            refuse(Reason.of(Code.MEMBER_NOT_IN_LIST, EtcdTag.key(membership.etcd())), volume.id(), who);
            return;
        }
        EtcdTag right = new EtcdTag(membership.etcd(), membership.member(), list.members());
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
            fixes.put(volume.id(), new Fix(volume, right.etcd(), right.member(), changes, who + ": the member is proven by "
                    + because + ", its members " + String.join(",", list.members()) + " by " + list.by()));
            refuseForWhatItIs(volume, right);
        }
    }

    private void refuseForWhatItIs(Volume volume, EtcdTag right) {
        String who = right.etcd() + "/" + right.member() + " of " + cluster;
        if (!QuorumJudgement.KNOWN_ETCDS.contains(right.etcd())
                && VolumeName.of(volume).filter(n -> n.etcd().equals(right.etcd())).isEmpty()) {
            refuse(Problem.error(ProblemCode.UNKNOWN_ETCD, volume.id(), who
                    + ": kops knows no etcd cluster of this name, and no Name says it",
                    "if the key is mistyped, name the right one: --volume " + volume.id() + " --etcd ETCD --member MEMBER"));
        }
        if (!Set.of("available", "in-use").contains(volume.state())) {
            refuse(Reason.of(Code.NOT_READY), volume.id(), who);
        }
        long tags = PlannedChange.applied(fixes.get(volume.id()).changes, facts).volumes().stream()
                .filter(v -> v.id().equals(volume.id()))
                .flatMap(v -> v.tags().keySet().stream()).filter(k -> !k.startsWith("aws:")).count();
        if (tags > MOST_TAGS) {
            refuse(ProblemCode.TAG_LIMIT, volume.id(), who + ": the volume would have " + tags + " tags, EC2 takes "
                    + MOST_TAGS);
        }
    }

    /**
     * A volume may move from one member to another that a second changed volume still claims. Then the first volume loses its
     * tag before it gets the new one. Else two volumes that are swapped would for an instant claim the same member.
     */
    private void makeRoom() {
        for (Fix fix : fixes()) {
            String key = EtcdTag.key(fix.etcd);
            String now = Membership.claimed(fix.volume, fix.etcd).orElse("");
            boolean leaves = lists.isMember(fix.etcd, now) && !now.equals(fix.member);
            boolean taken = fixes().stream().anyMatch(o -> o != fix && o.etcd.equals(fix.etcd)
                    && Membership.claimed(o.volume, fix.etcd).filter(fix.member::equals).isPresent());
            if (leaves && taken) {
                fixes.put(fix.volume.id(), new Fix(fix.volume, fix.etcd, fix.member, withRoom(fix, key), fix.evidence));
            }
        }
    }

    private static List<PlannedChange> withRoom(Fix fix, String key) {
        Map<String, String> off = new TreeMap<>(Map.of(key, fix.volume.tags().get(key)));
        Map<String, String> set = new TreeMap<>();
        fix.changes.forEach(c -> (c.action() == PlannedChange.Action.UNTAG ? off : set)
                .putAll(c.action() == PlannedChange.Action.UNTAG ? c.before() : c.after()));
        Map<String, String> left = new TreeMap<>(fix.volume.tags());
        left.keySet().removeAll(off.keySet());
        return List.of(PlannedChange.untag(fix.volume, fix.etcd, fix.member, "WRONG_ETCD_KEY", off),
                PlannedChange.tag(fix.volume.withTags(left), fix.etcd, fix.member, "TAG_WRONG_VALUE", set));
    }

    /** Compares the outcome with what must be. For a volume named by hand only its own member is looked at. */
    private void check(EtcdCluster etcd) {
        for (Member member : etcd.members()) {
            String who = etcd.etcd() + "/" + member.name() + " of " + cluster;
            boolean ours = byHand.isEmpty() || member.claims().stream().anyMatch(c -> fixes.containsKey(c.volume().id()));
            boolean duplicates = member.reasons().contains(Reason.of(Code.DUPLICATE_MEMBER));
            for (Claim claim : ours ? member.claims() : List.<Claim>of()) {
                String id = claim.volume().id();
                boolean changed = fixes.containsKey(id);
                List<Reason> against = claim.reasons().stream().filter(r -> OF_TAGS.contains(r.code()) && byHand.isEmpty()
                        || changed && (OF_TAGS.contains(r.code()) || OF_PLACE.contains(r.code()) && !member.counted()))
                        .toList();
                if (!refusals.containsKey(id)) {
                    if (duplicates) {
                        refuse(Reason.of(Code.DUPLICATE_MEMBER), id, who);
                    }
                    against.forEach(reason -> refuse(reason, id, who));
                }
            }
            if (!member.counted() && wasCounted(etcd.etcd(), member.name())) {
                fixes.keySet().forEach(id -> refuse(ProblemCode.WOULD_WORSEN, id,
                        who + " counts now and would not count any more: " + member.reasons()));
            }
        }
    }

    private boolean wasCounted(String etcd, String member) {
        return before.stream().filter(e -> e.etcd().equals(etcd)).flatMap(e -> e.members().stream())
                .anyMatch(m -> m.name().equals(member) && m.counted());
    }
}
