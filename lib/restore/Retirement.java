package restore;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import facts.Volume;
import plan.PlannedChange;
import plan.PlannedChange.Action;
import tags.EtcdTag;
import tags.LiveTags;
import tags.OwnTags;
import tags.VolumeName;

/**
 * How an old volume loses its live tags and gets back every one of them. They are parked on the volume itself, first, so
 * that no crash can lose one; then they all go in one call, so that it stops matching at one instant.
 */
final class Retirement {
    private static final String RETIRED_NAME = "retired.";
    /** EC2 takes keys up to 128 and values up to 256 characters, 50 tags a resource (user guide, tag restrictions). */
    private static final int MOST_TAGS = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private final Volume volume;
    private final String etcd;
    private final String member;
    private final String run;

    Retirement(Volume volume, String etcd, String member, String run) {
        this.volume = volume;
        this.etcd = etcd;
        this.member = member;
        this.run = run;
    }

    static boolean isOf(Volume volume, String run) {
        return volume.hasTag(OwnTags.RETIRED_BY, run);
    }

    /** Which member of an etcd cluster a retired volume was; its name tells where it had lost the etcd tag. */
    static Optional<String> member(Volume retired, String etcd) {
        return retired.tag(OwnTags.parked(EtcdTag.key(etcd))).map(EtcdTag::identity)
                .or(() -> retired.tag(OwnTags.parked(LiveTags.NAME)).flatMap(VolumeName::parse)
                        .filter(name -> name.etcd().equals(etcd)).map(VolumeName::member));
    }

    /** The live tags that it had before, as long as it has them or has them parked. */
    Map<String, String> originals() {
        Map<String, String> originals = new TreeMap<>();
        volume.tags().forEach((key, value) -> {
            if (isOf(volume, run) && OwnTags.isParked(key)) {
                originals.put(OwnTags.unpark(key), value);
            } else if (!isOf(volume, run) && LiveTags.isLive(key)) {
                originals.put(key, value);
            }
        });
        return originals;
    }

    /** Why EC2 would not take the parked tags; empty when it would. */
    Optional<String> impossible() {
        long after = volume.tags().keySet().stream().filter(k -> !k.startsWith("aws:")).count() + originals().size() + 1
                + (volume.tag(LiveTags.NAME).isPresent() ? 0 : 1);
        if (!isOf(volume, run) && after > MOST_TAGS) {
            return Optional.of("it has so many tags that its live ones cannot be parked beside them (EC2 takes 50)");
        }
        boolean tooLong = originals().keySet().stream().anyMatch(k -> OwnTags.parked(k).length() > LONGEST_KEY)
                || RETIRED_NAME.length() + originals().getOrDefault(LiveTags.NAME, "").length() > LONGEST_VALUE;
        return tooLong ? Optional.of("a tag of it is too long to be parked") : Optional.empty();
    }

    PlannedChange park() {
        Map<String, String> after = new TreeMap<>();
        originals().forEach((key, value) -> after.put(OwnTags.parked(key), value));
        after.put(LiveTags.NAME, retiredName());
        after.put(OwnTags.RETIRED_BY, run);
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

    /** The last call of an undo: with it the volume forgets that it was ever retired. */
    PlannedChange forget() {
        Map<String, String> gone = new TreeMap<>();
        originals().forEach((key, value) -> gone.put(OwnTags.parked(key), value));
        gone.put(OwnTags.RETIRED_BY, run);
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
        return new PlannedChange(action, volume.id(), volume.id(), etcd, member, reason, before, after);
    }
}
