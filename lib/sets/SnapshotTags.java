package sets;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import tags.LiveTags;
import tags.OwnTags;
import facts.Volume;

/** The tags that a snapshot must carry: our record, and the source volume's own tags, as far as the limits of EC2 allow. */
public record SnapshotTags(Map<String, String> wanted, int dropped) {
    /** Tags per resource (EC2 user guide, tag restrictions). */
    private static final int MOST_TAGS = 50;

    /** Our record first, then the live tags, then the rest by name; `aws:` keys are AWS's and cannot be written. */
    public static SnapshotTags of(String set, String cluster, SnapshotPlan.Source source) {
        Map<String, String> wanted = new LinkedHashMap<>(record(set, cluster, source));
        Map<String, String> live = new TreeMap<>();
        Map<String, String> rest = new TreeMap<>();
        source.volume().tags().forEach((key, value) -> {
            if (!key.startsWith("aws:") && !key.startsWith(OwnTags.PREFIX)) {
                (LiveTags.isLive(key) ? live : rest).put(key, value);
            }
        });
        live.forEach(wanted::put);
        int dropped = 0;
        for (Map.Entry<String, String> tag : rest.entrySet()) {
            if (wanted.size() < MOST_TAGS) {
                wanted.put(tag.getKey(), tag.getValue());
            } else {
                dropped++;
            }
        }
        return new SnapshotTags(wanted, dropped);
    }

    /** Our own tags, with which a snapshot can be restored by who knows nothing else. An unknown value is left out. */
    private static Map<String, String> record(String set, String cluster, SnapshotPlan.Source source) {
        Volume volume = source.volume();
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(OwnTags.SET, set);
        tags.put(OwnTags.RUN, set);
        tags.put(OwnTags.CLUSTER, cluster);
        put(tags, OwnTags.ETCD, source.etcd());
        put(tags, OwnTags.MEMBER, source.member());
        put(tags, OwnTags.MEMBERS, String.join(",", source.members()));
        tags.put(OwnTags.ZONE, volume.zone());
        tags.put(OwnTags.SOURCE_VOLUME, volume.id());
        tags.put(OwnTags.VOLUME_TYPE, volume.type());
        tags.put(OwnTags.SIZE_GIB, Integer.toString(volume.sizeGib()));
        put(tags, OwnTags.IOPS, volume.iops() == 0 ? "" : Integer.toString(volume.iops()));
        put(tags, OwnTags.THROUGHPUT, volume.throughput() == 0 ? "" : Integer.toString(volume.throughput()));
        put(tags, OwnTags.KMS_KEY, volume.kmsKey());
        return tags;
    }

    private static void put(Map<String, String> tags, String key, String value) {
        // EC2 takes no more than 256 characters for a value; a longer value is no name that kops could have written.
        if (!value.isEmpty() && value.length() <= 256) {
            tags.put(key, value);
        }
    }

    /** The tags that are the same for every volume of one call. By them a set finds its own snapshots again. */
    public static Map<String, String> common(String set, String cluster) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(OwnTags.SET, set);
        tags.put(OwnTags.RUN, set);
        tags.put(OwnTags.CLUSTER, cluster);
        return tags;
    }

    /** What is still to be written. */
    public Map<String, String> missingFrom(Map<String, String> present) {
        Map<String, String> missing = new LinkedHashMap<>();
        wanted.forEach((key, value) -> {
            if (!value.equals(present.get(key))) {
                missing.put(key, value);
            }
        });
        return missing;
    }
}
