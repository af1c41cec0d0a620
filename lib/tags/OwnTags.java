package tags;

/**
 * Our own tags on snapshots, on new volumes and on retired volumes. Nothing may depend on them on a live volume: there kops
 * deletes tags that it does not know (awstasks/ebsvolume.go).
 */
public final class OwnTags {
    public static final String PREFIX = "etcd-ops/";
    public static final String SET = PREFIX + "set";
    public static final String RUN = PREFIX + "run";
    public static final String CLUSTER = PREFIX + "cluster";
    public static final String ETCD = PREFIX + "etcd";
    public static final String MEMBER = PREFIX + "member";
    public static final String MEMBERS = PREFIX + "members";
    public static final String ZONE = PREFIX + "zone";
    public static final String SOURCE_VOLUME = PREFIX + "source-volume";
    public static final String VOLUME_TYPE = PREFIX + "volume-type";
    public static final String SIZE_GIB = PREFIX + "size-gib";
    public static final String IOPS = PREFIX + "iops";
    public static final String THROUGHPUT = PREFIX + "throughput";
    public static final String KMS_KEY = PREFIX + "kms-key";
    public static final String KOPS_VERSION = PREFIX + "kops-version";
    /** Of a volume that was made by a restore: one of the three below. */
    public static final String STATE = PREFIX + "state";
    public static final String INERT = "inert";
    public static final String LIVE = "live";
    public static final String ROLLED_BACK = "rolled-back";
    /** Of an old volume: the restore that parked its live tags. */
    public static final String RETIRED_BY = PREFIX + "retired-by";
    private static final String PARKED = PREFIX + "parked/";

    private OwnTags() {
    }

    /** The key under which a retired volume keeps a live tag. */
    public static String parked(String liveKey) {
        return PARKED + liveKey;
    }

    public static boolean isParked(String key) {
        return key.startsWith(PARKED);
    }

    public static boolean isParkedEtcdKey(String key) {
        return isParked(key) && EtcdTag.isKey(unpark(key));
    }

    public static String unpark(String key) {
        return key.substring(PARKED.length());
    }
}
