package restore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import facts.Facts;
import facts.Volume;
import judgement.Reason;
import plan.Plan;
import plan.PlannedChange;
import plan.PlannedChange.Action;
import problem.Problem;
import problem.ProblemCode;
import tags.EtcdTag;
import tags.LiveTags;
import tags.Membership;
import tags.OwnTags;
import tags.VolumeName;

/**
 * Rolls a restore back. First every new volume loses its live tags. Then every old volume gets back all tags that it had.
 * Interrupted anywhere, the same command finishes the rest.
 */
public final class Rollback {
    private final Facts facts;
    private final String cluster;
    private final String restore;
    private final Set<String> etcds;

    /** @param etcds only these etcd clusters; empty: all of the restore */
    public Rollback(Facts facts, String cluster, String restore, Set<String> etcds) {
        this.facts = facts;
        this.cluster = cluster;
        this.restore = restore;
        this.etcds = Set.copyOf(etcds);
    }

    /** Whether anything of the restore is left in EC2. */
    public boolean isKnown() {
        return !olds().isEmpty() || !news().isEmpty() || facts.volumes().stream().anyMatch(v -> v.exists()
                && v.hasTag(OwnTags.RUN, restore) && RestoreId.isOf(v, cluster) && v.tag(OwnTags.STATE).isPresent());
    }

    public Plan plan() {
        List<PlannedChange> changes = new ArrayList<>();
        news().forEach(v -> changes.addAll(withdrawal(v)));
        olds().forEach(v -> {
            Retirement retirement = new Retirement(v, Membership.recorded(v), restore);
            changes.add(retirement.giveBack());
            changes.add(retirement.forget());
        });
        return new Plan(changes);
    }

    /** By our own tags, or (kops deletes those from live volumes) by the source, if this is its last restore. */
    private List<Volume> news() {
        String source = RestoreId.source(restore);
        boolean isLast = RestoreId.isLast(facts, cluster, restore);
        return facts.volumes().stream().filter(Volume::exists).filter(v -> !Retirement.isOf(v, restore))
                .filter(v -> v.hasTag(OwnTags.RUN, restore) && RestoreId.isOf(v, cluster)
                        && !v.hasTag(OwnTags.STATE, OwnTags.ROLLED_BACK) || isLast && isLiveFrom(source, v))
                .filter(v -> etcds.isEmpty() || etcds.contains(Membership.recorded(v).etcd()))
                .sorted(Comparator.comparing(Volume::id)).toList();
    }

    private boolean isLiveFrom(String source, Volume v) {
        return v.tag(OwnTags.RUN).isEmpty() && v.hasTag(LiveTags.KUBERNETES_CLUSTER, cluster)
                && v.tags().keySet().stream().anyMatch(EtcdTag::isKey) && (v.snapshot().equals(source)
                || facts.originOf(v).filter(s -> source.equals(s.tags().get(OwnTags.SET))).isPresent());
    }

    private List<Volume> olds() {
        return facts.volumes().stream().filter(Volume::exists).filter(v -> Retirement.isOf(v, restore))
                .filter(v -> RestoreId.isOf(v, cluster))
                .filter(v -> etcds.isEmpty() || etcds.contains(Membership.recorded(v).etcd()))
                .sorted(Comparator.comparing(Volume::id)).toList();
    }

    private List<PlannedChange> withdrawal(Volume v) {
        Membership of = Membership.recorded(v);
        Map<String, String> live = new TreeMap<>(v.tags());
        live.keySet().removeIf(key -> !LiveTags.isLive(key) || key.equals(LiveTags.NAME));
        List<PlannedChange> changes = new ArrayList<>();
        if (!live.isEmpty()) {
            changes.add(new PlannedChange(Action.UNTAG, v.id(), v.id(), of.etcd(), of.member(), "ROLLED_BACK", live, Map.of()));
        }
        String name = new VolumeName(of.member(), of.etcd(), cluster).inert();
        changes.add(PlannedChange.tag(v, of.etcd(), of.member(), "ROLLED_BACK", Map.of(LiveTags.NAME, name,
                OwnTags.STATE, OwnTags.ROLLED_BACK, OwnTags.RUN, restore, OwnTags.CLUSTER, cluster, OwnTags.ETCD, of.etcd(),
                OwnTags.MEMBER, of.member())));
        return changes;
    }

    /** What speaks against rolling back. */
    public List<Problem> refusals() {
        List<Problem> refusals = new ArrayList<>();
        for (Volume v : news()) {
            String whose = "the new volume of " + Membership.recorded(v);
            facts.runningHolderOf(v).ifPresent(holder -> refusals.add(RestoreGuards.stillAttached(v, whose, holder)));
            v.tag(OwnTags.RETIRED_BY).ifPresent(later -> refusals.add(Problem.error(ProblemCode.LATER_RESTORE, v.id(),
                    whose + " was retired by restore " + later, "roll back that restore first")));
        }
        for (Volume old : olds()) {
            Membership of = Membership.recorded(old);
            if (olds().stream().filter(o -> Membership.recorded(o).equals(of)).count() > 1) {
                refusals.add(Problem.error(Reason.Code.DUPLICATE_MEMBER, old.id(), old.id() + " was one of several volumes of "
                        + of + "; with all their tags back, two volumes would match the member again",
                        "find out which volume holds the data and give back the tags parked on it: aws ec2 describe-tags "
                                + "--filters Name=resource-id,Values=" + old.id()));
            }
            facts.volumes().stream().filter(v -> v.exists() && claimsToo(v, old, of)).forEach(v ->
                    refusals.add(Problem.error(Reason.Code.DUPLICATE_MEMBER, v.id(), v.id() + " claims " + of
                            + " as well; with the tags of " + old.id() + " back, two volumes would match the member",
                            "find out which volume holds the data: verify-quorum-volumes")));
        }
        return refusals;
    }

    /** Whether a volume that this restore neither made nor retired claims the member of an old one. */
    private boolean claimsToo(Volume v, Volume old, Membership of) {
        boolean apart = !v.id().equals(old.id()) && news().stream().noneMatch(n -> n.id().equals(v.id()))
                && !Retirement.isOf(v, restore);
        boolean ours = RestoreId.isOf(v, cluster) || v.hasTag(LiveTags.KUBERNETES_CLUSTER, cluster);
        return apart && ours && Membership.claimed(v, of.etcd()).filter(of.member()::equals).isPresent();
    }
}
