package restore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import plan.Plan;
import plan.PlannedChange;
import problem.Problem;

/**
 * A restore of one or several etcd clusters as a whole: its plan, what the new volumes are made of, and what speaks against
 * it. No volume is retired before all new volumes are there, and none gets live tags before all old ones are retired.
 */
public final class Restore {
    private final List<RestorePlan> plans;
    private final Optional<String> proposedSet;

    /** What CreateVolume is asked for, beside what the plan shows. */
    public record NewVolume(VolumeSpec spec, Map<String, String> tags) {
    }

    /**
     * @param plans       one per etcd cluster, all of the same name
     * @param proposedSet the set that was chosen because nobody named one; empty when the source was named
     */
    Restore(List<RestorePlan> plans, Optional<String> proposedSet) {
        this.plans = List.copyOf(plans);
        this.proposedSet = proposedSet;
    }

    /** SET.N, the name by which the restore is rolled back. */
    public String id() {
        return plans.get(0).request().restore();
    }

    /** The etcd clusters that get volumes, in the order of the plan. */
    public List<String> etcds() {
        return plans.stream().map(p -> p.request().etcd()).toList();
    }

    /** The set that was proposed, as words for the command line that carries the restore out. */
    public List<String> wordsToName() {
        return proposedSet.map(set -> List.of("--set", set)).orElse(List.of());
    }

    public Plan plan() {
        List<PlannedChange> changes = new ArrayList<>();
        plans.forEach(p -> changes.addAll(p.creations()));
        plans.forEach(p -> changes.addAll(p.retirements()));
        plans.forEach(p -> changes.addAll(p.publications()));
        return new Plan(changes);
    }

    /** What each CREATE_VOLUME of the plan makes, by its target. */
    public Map<String, NewVolume> newVolumes() {
        Map<String, NewVolume> all = new LinkedHashMap<>();
        plans.forEach(p -> all.putAll(p.newVolumes()));
        return all;
    }

    /** The KMS keys that encrypt the new volumes. */
    public Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        newVolumes().values().forEach(v -> keys.add(v.spec().kmsKey()));
        keys.remove("");
        return keys;
    }

    /** The longest time in seconds that a new volume takes to load at a rate in MiB/s; 0 for no rate. */
    public long loadSeconds(int rate) {
        return rate == 0 ? 0 : newVolumes().values().stream()
                .mapToLong(v -> (v.spec().sizeGib() * 1024L - 1) / rate + 1).max().orElse(0);
    }

    /** Whether a second command must bring the rest of a set. */
    public boolean leavesRest() {
        return plans.stream().anyMatch(p -> p.request().leavesRest());
    }

    /**
     * What the guards say.
     *
     * @param unusableKeys KMS keys that EC2 cannot use, with the state they are in
     * @param acts         whether the changes are to be made now; then a set must have been named
     * @param isPlanNamed  whether the operator named the plan, hence has seen it
     */
    public List<Problem> refusals(Map<String, String> unusableKeys, boolean acts, boolean isPlanNamed) {
        List<Problem> refusals = new ArrayList<>();
        plans.forEach(p -> refusals.addAll(RestoreGuards.check(p, unusableKeys)));
        RestoreGuards.unnamed(proposedSet, acts).ifPresent(refusals::add);
        if (refusals.isEmpty()) {
            RestoreGuards.unseen(plans.get(0), acts && !isPlanNamed).ifPresent(refusals::add);
        }
        return refusals;
    }
}
