package tags;

import java.util.Optional;
import java.util.stream.Stream;

import facts.Volume;

/** A member of an etcd cluster, and the rules by which a volume is said to be the member's. */
public record Membership(String etcd, String member) {

    /** By the volume's etcd tag alone. etcd-manager takes all before the first slash for the member (volumes.go). */
    public static Optional<String> claimed(Volume volume, String etcd) {
        return volume.tag(EtcdTag.key(etcd)).map(EtcdTag::identity);
    }

    /** By the etcd tag, else by the Name: for volumes that lost their etcd tag. */
    public static Optional<String> claimedOrNamed(Volume volume, String etcd) {
        return claimed(volume, etcd).or(() -> VolumeName.of(volume).map(VolumeName::member));
    }

    /** By the parked etcd tag of a retired volume, else by the parked Name: the volume may have lost its etcd tag before. */
    public static Optional<String> parked(Volume retired, String etcd) {
        return retired.tag(OwnTags.parked(EtcdTag.key(etcd))).map(EtcdTag::identity)
                .or(() -> parkedName(retired).filter(name -> name.etcd().equals(etcd)).map(VolumeName::member));
    }

    /** By what a restore recorded on the volume, else as claimed, else as parked. A part that nothing tells is empty. */
    public static Membership recorded(Volume volume) {
        String etcd = volume.tag(OwnTags.ETCD).or(() -> etcdKeys(volume).sorted().findFirst().map(Membership::etcdOf))
                .or(() -> parkedName(volume).map(VolumeName::etcd)).orElse("");
        String member = volume.tag(OwnTags.MEMBER).or(() -> claimed(volume, etcd)).or(() -> parked(volume, etcd)).orElse("");
        return new Membership(etcd, member);
    }

    /** Whether any etcd tag of the volume, live or parked, names this member. */
    public static boolean isOfMember(Volume volume, String member) {
        return etcdKeys(volume).anyMatch(key -> EtcdTag.identity(volume.tags().get(key)).equals(member));
    }

    private static Stream<String> etcdKeys(Volume volume) {
        return volume.tags().keySet().stream().filter(key -> EtcdTag.isKey(key) || OwnTags.isParkedEtcdKey(key));
    }

    private static String etcdOf(String key) {
        return EtcdTag.etcdOfKey(OwnTags.isParkedEtcdKey(key) ? OwnTags.unpark(key) : key);
    }

    private static Optional<VolumeName> parkedName(Volume volume) {
        return volume.tag(OwnTags.parked(LiveTags.NAME)).flatMap(VolumeName::parse);
    }

    @Override
    public String toString() {
        return etcd + "/" + member;
    }
}
