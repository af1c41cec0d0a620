package restore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import facts.Facts;
import facts.Volume;
import plan.Plan;
import plan.PlannedChange;
import plan.PlannedChange.Action;
import problem.Refusal;
import tags.EtcdTag;
import tags.LiveTags;
import tags.OwnTags;
import tags.VolumeName;

/**
 * Undoes a run of restore-volume: first every new volume loses its live tags, then every old one gets back all that it had,
 * and forgets that it was retired. Broken off anywhere, the same again finishes it.
 */
public final class Rollback {
    private final Facts facts;
    private final String cluster;
    private final String run;
    private final Set<String> etcds;

    /** @param etcds only these etcd clusters; empty: all of the run */
    public Rollback(Facts facts, String cluster, String run, Set<String> etcds) {
        this.facts = facts;
        this.cluster = cluster;
        this.run = run;
        this.etcds = Set.copyOf(etcds);
    }

    /** Whether anything of the run is left in EC2. */
    public boolean isKnown() {
        return !olds().isEmpty() || !news().isEmpty() || facts.volumes().stream().anyMatch(v -> v.exists()
                && v.hasTag(OwnTags.RUN, run) && RestoreId.isOf(v, cluster) && v.tag(OwnTags.STATE).isPresent());
    }

    public Plan plan() {
        List<PlannedChange> changes = new ArrayList<>();
        news().forEach(v -> changes.addAll(withdrawal(v)));
        olds().forEach(v -> {
            Retirement retirement = new Retirement(v, etcdOf(v), memberOf(v), run);
            changes.add(retirement.giveBack());
            changes.add(retirement.forget());
        });
        return new Plan(changes);
    }

    /** By our own tags, or (kops deletes those from live volumes) by what the run restored from, if it is the last such run. */
    private List<Volume> news() {
        String source = run.substring(0, Math.max(0, run.lastIndexOf('.')));
        boolean isLast = run.equals(RestoreId.of(facts, cluster, source));
        return facts.volumes().stream().filter(Volume::exists).filter(v -> !Retirement.isOf(v, run))
                .filter(v -> v.hasTag(OwnTags.RUN, run) && RestoreId.isOf(v, cluster)
                        && !v.hasTag(OwnTags.STATE, OwnTags.ROLLED_BACK) || isLast && isLiveFrom(source, v))
                .filter(v -> etcds.isEmpty() || etcds.contains(etcdOf(v)))
                .sorted(Comparator.comparing(Volume::id)).toList();
    }

    private boolean isLiveFrom(String source, Volume v) {
        return v.tag(OwnTags.RUN).isEmpty() && v.hasTag(LiveTags.KUBERNETES_CLUSTER, cluster)
                && v.tags().keySet().stream().anyMatch(EtcdTag::isKey) && (v.snapshot().equals(source)
                || facts.originOf(v).filter(s -> source.equals(s.tags().get(OwnTags.SET))).isPresent());
    }

    private List<Volume> olds() {
        return facts.volumes().stream().filter(Volume::exists).filter(v -> Retirement.isOf(v, run))
                .filter(v -> RestoreId.isOf(v, cluster)).filter(v -> etcds.isEmpty() || etcds.contains(etcdOf(v)))
                .sorted(Comparator.comparing(Volume::id)).toList();
    }

    private List<PlannedChange> withdrawal(Volume v) {
        Map<String, String> live = new TreeMap<>(v.tags());
        live.keySet().removeIf(key -> !LiveTags.isLive(key) || key.equals(LiveTags.NAME));
        List<PlannedChange> changes = new ArrayList<>();
        if (!live.isEmpty()) {
            changes.add(new PlannedChange(Action.UNTAG, v.id(), v.id(), etcdOf(v), memberOf(v), "ROLLED_BACK", live,
                    Map.of()));
        }
        String name = new VolumeName(memberOf(v), etcdOf(v), cluster).inert();
        changes.add(PlannedChange.tag(v, etcdOf(v), memberOf(v), "ROLLED_BACK", Map.of(LiveTags.NAME, name,
                OwnTags.STATE, OwnTags.ROLLED_BACK, OwnTags.RUN, run, OwnTags.CLUSTER, cluster, OwnTags.ETCD, etcdOf(v),
                OwnTags.MEMBER, memberOf(v))));
        return changes;
    }

    private static String etcdOf(Volume v) {
        return v.tag(OwnTags.ETCD).or(() -> v.tags().keySet().stream()
                .filter(k -> EtcdTag.isKey(k) || OwnTags.isParkedEtcdKey(k)).sorted().findFirst()
                .map(k -> EtcdTag.etcdOfKey(OwnTags.isParkedEtcdKey(k) ? OwnTags.unpark(k) : k)))
                .or(() -> v.tag(OwnTags.parked(LiveTags.NAME)).flatMap(VolumeName::parse).map(VolumeName::etcd)).orElse("");
    }

    private static String memberOf(Volume v) {
        String etcd = etcdOf(v);
        return v.tag(OwnTags.MEMBER).or(() -> v.tag(EtcdTag.key(etcd)).map(EtcdTag::identity))
                .or(() -> Retirement.member(v, etcd)).orElse("");
    }

    /** What stands against it. */
    public List<Refusal> refusals() {
        List<Refusal> refusals = new ArrayList<>();
        for (Volume v : news()) {
            facts.runningHolderOf(v).ifPresent(holder -> refusals.add(RestoreGuards.stillAttached(
                    v, "the new volume of " + etcdOf(v) + "/" + memberOf(v), holder)));
            v.tag(OwnTags.RETIRED_BY).ifPresent(later -> refusals.add(new Refusal("LATER_RUN", v.id(), "the new volume of "
                    + etcdOf(v) + "/" + memberOf(v) + " was retired by run " + later, "roll back that run first")));
        }
        for (Volume old : olds()) {
            if (olds().stream().filter(o -> etcdOf(o).equals(etcdOf(old)) && memberOf(o).equals(memberOf(old))).count() > 1) {
                refusals.add(new Refusal("DUPLICATE_MEMBER", old.id(), old.id() + " was one of several volumes of "
                        + etcdOf(old) + "/" + memberOf(old) + ": giving back all their tags would make twins again",
                        "find out which holds the data and give back the tags parked on it: aws ec2 describe-tags "
                                + "--filters Name=resource-id,Values=" + old.id()));
            }
            facts.volumes().stream().filter(Volume::exists)
                    .filter(v -> !v.id().equals(old.id()) && news().stream().noneMatch(n -> n.id().equals(v.id())))
                    .filter(v -> RestoreId.isOf(v, cluster) || v.hasTag(LiveTags.KUBERNETES_CLUSTER, cluster))
                    .filter(v -> v.tag(EtcdTag.key(etcdOf(old))).map(EtcdTag::identity).filter(memberOf(old)::equals)
                            .isPresent())
                    .filter(v -> !Retirement.isOf(v, run))
                    .forEach(v -> refusals.add(new Refusal("DUPLICATE_MEMBER", v.id(), v.id() + " claims " + etcdOf(old)
                            + "/" + memberOf(old) + " as well: giving back the tags of " + old.id()
                            + " would make two of them", "find out which holds the data: verify-quorum-volumes")));
        }
        return refusals;
    }
}
