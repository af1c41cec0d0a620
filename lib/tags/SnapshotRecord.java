package tags;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import facts.Snapshot;

/**
 * What a snapshot says of the volume it was taken from: our own tags, or else the live tags that were copied onto it
 * (kops looks at volumes only, so live keys on a snapshot harm nobody). Each part is empty where nobody wrote it down.
 */
public record SnapshotRecord(
        Optional<String> set, Optional<String> cluster, Optional<String> etcd, Optional<String> member,
        Optional<List<String>> members, Optional<String> zone, Optional<String> kmsKey) {

    private static final Pattern SET_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** Whether it can be a set's name, which becomes a tag value and stands in command lines. Others are not ours. */
    public static boolean isSetName(String set) {
        return SET_NAME.matcher(set).matches();
    }

    public static SnapshotRecord of(Snapshot snapshot) {
        Map<String, String> tags = snapshot.tags();
        List<String> etcdKeys = tags.keySet().stream().filter(EtcdTag::isKey).toList();
        Optional<String> etcdKey = etcdKeys.size() == 1 ? Optional.of(etcdKeys.get(0)) : Optional.empty();
        return new SnapshotRecord(
                tag(tags, OwnTags.SET).filter(SnapshotRecord::isSetName),
                tag(tags, OwnTags.CLUSTER).or(() -> tag(tags, LiveTags.KUBERNETES_CLUSTER)),
                tag(tags, OwnTags.ETCD).or(() -> etcdKey.map(EtcdTag::etcdOfKey)),
                tag(tags, OwnTags.MEMBER).or(() -> etcdKey.map(tags::get).map(EtcdTag::identity)),
                tag(tags, OwnTags.MEMBERS).map(list -> List.of(list.split(","))).or(() -> etcdKey.flatMap(
                        key -> EtcdTag.parse(EtcdTag.etcdOfKey(key), tags.get(key))).filter(EtcdTag::isListed)
                        .map(EtcdTag::members)),
                tag(tags, OwnTags.ZONE),
                tag(tags, OwnTags.KMS_KEY));
    }

    private static Optional<String> tag(Map<String, String> tags, String key) {
        return Optional.ofNullable(tags.get(key)).filter(v -> !v.isEmpty());
    }
}
