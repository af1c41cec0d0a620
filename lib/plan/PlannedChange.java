package plan;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import facts.Facts;
import facts.Volume;

/**
 * One API call that would change something in AWS, decided before the first is made.
 *
 * @param target   a name that is the same however far a run came: the resource's id, or words such as {@code new main/a} for
 *                 a volume that is not made yet
 * @param resource its id, for people and for EC2; empty until it is made
 * @param reason   a code of REPORTS.md
 * @param before   TAG: the present values of the keys that are set, where they exist; UNTAG: keys and values to remove
 * @param after    TAG: keys and values to set; CREATE_VOLUME: what it is made of; UNTAG: nothing
 */
public record PlannedChange(
        Action action, String target, String resource, String etcd, String member, String reason,
        Map<String, String> before, Map<String, String> after) {

    public enum Action {
        CREATE_VOLUME, TAG, UNTAG;

        /** The word that reports use. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public PlannedChange {
        before = Map.copyOf(before);
        after = Map.copyOf(after);
    }

    /** Sets tags on a volume: {@code before} is what it has of these keys now. */
    public static PlannedChange tag(Volume volume, String etcd, String member, String reason, Map<String, String> tags) {
        Map<String, String> before = new TreeMap<>(volume.tags());
        before.keySet().retainAll(tags.keySet());
        return new PlannedChange(Action.TAG, volume.id(), volume.id(), etcd, member, reason, before, tags);
    }

    public static PlannedChange untag(Volume volume, String etcd, String member, String reason, Map<String, String> tags) {
        return new PlannedChange(Action.UNTAG, volume.id(), volume.id(), etcd, member, reason, tags, Map.of());
    }

    /** The same change, once its resource is made and has an id. */
    public PlannedChange on(String id) {
        return new PlannedChange(action, target, id, etcd, member, reason, before, after);
    }

    /** What EC2 would say once these changes were made to tags. */
    public static Facts applied(List<PlannedChange> changes, Facts facts) {
        List<Volume> changed = facts.volumes();
        for (PlannedChange change : changes) {
            changed = changed.stream().map(v -> v.id().equals(change.resource())
                    ? v.withTags(change.appliedTo(v.tags())) : v).toList();
        }
        return new Facts(changed, facts.instances(), facts.snapshots());
    }

    /** What the tags of its resource are once it is made. */
    public Map<String, String> appliedTo(Map<String, String> tags) {
        Map<String, String> applied = new TreeMap<>(tags);
        switch (action) {
            case TAG -> applied.putAll(after);
            case UNTAG -> before.forEach(applied::remove);
            case CREATE_VOLUME -> { }
        }
        return applied;
    }
}
