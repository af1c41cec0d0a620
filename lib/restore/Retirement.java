package restore;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import facts.Volume;
import plan.PlannedChange;
import plan.PlannedChange.Action;
import tags.LiveTags;
import tags.Membership;
import tags.OwnTags;

/**
 * How an old volume loses its live tags, and how it gets back every one of them. The tags are first parked on the volume
 * itself, so that no crash can lose one. Then all live tags go in one call, so that the volume stops matching at one instant.
 */
final class Retirement {
    private static final String RETIRED_NAME = "retired.";
    /** EC2 takes keys up to 128 and values up to 256 characters, 50 tags a resource (user guide, tag restrictions). */
    private static final int MOST_TAGS = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private final Volume volume;
    private final Membership of;
    private final String restore;

    /** @param restore the name of the restore that retires the volume, or that did */
    Retirement(Volume volume, Membership of, String restore) {
        this.volume = volume;
        this.of = of;
        this.restore = restore;
    }

    static boolean isOf(Volume volume, String restore) {
        return volume.hasTag(OwnTags.RETIRED_BY, restore);
    }

    /** The live tags that the volume had before, whether it still has them or has them parked. */
    Map<String, String> originals() {
        Map<String, String> originals = new TreeMap<>();
        volume.tags().forEach((key, value) -> {
            if (isOf(volume, restore) && OwnTags.isParked(key)) {
                originals.put(OwnTags.unpark(key), value);
            } else if (!isOf(volume, restore) && LiveTags.isLive(key)) {
                originals.put(key, value);
            }
        });
        return originals;
    }

    /** Why EC2 would not take the parked tags; empty when it would. */
    Optional<String> impossible() {
        long after = volume.tags().keySet().stream().filter(k -> !k.startsWith("aws:")).count() + originals().size() + 1
                + (volume.tag(LiveTags.NAME).isPresent() ? 0 : 1);
        if (!isOf(volume, restore) && after > MOST_TAGS) {
            return Optional.of("the volume has too many tags to park its live ones beside them (EC2 takes 50)");
        }
        boolean tooLong = originals().keySet().stream().anyMatch(k -> OwnTags.parked(k).length() > LONGEST_KEY)
                || RETIRED_NAME.length() + originals().getOrDefault(LiveTags.NAME, "").length() > LONGEST_VALUE;
        return tooLong ? Optional.of("a tag of the volume is too long to be parked") : Optional.empty();
    }

    PlannedChange park() {
        Map<String, String> after = new TreeMap<>();
        originals().forEach((key, value) -> after.put(OwnTags.parked(key), value));
        after.put(LiveTags.NAME, retiredName());
        after.put(OwnTags.RETIRED_BY, restore);
        Map<String, String> before = new TreeMap<>(originals());
        before.keySet().retainAll(Set.of(LiveTags.NAME));
        return change(Action.TAG, "RETIRED", before, after);
    }

    PlannedChange strip() {
        return change(Action.UNTAG, "RETIRED", withoutName(originals()), Map.of());
    }

    PlannedChange giveBack() {
        Map<String, String> before = Map.of(LiveTags.NAME, retiredName());
        return change(Action.TAG, "ROLLED_BACK", before, originals());
    }

    /** The last call of a roll back: afterwards nothing on the volume tells that it was retired. */
    PlannedChange forget() {
        Map<String, String> gone = new TreeMap<>();
        originals().forEach((key, value) -> gone.put(OwnTags.parked(key), value));
        gone.put(OwnTags.RETIRED_BY, restore);
        if (!originals().containsKey(LiveTags.NAME)) {
            gone.put(LiveTags.NAME, retiredName());
        }
        return change(Action.UNTAG, "ROLLED_BACK", gone, Map.of());
    }

    private String retiredName() {
        return RETIRED_NAME + originals().getOrDefault(LiveTags.NAME, volume.id());
    }

    private static Map<String, String> withoutName(Map<String, String> tags) {
        Map<String, String> rest = new TreeMap<>(tags);
        rest.remove(LiveTags.NAME);
        return rest;
    }

    private PlannedChange change(Action action, String reason, Map<String, String> before, Map<String, String> after) {
        return new PlannedChange(action, volume.id(), volume.id(), of.etcd(), of.member(), reason, before, after);
    }
}
