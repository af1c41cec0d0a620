import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import disk.Disks;
import node.EtcdBinary;
import node.EtcdClient;
import node.PracticeCluster;
import node.WaitTimes;
import practice.Settings;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.SnapshotState;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.VolumeState;

/** A cluster of three members with real etcd on practice volumes, and what an operator can do to it through EC2. */
final class Incident implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);
    static final List<String> MAIN = List.of("etcd-a", "etcd-b", "etcd-c");
    private static final String CLUSTER = Worlds.CLUSTER;
    private static final World THREE = Worlds.named("three-masters");

    final PracticeCluster cluster;
    final Ec2Client ec2;

    /** Opens the disks. */
    interface Opening {
        Disks open(Path folder) throws IOException;
    }

    Incident(Opening opening, EtcdBinary etcd, Path folder) throws IOException {
        Disks disks = opening.open(Files.createDirectory(folder.resolve("disks")));
        this.cluster = PracticeCluster.open(THREE, Settings.defaults().snapshotTakes(Duration.ofSeconds(1))
                .snapshotSpacing(Duration.ofMillis(1)).volumeCreating(Duration.ofMillis(300))
                .attaching(Duration.ofMillis(300)).detaching(Duration.ofMillis(300))
                .instanceChanging(Duration.ofMillis(300)).throttling(false), disks, etcd, WaitTimes.REHEARSAL,
                folder.resolve("nodes"));
        this.ec2 = Ec2Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.EU_CENTRAL_1).endpointOverride(cluster.cloud().endpoint()).build();
    }

    void mustServe(List<String> etcdNames) {
        assertTrue(cluster.serve(CLUSTER, etcdNames, SOON), () -> etcdNames + " do not serve:\n" + logs());
    }

    EtcdClient etcd(String name) {
        return new EtcdClient(cluster.nodes().clientUrl(CLUSTER, name), Duration.ofSeconds(3));
    }

    List<String> mainUrls() {
        return MAIN.stream().map(name -> cluster.nodes().clientUrl(CLUSTER, name)).toList();
    }

    /** The member that is the leader of main now. */
    String leader() throws IOException {
        for (String name : MAIN) {
            try {
                EtcdClient.Status status = etcd(name).status();
                if (status.id().equals(status.leader())) {
                    return name.substring("etcd-".length());
                }
            } catch (IOException gone) {
                // a member that does not answer is not the leader
            }
        }
        throw new IOException("no member leads");
    }

    /** By member, the newest snapshot of its main volume. */
    Map<String, Snapshot> newestOfMain() {
        Map<String, Snapshot> newest = new TreeMap<>();
        ec2.describeSnapshots(r -> r.ownerIds("self").filters(f -> f.name("tag-key").values("k8s.io/etcd/main")))
                .snapshots().stream().sorted(Comparator.comparing(Snapshot::startTime))
                .forEach(s -> newest.put(tags(s).get("k8s.io/etcd/main").substring(0, 1), s));
        return newest;
    }

    /** A snapshot of one volume with the tags of the volume, as the console or an old script takes it. */
    Snapshot snapshot(String volume) {
        Map<String, String> tags = ec2.describeVolumes(r -> r.volumeIds(volume)).volumes().get(0).tags().stream()
                .collect(Collectors.toMap(Tag::key, Tag::value));
        String id = ec2.createSnapshot(r -> r.volumeId(volume).tagSpecifications(specified("snapshot", tags)))
                .snapshotId();
        assertTrue(PracticeCluster.until(SOON, () -> snapshotState(id) == SnapshotState.COMPLETED), id);
        return ec2.describeSnapshots(r -> r.snapshotIds(id)).snapshots().get(0);
    }

    private SnapshotState snapshotState(String id) {
        return ec2.describeSnapshots(r -> r.snapshotIds(id)).snapshots().get(0).state();
    }

    /** Terminates every node and deletes the main volumes of these members. */
    void destroy(List<String> members) {
        ec2.terminateInstances(r -> r.instanceIds(ec2.describeInstances().reservations().stream()
                .flatMap(reservation -> reservation.instances().stream()).map(i -> i.instanceId()).toList()));
        members.forEach(member -> deleteVolume(Worlds.volumeId(CLUSTER, "main", member)));
    }

    void deleteVolume(String volume) {
        assertTrue(PracticeCluster.until(SOON, () -> volumeState(volume) == VolumeState.AVAILABLE), volume + " is still in use");
        ec2.deleteVolume(r -> r.volumeId(volume));
    }

    void terminate(String member) {
        ec2.terminateInstances(r -> r.instanceIds(Worlds.instanceId(CLUSTER, member)));
    }

    /** A volume with all kops tags of the snapshot: every program that reads tags takes it for the lost one. */
    String restore(Snapshot snapshot, String zone) {
        Map<String, String> tags = new HashMap<>(tags(snapshot));
        tags.keySet().removeIf(key -> key.startsWith("etcd-ops/"));
        String id = ec2.createVolume(r -> r.snapshotId(snapshot.snapshotId()).availabilityZone(zone).volumeType("gp3")
                .tagSpecifications(specified("volume", tags))).volumeId();
        assertTrue(PracticeCluster.until(SOON, () -> volumeState(id) == VolumeState.AVAILABLE), id);
        return id;
    }

    String state(String instance) {
        return ec2.describeInstances(r -> r.instanceIds(instance)).reservations().get(0).instances().get(0).state()
                .nameAsString();
    }

    /** A new control-plane node in the zone of a member, as its Auto Scaling group would launch it. */
    String node(String member) {
        World.Instance like = THREE.instance(Worlds.instanceId(CLUSTER, member));
        return ec2.runInstances(r -> r.imageId("ami-0123456789abcdef0").minCount(1).maxCount(1)
                .placement(p -> p.availabilityZone(like.zone())).tagSpecifications(specified("instance", like.tags())))
                .instances().get(0).instanceId();
    }

    String logOf(String instance) {
        try {
            return Files.readString(cluster.nodes().log(instance, "main"));
        } catch (IOException none) {
            return "";
        }
    }

    private VolumeState volumeState(String id) {
        return ec2.describeVolumes(r -> r.volumeIds(id)).volumes().get(0).state();
    }

    private static Map<String, String> tags(Snapshot snapshot) {
        return snapshot.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value));
    }

    private static TagSpecification specified(String type, Map<String, String> tags) {
        return TagSpecification.builder().resourceType(ResourceType.fromValue(type)).tags(tags.entrySet().stream()
                .map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build()).toList()).build();
    }

    /** The last lines of every node's log of main. */
    String logs() {
        return cluster.nodes().members().stream().filter(m -> m.etcd().equals("main")).map(m -> {
            List<String> lines = logOf(m.instance()).lines().toList();
            return m + "\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
        }).collect(Collectors.joining("\n"));
    }

    /** The instant at which the newest of some snapshots began. */
    static Instant newestStart(List<Snapshot> snapshots) {
        return snapshots.stream().map(Snapshot::startTime).max(Comparator.naturalOrder()).orElseThrow();
    }

    @Override
    public void close() throws IOException {
        ec2.close();
        cluster.close();
    }
}
