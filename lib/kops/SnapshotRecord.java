package kops;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a snapshot says of the volume it was taken from: our own tags, or else the live tags that were copied onto it
 * (kops looks at volumes only, so live keys on a snapshot harm nobody). Each part is empty where nobody wrote it down.
 */
public record SnapshotRecord(
        Optional<String> set, Optional<String> cluster, Optional<String> etcd, Optional<String> member,
        Optional<List<String>> members, Optional<String> zone, Optional<String> kmsKey) {

    public static SnapshotRecord of(Snapshot snapshot) {
        Map<String, String> tags = snapshot.tags();
        List<String> etcdKeys = tags.keySet().stream().filter(EtcdTag::isKey).toList();
        Optional<String> etcdKey = etcdKeys.size() == 1 ? Optional.of(etcdKeys.get(0)) : Optional.empty();
        return new SnapshotRecord(
                tag(tags, OwnTags.SET).filter(SnapshotSet::isName),
                tag(tags, OwnTags.CLUSTER).or(() -> tag(tags, LiveTags.KUBERNETES_CLUSTER)),
                tag(tags, OwnTags.ETCD).or(() -> etcdKey.map(EtcdTag::etcdOfKey)),
                tag(tags, OwnTags.MEMBER).or(() -> etcdKey.map(tags::get).map(EtcdTag::identity)),
                tag(tags, OwnTags.MEMBERS).map(list -> List.of(list.split(","))).or(() -> etcdKey.flatMap(
                        key -> EtcdTag.parse(EtcdTag.etcdOfKey(key), tags.get(key))).filter(EtcdTag::isListed)
                        .map(EtcdTag::members)),
                tag(tags, OwnTags.ZONE),
                tag(tags, OwnTags.KMS_KEY));
    }

    /** The tags of our own that make a snapshot restorable without anybody's memory. A value that is unknown is left out. */
    public static Map<String, String> tags(String set, String cluster, SnapshotPlan.Source source) {
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
        // EC2 takes no more than 256 characters for a value; what is longer is no name that kops could have written.
        if (!value.isEmpty() && value.length() <= 256) {
            tags.put(key, value);
        }
    }

    private static Optional<String> tag(Map<String, String> tags, String key) {
        return Optional.ofNullable(tags.get(key)).filter(v -> !v.isEmpty());
    }
}
