package practice;

import java.util.regex.Pattern;

/** The kinds of resource: the form of their ids, and the errors for an id that is malformed or unknown. */
enum Kind {
    VOLUME("volume", "vol-", "volumeId", "InvalidVolumeID.Malformed", "InvalidVolume.NotFound",
            "The volume '%s' does not exist."),
    SNAPSHOT("snapshot", "snap-", "snapshotId", "InvalidSnapshotID.Malformed", "InvalidSnapshot.NotFound",
            "The snapshot '%s' does not exist."),
    INSTANCE("instance", "i-", "instanceId", "InvalidInstanceID.Malformed", "InvalidInstanceID.NotFound",
            "The instance ID '%s' does not exist");

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{8}|[0-9a-f]{17}");

    final String type;
    final String prefix;
    private final String parameter;
    private final String malformed;
    private final String notFound;
    private final String notFoundMessage;

    Kind(String type, String prefix, String parameter, String malformed, String notFound, String notFoundMessage) {
        this.type = type;
        this.prefix = prefix;
        this.parameter = parameter;
        this.malformed = malformed;
        this.notFound = notFound;
        this.notFoundMessage = notFoundMessage;
    }

    /** Two errors, as EC2 has them: an id of another kind is an invalid value; a broken id of this kind is malformed. */
    void check(String id) {
        if (!id.startsWith(prefix)) {
            throw this == INSTANCE ? Ec2Error.of(malformed, "Invalid id: \"%s\" (expecting \"%s...\")", id, prefix)
                    : Ec2Error.value(id, parameter, "Expected: '" + prefix + "...'.");
        }
        if (!HEX.matcher(id.substring(prefix.length())).matches()) {
            throw Ec2Error.of(malformed, "Invalid id: \"%s\"", id);
        }
    }

    Ec2Error notFound(String id) {
        return Ec2Error.of(notFound, notFoundMessage, id);
    }
}
