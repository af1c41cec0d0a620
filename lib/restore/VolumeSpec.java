package restore;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import facts.Snapshot;
import facts.Volume;
import tags.OwnTags;

/**
 * What a new volume is made of. Size in GiB, throughput in MiB/s; {@code iops} and {@code throughput} are 0 where the type
 * takes none or nothing is known, an empty snapshot makes an empty volume, an empty key leaves the choice to EC2.
 */
public record VolumeSpec(
        String zone, int sizeGib, String type, int iops, int throughput, boolean encrypted, String kmsKey, String snapshot) {

    /** What the user asks for instead of what was recorded. */
    public record Wish(Optional<String> type, Optional<Integer> iops, Optional<Integer> throughput) {
        public static final Wish NONE = new Wish(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * As recorded on the snapshot, else as the old volume is. kops refuses another zone, encryption or key for ever, and
     * silently changes type, size and rates back (awstasks/ebsvolume.go). So all of these are as they were.
     *
     * @param like a volume of the same etcd cluster, for whatever the snapshot does not say
     */
    static VolumeSpec of(Snapshot snapshot, String zone, Optional<Volume> like, Wish wish) {
        Map<String, String> tags = snapshot.tags();
        boolean recorded = tags.containsKey(OwnTags.VOLUME_TYPE);
        String type = wish.type.or(() -> Optional.ofNullable(tags.get(OwnTags.VOLUME_TYPE)))
                .or(() -> like.map(Volume::type)).orElse("gp3");
        boolean sameType = wish.type.isEmpty() || wish.type.get().equals(tags.get(OwnTags.VOLUME_TYPE));
        int iops = wish.iops.orElse(!sameType ? 0 : recorded ? number(tags, OwnTags.IOPS) : like.map(Volume::iops).orElse(0));
        int throughput = wish.throughput.orElse(!sameType ? 0
                : recorded ? number(tags, OwnTags.THROUGHPUT) : like.map(Volume::throughput).orElse(0));
        int size = Math.max(number(tags, OwnTags.SIZE_GIB), snapshot.sizeGib());
        String key = tags.getOrDefault(OwnTags.KMS_KEY, recorded ? snapshot.kmsKey()
                : like.map(Volume::kmsKey).filter(k -> !k.isEmpty()).orElse(snapshot.kmsKey()));
        return fitted(zone, size, type, iops, throughput, snapshot.encrypted() || !key.isEmpty(), key, snapshot.id());
    }

    /** An empty volume like another one. */
    static VolumeSpec emptyLike(Volume like, String zone, Wish wish) {
        boolean sameType = wish.type.isEmpty();
        return fitted(zone, like.sizeGib(), wish.type.orElse(like.type()), wish.iops.orElse(sameType ? like.iops() : 0),
                wish.throughput.orElse(sameType ? like.throughput() : 0), like.encrypted(), like.kmsKey(), "");
    }

    /** CreateVolume takes iops for gp3, io1 and io2 and throughput for gp3 only; gp2 merely reports the ones it has. */
    private static VolumeSpec fitted(
            String zone, int size, String type, int iops, int throughput, boolean encrypted, String key, String snapshot) {
        boolean rated = type.equals("gp3") || type.startsWith("io");
        return new VolumeSpec(zone, size, type, rated ? iops : 0, type.equals("gp3") ? throughput : 0, encrypted, key,
                snapshot);
    }

    private static int number(Map<String, String> tags, String key) {
        String value = tags.getOrDefault(key, "");
        return value.matches("\\d{1,6}") ? Integer.parseInt(value) : 0;
    }

    /** As reports say it. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("zone", zone);
        facts.put("size_gib", Integer.toString(sizeGib));
        facts.put("type", type);
        if (iops > 0) {
            facts.put("iops", Integer.toString(iops));
        }
        if (throughput > 0) {
            facts.put("throughput", Integer.toString(throughput));
        }
        facts.put("encrypted", Boolean.toString(encrypted));
        if (!kmsKey.isEmpty()) {
            facts.put("kms_key", kmsKey);
        }
        facts.put("snapshot", snapshot.isEmpty() ? "none: an empty volume" : snapshot);
        return facts;
    }
}
