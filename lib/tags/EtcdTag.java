package tags;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The tag that names a member: {@code k8s.io/etcd/<etcd>} = {@code <member>/<member>,<member>,...}.
 * A member is no zone, except in clusters of kops until 1.4, whose members are named after zones.
 *
 * @param members all members of the etcd cluster, sorted
 */
public record EtcdTag(String etcd, String member, List<String> members) {
    public static final String PREFIX = "k8s.io/etcd/";

    public EtcdTag {
        members = members.stream().sorted().toList();
    }

    public static boolean isKey(String key) {
        return key.startsWith(PREFIX) && key.length() > PREFIX.length();
    }

    public static String key(String etcd) {
        return PREFIX + etcd;
    }

    public static String etcdOfKey(String key) {
        return key.substring(PREFIX.length());
    }

    public String key() {
        return key(etcd);
    }

    public String value() {
        return member + "/" + String.join(",", members);
    }

    /** kops and protokube refuse a member that its own list does not name. */
    public boolean isListed() {
        return members.contains(member);
    }

    /**
     * Reads a value as strictly as kops does (awsup/status.go, protokube etcd/cluster_spec.go): exactly one slash, no
     * empty name, no name twice, no white space. Empty when the value is malformed.
     */
    public static Optional<EtcdTag> parse(String etcd, String value) {
        int slash = value.indexOf('/');
        boolean oneSlash = slash > 0 && slash == value.lastIndexOf('/');
        if (!oneSlash || value.chars().anyMatch(Character::isWhitespace)) {
            return Optional.empty();
        }
        List<String> members = new ArrayList<>(List.of(value.substring(slash + 1).split(",", -1)));
        if (members.contains("") || new HashSet<>(members).size() < members.size()) {
            return Optional.empty();
        }
        return Optional.of(new EtcdTag(etcd, value.substring(0, slash), members));
    }

    /** What etcd-manager takes for the member: all before the first slash, however malformed the rest is (volumes.go). */
    public static String identity(String value) {
        int slash = value.indexOf('/');
        return slash < 0 ? value : value.substring(0, slash);
    }
}
