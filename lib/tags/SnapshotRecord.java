package tags;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import facts.Snapshot;

/**
 * What a snapshot's tags say of its source volume: our own tags, else the live tags that were copied onto the snapshot. Kops
 * looks at volumes only, so live tags on a snapshot do no harm. A part that nobody wrote down is empty.
 */
public record SnapshotRecord(
        Optional<String> set, Optional<String> cluster, Optional<String> etcd, Optional<String> member,
        Optional<List<String>> members, Optional<String> zone, Optional<String> kmsKey) {

    /** What a set may be called: the name becomes a tag value and stands in command lines. */
    public static final String SET_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    private static final Predicate<String> IS_SET_NAME = Pattern.compile(SET_NAME).asMatchPredicate();

    public static SnapshotRecord of(Snapshot snapshot) {
        Map<String, String> tags = snapshot.tags();
        List<String> etcdKeys = tags.keySet().stream().filter(EtcdTag::isKey).toList();
        Optional<String> etcdKey = etcdKeys.size() == 1 ? Optional.of(etcdKeys.get(0)) : Optional.empty();
        return new SnapshotRecord(
                tag(tags, OwnTags.SET).filter(IS_SET_NAME),
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
