package aws;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import facts.Facts;
import facts.Instance;
import facts.Snapshot;
import facts.Volume;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;
import tags.Clusters;
import tags.EtcdTag;
import tags.OwnTags;

/** The one class that reads EC2. Every list is read to its last page. */
public final class Ec2Queries {
    private static final int PAGE = 500;
    /** EC2 takes up to 200 values in one filter. */
    private static final int MOST_VALUES = 200;

    /** More than a million resources: a region's quotas are far below. */
    private static final int MOST_PAGES = 2_500;

    private final Ec2Client ec2;
    private final AwsCalls calls;
    private final String region;

    public Ec2Queries(Connection connection) {
        ec2 = connection.forReading();
        calls = connection.calls();
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
        return volumes("describing volumes of " + region);
    }

    /** One volume as it is now; empty when EC2 shows none of this id. A filter is used, since naming an id that is gone fails. */
    public Optional<Volume> volume(String id) {
        return volumes(List.of(id)).stream().findFirst();
    }

    /** Those of the volumes that EC2 shows. */
    public List<Volume> volumes(Collection<String> ids) {
        return inBatches(ids, batch -> volumes("describing " + String.join(", ", batch), filter("volume-id", batch)));
    }

    private List<Volume> volumes(String doing, Filter... filters) {
        return paged(doing, token -> {
            var reply = ec2.describeVolumes(r -> r.maxResults(PAGE).filters(filters).nextToken(token));
            return new Page<>(reply.volumes().stream().map(Ec2Queries::volume).toList(), reply.nextToken());
        });
    }

    /**
     * Whether another look, through a filter by tag, shows the same volumes with etcd tags. No first change may rest on one
     * reply alone: a reply that left volumes out would make a restore tag new volumes beside live ones. EC2 takes wildcards in
     * the values of filters (EC2 User Guide, "Filter using the CLI or API").
     */
    public boolean confirm(Facts facts) {
        Function<List<Volume>, Map<String, Set<String>>> etcdTags = volumes -> volumes.stream().filter(Volume::exists)
                .filter(v -> v.tags().keySet().stream().anyMatch(EtcdTag::isKey)).collect(Collectors.toMap(Volume::id,
                        v -> v.tags().entrySet().stream().filter(t -> EtcdTag.isKey(t.getKey())).map(Object::toString)
                                .collect(Collectors.toSet()), (first, again) -> again));
        return etcdTags.apply(facts.volumes()).equals(etcdTags.apply(
                volumes("confirming the etcd volumes of " + region, filter("tag-key", List.of(EtcdTag.PREFIX + "*")))));
    }

    private Map<String, Instance> instances(Collection<String> ids) {
        List<Instance> found = inBatches(ids, batch -> paged("describing instances of " + region, token -> {
            var reply = ec2.describeInstances(r -> r.maxResults(PAGE).filters(filter("instance-id", batch)).nextToken(token));
            return new Page<>(reply.reservations().stream()
                    .flatMap(r -> r.instances().stream().map(i -> instance(i, r.ownerId()))).toList(), reply.nextToken());
        }));
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
        return paged(doing, token -> {
            var reply = ec2.describeSnapshots(r -> r.ownerIds(owners).maxResults(PAGE).filters(filters).nextToken(token));
            return new Page<>(reply.snapshots().stream().map(Ec2Queries::snapshot).toList(), reply.nextToken());
        });
    }

    /** One page of a list, and the token of the next page. */
    private record Page<T>(List<T> items, String nextToken) {
    }

    /** Reads a list page by page. A token that comes twice, or too many pages, would be a loop without an end. */
    private <T> List<T> paged(String doing, Function<String, Page<T>> page) {
        List<T> all = new ArrayList<>();
        Set<String> tokens = new HashSet<>();
        String token = null;
        do {
            String from = token;
            Page<T> read = calls.make(doing, () -> page.apply(from));
            all.addAll(read.items);
            token = read.nextToken;
            if (isMore(token) && (token.isBlank() || !tokens.add(token) || tokens.size() > MOST_PAGES)) {
                throw AwsFailure.garbled(doing, "the list of pages does not end");
            }
        } while (isMore(token));
        return all;
    }

    private static boolean isMore(String token) {
        return token != null && !token.isEmpty();
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
        return new Volume(present(v.volumeId(), "volumeId"), text(v.stateAsString()), text(v.availabilityZone()),
                present(v.createTime(), "createTime"),
                number(v.size()), text(v.volumeTypeAsString()), number(v.iops()), number(v.throughput()),
                Boolean.TRUE.equals(v.encrypted()), text(v.kmsKeyId()), text(v.snapshotId()),
                v.attachments().stream().map(a -> new Volume.Attachment(
                        text(a.instanceId()), text(a.device()), text(a.stateAsString()))).toList(),
                tags(v.tags()));
    }

    private static Instance instance(software.amazon.awssdk.services.ec2.model.Instance i, String owner) {
        String zone = i.placement() == null ? "" : text(i.placement().availabilityZone());
        String state = i.state() == null ? "" : text(i.state().nameAsString());
        return new Instance(present(i.instanceId(), "instanceId"), state, zone, text(i.rootDeviceName()), text(owner),
                tags(i.tags()));
    }

    static Snapshot snapshot(software.amazon.awssdk.services.ec2.model.Snapshot s) {
        return new Snapshot(present(s.snapshotId(), "snapshotId"), text(s.volumeId()), text(s.stateAsString()),
                percent(s.progress()), present(s.startTime(), "startTime"), number(s.volumeSize()),
                Boolean.TRUE.equals(s.encrypted()), text(s.kmsKeyId()),
                s.storageTier() == null ? "standard" : s.storageTierAsString(), text(s.ownerId()), tags(s.tags()));
    }

    static Map<String, String> tags(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, t -> text(t.value()), (first, again) -> again));
    }

    static int percent(String progress) {
        String digits = text(progress).replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    /** Nothing can be concluded from a resource that lacks its id or its time. */
    static <T> T present(T value, String element) {
        if (value == null) {
            throw SdkClientException.create("a resource of the reply has no " + element);
        }
        return value;
    }

    static String text(String value) {
        return value == null ? "" : value;
    }

    static int number(Integer value) {
        return value == null ? 0 : value;
    }
}
