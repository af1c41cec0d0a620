package aws;

import static aws.Ec2Queries.number;
import static aws.Ec2Queries.percent;
import static aws.Ec2Queries.present;
import static aws.Ec2Queries.text;

import java.util.List;
import java.util.Map;

import facts.Snapshot;
import restore.VolumeSpec;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.LockMode;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SnapshotInfo;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * The one class that changes anything in AWS. Each method is one API call, made once: whoever repeats it must look first
 * whether it was done. Nothing here deletes but tags.
 */
public final class Ec2Writer {
    private final Ec2Client ec2;
    private final AwsCalls calls;

    public Ec2Writer(Connection connection) {
        ec2 = connection.forWriting();
        calls = connection.calls();
    }

    /** All volumes of an instance at one instant, but for its boot volume and those named. */
    List<Snapshot> createSnapshots(
            String instance, List<String> excluded, boolean copyTags, String description, Map<String, String> tags) {
        return calls.make("snapshotting the volumes of " + instance, () -> ec2.createSnapshots(r -> r
                        .instanceSpecification(i -> i.instanceId(instance).excludeBootVolume(true)
                                .excludeDataVolumeIds(excluded.isEmpty() ? null : excluded))
                        .copyTagsFromSource(copyTags ? "volume" : null)
                        .description(description).tagSpecifications(onSnapshot(tags)))
                .snapshots().stream().map(Ec2Writer::snapshot).toList());
    }

    Snapshot createSnapshot(String volume, String description, Map<String, String> tags) {
        return calls.make("snapshotting " + volume, () -> {
            var s = ec2.createSnapshot(r -> r.volumeId(volume).description(description).tagSpecifications(onSnapshot(tags)));
            return new Snapshot(present(s.snapshotId(), "snapshotId"), text(s.volumeId()), text(s.stateAsString()),
                    percent(s.progress()), present(s.startTime(), "startTime"), number(s.volumeSize()),
                    Boolean.TRUE.equals(s.encrypted()), text(s.kmsKeyId()), "standard",
                    text(s.ownerId()), Ec2Queries.tags(s.tags()));
        });
    }

    /**
     * Makes a volume; the same token with the same parameters gives the same volume.
     *
     * @param rate the speed in MiB/s at which the snapshot's data is loaded; 0 leaves the speed to EC2
     */
    String createVolume(VolumeSpec spec, int rate, Map<String, String> tags, String token) {
        return calls.make("making a volume " + (spec.snapshot().isEmpty() ? "in " + spec.zone() : "of " + spec.snapshot()),
                () -> present(ec2.createVolume(r -> r.availabilityZone(spec.zone()).size(spec.sizeGib()).volumeType(spec.type())
                        .iops(orNull(spec.iops())).throughput(orNull(spec.throughput()))
                        .encrypted(spec.encrypted() ? true : null).kmsKeyId(spec.kmsKey().isEmpty() ? null : spec.kmsKey())
                        .snapshotId(spec.snapshot().isEmpty() ? null : spec.snapshot()).volumeInitializationRate(orNull(rate))
                        .clientToken(token).tagSpecifications(specified(ResourceType.VOLUME, tags))).volumeId(),
                        "volumeId"));
    }

    void tag(String resource, Map<String, String> tags) {
        calls.make("tagging " + resource, () -> ec2.createTags(r -> r.resources(resource).tags(list(tags))));
    }

    /** Removes tags that still have these values; one that somebody changed meanwhile stays (API reference, DeleteTags). */
    void untag(String resource, Map<String, String> tags) {
        calls.make("untagging " + resource, () -> ec2.deleteTags(r -> r.resources(resource).tags(list(tags))));
    }

    /** Governance mode: nobody deletes it before the days are over, except with a permission of its own. */
    void lock(String snapshot, int days) {
        calls.make("locking " + snapshot,
                () -> ec2.lockSnapshot(r -> r.snapshotId(snapshot).lockMode(LockMode.GOVERNANCE).lockDuration(days)));
    }

    private static TagSpecification onSnapshot(Map<String, String> tags) {
        return specified(ResourceType.SNAPSHOT, tags);
    }

    private static TagSpecification specified(ResourceType type, Map<String, String> tags) {
        return TagSpecification.builder().resourceType(type).tags(list(tags)).build();
    }

    private static Integer orNull(int number) {
        return number == 0 ? null : number;
    }

    private static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream().map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build()).toList();
    }

    private static Snapshot snapshot(SnapshotInfo s) {
        return new Snapshot(present(s.snapshotId(), "snapshotId"), text(s.volumeId()),
                s.state() == null ? "pending" : s.stateAsString(), percent(s.progress()), present(s.startTime(), "startTime"),
                number(s.volumeSize()), Boolean.TRUE.equals(s.encrypted()), "", "standard",
                text(s.ownerId()), Ec2Queries.tags(s.tags()));
    }
}
