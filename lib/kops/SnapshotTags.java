package kops;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The tags that a snapshot must carry: our record, and the source volume's own tags, as far as EC2 has room for them. */
public record SnapshotTags(Map<String, String> wanted, int dropped) {
    /** Tags per resource (EC2 user guide, tag restrictions). */
    private static final int MOST_TAGS = 50;

    /** Our record first, then the live tags, then the rest by name; `aws:` keys are AWS's and cannot be written. */
    public static SnapshotTags of(String set, String cluster, SnapshotPlan.Source source) {
        Map<String, String> wanted = new LinkedHashMap<>(SnapshotRecord.tags(set, cluster, source));
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

    /** What is the same for every volume of one call, by which a set finds its own again. */
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
