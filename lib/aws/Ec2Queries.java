package aws;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import facts.Facts;
import facts.Instance;
import facts.Snapshot;
import facts.Volume;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;
import tags.Clusters;
import tags.OwnTags;

/** The one class that reads EC2. Every list is read to its last page. */
public final class Ec2Queries {
    private static final int PAGE = 500;
    /** EC2 takes up to 200 values in one filter. */
    private static final int MOST_VALUES = 200;

    private final Ec2Client ec2;
    private final String region;

    public Ec2Queries(Connection connection) {
        ec2 = connection.forReading();
        region = connection.region();
    }

    /**
     * All that the judgement needs. Every volume of the region is read without a filter, since the volume that is looked for
     * may have lost its tags. Then come the instances that hold etcd volumes, and the snapshots that etcd volumes came from.
     */
    public Facts facts() {
        return facts(Set.of());
    }

    /** The same, and as much of further volumes that the operator named by hand. */
    public Facts facts(Set<String> also) {
        List<Volume> volumes = volumes();
        List<Volume> etcd = volumes.stream().filter(v -> v.exists() && Clusters.isEtcd(v) || also.contains(v.id())).toList();
        Map<String, Instance> instances = instances(
                etcd.stream().flatMap(v -> v.attachedTo().stream()).collect(Collectors.toCollection(TreeSet::new)));
        Map<String, Snapshot> snapshots = byId(snapshots(etcd.stream().map(Volume::snapshot).filter(s -> !s.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new))), Snapshot::id);
        return new Facts(volumes, instances, snapshots);
    }

    private List<Volume> volumes() {
        return asking("describing volumes of " + region, () -> ec2.describeVolumesPaginator(r -> r.maxResults(PAGE))
                .volumes().stream().map(Ec2Queries::volume).toList());
    }

    /** One volume as it is now; empty when EC2 shows none of this id. A filter is used, since naming an id that is gone fails. */
    public Optional<Volume> volume(String id) {
        return volumes(List.of(id)).stream().findFirst();
    }

    /** Those of the volumes that EC2 shows. */
    public List<Volume> volumes(Collection<String> ids) {
        return inBatches(ids, batch -> asking("describing " + String.join(", ", batch), () -> ec2.describeVolumesPaginator(
                        r -> r.maxResults(PAGE).filters(filter("volume-id", batch)))
                .volumes().stream().map(Ec2Queries::volume).toList()));
    }

    private Map<String, Instance> instances(Collection<String> ids) {
        List<Instance> found = inBatches(ids, batch -> asking("describing instances of " + region,
                () -> ec2.describeInstancesPaginator(r -> r.maxResults(PAGE).filters(filter("instance-id", batch)))
                        .reservations().stream()
                        .flatMap(r -> r.instances().stream().map(i -> instance(i, r.ownerId()))).toList()));
        return byId(found, Instance::id);
    }

    /** Those of the snapshots that still exist. A filter is used, since one id that is gone fails the whole call. */
    public List<Snapshot> snapshots(Collection<String> ids) {
        return inBatches(ids, batch -> described("describing snapshots of " + region, List.of(),
                filter("snapshot-id", batch)));
    }

    /** The snapshots of one set of one cluster, in whatever state. */
    public List<Snapshot> snapshotsOfSet(String set, String cluster) {
        return described("describing the snapshots of set " + set, List.of("self"),
                filter("tag:" + OwnTags.SET, List.of(set)), filter("tag:" + OwnTags.CLUSTER, List.of(cluster)));
    }

    /** Every snapshot of ours that was taken, with our record, of a cluster's etcd volumes. */
    public List<Snapshot> snapshotsOfCluster(String cluster) {
        return described("describing the snapshots of " + cluster, List.of("self"),
                filter("tag:" + OwnTags.CLUSTER, List.of(cluster)));
    }

    private List<Snapshot> described(String doing, List<String> owners, Filter... filters) {
        return asking(doing, () -> ec2.describeSnapshotsPaginator(
                        r -> r.ownerIds(owners).maxResults(PAGE).filters(filters))
                .snapshots().stream().map(Ec2Queries::snapshot).toList());
    }

    /** Calls EC2 and turns what it throws into an {@link AwsFailure}. */
    static <T> T asking(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw AwsFailure.of(doing, e);
        } catch (UncheckedIOException | IllegalStateException | IllegalArgumentException e) {
            throw AwsFailure.ofProfile(doing, e);
        }
    }

    private static <T> List<T> inBatches(Collection<String> ids, Function<List<String>, List<T>> call) {
        List<String> all = List.copyOf(ids);
        List<T> found = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MOST_VALUES) {
            found.addAll(call.apply(all.subList(from, Math.min(from + MOST_VALUES, all.size()))));
        }
        return found;
    }

    private static <T> Map<String, T> byId(List<T> list, Function<T, String> id) {
        return list.stream().collect(Collectors.toMap(id, t -> t, (first, again) -> again));
    }

    private static Filter filter(String name, List<String> values) {
        return Filter.builder().name(name).values(values).build();
    }

    private static Volume volume(software.amazon.awssdk.services.ec2.model.Volume v) {
        return new Volume(v.volumeId(), text(v.stateAsString()), text(v.availabilityZone()), v.createTime(),
                number(v.size()), text(v.volumeTypeAsString()), number(v.iops()), number(v.throughput()),
                Boolean.TRUE.equals(v.encrypted()), text(v.kmsKeyId()), text(v.snapshotId()),
                v.attachments().stream().map(a -> new Volume.Attachment(
                        text(a.instanceId()), text(a.device()), text(a.stateAsString()))).toList(),
                tags(v.tags()));
    }

    private static Instance instance(software.amazon.awssdk.services.ec2.model.Instance i, String owner) {
        String zone = i.placement() == null ? "" : text(i.placement().availabilityZone());
        String state = i.state() == null ? "" : text(i.state().nameAsString());
        return new Instance(i.instanceId(), state, zone, text(i.rootDeviceName()), text(owner), tags(i.tags()));
    }

    static Snapshot snapshot(software.amazon.awssdk.services.ec2.model.Snapshot s) {
        return new Snapshot(s.snapshotId(), text(s.volumeId()), text(s.stateAsString()), percent(s.progress()),
                s.startTime(), number(s.volumeSize()), Boolean.TRUE.equals(s.encrypted()), text(s.kmsKeyId()),
                s.storageTier() == null ? "standard" : s.storageTierAsString(), text(s.ownerId()), tags(s.tags()));
    }

    static Map<String, String> tags(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, t -> text(t.value()), (first, again) -> again));
    }

    static int percent(String progress) {
        String digits = text(progress).replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    static String text(String value) {
        return value == null ? "" : value;
    }

    private static int number(Integer value) {
        return value == null ? 0 : value;
    }
}
