package practice;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** The named worlds: clusters as kops makes them, healthy or with one known thing wrong. */
public final class Worlds {

    public static final String CLUSTER = "k8s.mycompany.tld";
    public static final String REGION = "eu-central-1";

    private static final Instant BUILT = Instant.parse("2026-02-03T09:00:00Z");
    private static final String CONTROL_PLANE = "k8s.io/role/control-plane";

    /** The old main volume of a in the world duplicate-volume. */
    public static final String DUPLICATE = id("vol", CLUSTER + "/main/a/duplicate");

    private static final List<String> ETCD = List.of("main", "events");

    /** Device names in the order in which kops' nodes use them. The main volume of a member comes first. */
    private static final List<String> DEVICES = List.of("/dev/xvdu", "/dev/xvdv", "/dev/xvdx", "/dev/xvdy");

    /** The tags that different versions of kops put on volumes (kops pkg/model/master_volumes.go at 1.8, 1.9 and 1.26). */
    public enum TagSet { KOPS_1_8, KOPS_1_9, KOPS_1_26 }

    private Worlds() {
    }

    public static List<World> all() {
        World three = kops(CLUSTER, REGION, TagSet.KOPS_1_26, ETCD, members("a", "b", "c"))
                .called("three-masters", "a healthy cluster of three members");
        String mainA = volumeId(CLUSTER, "main", "a");
        String mainB = volumeId(CLUSTER, "main", "b");
        String mainC = volumeId(CLUSTER, "main", "c");
        return List.of(
                three,
                three.without(mainC).called("one-volume-gone", "the main volume of c is gone"),
                three.without(mainB).without(mainC)
                        .called("two-volumes-gone", "the main volumes of b and c are gone: quorum is lost"),
                three.withVolume(mainB, v -> v.untag(CONTROL_PLANE))
                        .withVolume(mainC, v -> v.untag("KubernetesCluster"))
                        .called("tags-wrong", "main of b lacks " + CONTROL_PLANE
                                + ", main of c lacks KubernetesCluster"),
                three.plus(three.volume(mainA).id(DUPLICATE).detached().createdAt(BUILT.minusSeconds(90 * 86_400)))
                        .called("duplicate-volume", "an older, detached main volume of a still carries every tag"),
                kops(CLUSTER, REGION, TagSet.KOPS_1_26, ETCD, members("a"))
                        .called("single-master", "a cluster of one member"),
                kops(CLUSTER, REGION, TagSet.KOPS_1_26, ETCD, members("a-1", "b-1", "c-1", "a-2", "b-2"))
                        .called("five-masters", "five members in three zones"),
                kops(CLUSTER, REGION, TagSet.KOPS_1_8, ETCD, members("a", "b", "c"))
                        .called("kops-1.8", "three members with only the four tags of kops 1.8"),
                kops(CLUSTER, REGION, TagSet.KOPS_1_9, ETCD, members("a", "b", "c"))
                        .called("kops-1.25", "three members with the five tags of kops 1.9 to 1.25"),
                withNoise(three),
                kops(CLUSTER, REGION, TagSet.KOPS_1_26, List.of("main", "events", "cilium", "leases"),
                        members("a", "b", "c"))
                        .called("cilium-and-leases", "etcd clusters main, events, cilium and leases"),
                nodesGone(three),
                quorumLost(three));
    }

    /**
     * By its name, or by a name that it had before.
     *
     * @throws IllegalArgumentException when there is no such world; the message lists all worlds
     */
    public static World named(String name) {
        String current = name.equals("old-twin") ? "duplicate-volume" : name;
        return all().stream().filter(w -> w.name().equals(current)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("no world is named " + name + "; the worlds are "
                        + String.join(", ", all().stream().map(World::name).toList())));
    }

    /**
     * A cluster with one control-plane instance per member, its etcd volumes and its root volume.
     *
     * @param zones member to zone, in the order in which the instances are made
     */
    public static World kops(String cluster, String region, TagSet tags, List<String> etcdClusters,
                             LinkedHashMap<String, String> zones) {
        World world = World.empty(cluster, "the kops cluster " + cluster, region);
        String list = String.join(",", new TreeSet<>(zones.keySet()));
        for (String member : zones.keySet()) {
            String zone = zones.get(member);
            String instance = instanceId(cluster, member);
            world = world.plus(new World.Instance(instance, zone, "running", "/dev/xvda",
                    instanceTags(cluster, tags, zone, member), BUILT));
            for (String etcd : etcdClusters) {
                Map<String, String> volumeTags = common(cluster, tags);
                volumeTags.put("Name", member + ".etcd-" + etcd + "." + cluster);
                volumeTags.put("k8s.io/etcd/" + etcd, member + "/" + list);
                world = world.plus(World.Volume.gp3(volumeId(cluster, etcd, member), zone, 20, BUILT)
                        .encryptedWith(kmsKey(region)).tags(volumeTags)
                        .attachedTo(instance, DEVICES.get(etcdClusters.indexOf(etcd))));
            }
            world = world.plus(rootOf(cluster + "/" + member, zone, instance));
        }
        return world;
    }

    public static String volumeId(String cluster, String etcd, String member) {
        return id("vol", cluster + "/" + etcd + "/" + member);
    }

    public static String instanceId(String cluster, String member) {
        return id("i", cluster + "/" + member);
    }

    /** An id as EC2 makes them, 17 hexadecimal digits; the first is 0. The same text gives the same id on every run. */
    public static String id(String prefix, String of) {
        return String.format("%s-0%016x", prefix,
                UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits());
    }

    public static String kmsKey(String region) {
        return "arn:aws:kms:" + region + ":" + Account.ID + ":key/"
                + UUID.nameUUIDFromBytes(region.getBytes(StandardCharsets.UTF_8));
    }

    private static LinkedHashMap<String, String> members(String... names) {
        LinkedHashMap<String, String> zones = new LinkedHashMap<>();
        for (String name : names) {
            zones.put(name, REGION + name.charAt(0));
        }
        return zones;
    }

    private static Map<String, String> common(String cluster, TagSet tagSet) {
        Map<String, String> tags = new TreeMap<>(Map.of("KubernetesCluster", cluster, "k8s.io/role/master", "1"));
        if (tagSet != TagSet.KOPS_1_8) {
            tags.put("kubernetes.io/cluster/" + cluster, "owned");
        }
        if (tagSet == TagSet.KOPS_1_26) {
            tags.put(CONTROL_PLANE, "1");
        }
        return tags;
    }

    private static Map<String, String> instanceTags(String cluster, TagSet tagSet, String zone, String member) {
        Map<String, String> tags = common(cluster, tagSet);
        String role = tagSet == TagSet.KOPS_1_26 ? "control-plane-" : "master-";
        String ordinal = member.contains("-") ? member.substring(member.indexOf('-')) : "";
        tags.put("Name", role + zone + ordinal + ".masters." + cluster);
        return tags;
    }

    private static World.Volume rootOf(String owner, String zone, String instance) {
        return World.Volume.gp3(id("vol", owner + "/root"), zone, 64, BUILT).encryptedWith(kmsKey(REGION))
                .fromSnapshot(id("snap", "image")).attachedTo(instance, "/dev/xvda");
    }

    /** The other volumes carry the cluster's tags too: only k8s.io/etcd/* marks an etcd volume. */
    private static World withNoise(World cluster) {
        List<World.Volume> noise = new ArrayList<>();
        String worker = id("i", CLUSTER + "/worker");
        for (int n = 1; n <= 4; n++) {
            Map<String, String> tags = new TreeMap<>(Map.of("KubernetesCluster", CLUSTER,
                    "kubernetes.io/cluster/" + CLUSTER, "owned", "ebs.csi.aws.com/cluster", "true",
                    "Name", CLUSTER + "-dynamic-pvc-" + n, "kubernetes.io/created-for/pvc/name", "data-" + n));
            World.Volume csi = World.Volume.gp3(id("vol", CLUSTER + "/csi/" + n), REGION + "a", 10 * n, BUILT)
                    .tags(tags);
            noise.add(switch (n) {
                case 1, 2 -> csi.attachedTo(instanceId(CLUSTER, "a"), "/dev/xvdb" + (char) ('a' + n));
                case 3 -> csi.attachedTo(worker, "/dev/xvdba");
                default -> csi;
            });
        }
        noise.add(World.Volume.gp3(id("vol", "untagged/1"), REGION + "b", 8, BUILT));
        noise.add(World.Volume.gp3(id("vol", "untagged/2"), REGION + "b", 8, BUILT)
                .attachedTo(instanceId(CLUSTER, "b"), "/dev/xvdbz"));
        noise.add(rootOf(CLUSTER + "/worker", REGION + "a", worker));
        return cluster
                .plus(kops("staging.mycompany.tld", REGION, TagSet.KOPS_1_26, ETCD, members("a", "b", "c")))
                .plus(new World.Instance(worker, REGION + "a", "running", "/dev/xvda",
                        Map.of("KubernetesCluster", CLUSTER, "kubernetes.io/cluster/" + CLUSTER, "owned",
                                "k8s.io/role/node", "1", "Name", "nodes-" + REGION + "a." + CLUSTER), BUILT))
                .plus(noise.toArray(World.Volume[]::new))
                .called("with-noise", "three-masters among CSI volumes, untagged volumes, a worker and a second "
                        + "cluster, staging.mycompany.tld");
    }

    /** Quorum is lost a day after a set of snapshots was taken. The snapshots have the tags that snapshot-all puts on them. */
    private static World quorumLost(World cluster) {
        World world = nodesGone(cluster);
        for (World.Volume volume : cluster.volumes()) {
            String etcd = volume.tags().containsKey("k8s.io/etcd/main") ? "main" : "events";
            String value = volume.tags().getOrDefault("k8s.io/etcd/" + etcd, "");
            if (!value.isEmpty()) {
                String member = value.substring(0, 1);
                World.Snapshot taken = World.Snapshot.of(id("snap", "night-1/" + volume.id()), volume,
                        BUILT.plusSeconds(86_400).plusMillis(100 * (member.charAt(0) - 'a')));
                for (Map.Entry<String, String> tag : Map.of("set", "night-1", "run", "night-1", "cluster", CLUSTER, "etcd", etcd,
                        "member", member, "members", "a,b,c", "zone", volume.zone(), "source-volume", volume.id(),
                        "volume-type", volume.type(), "size-gib", "20").entrySet()) {
                    taken = taken.tag("etcd-ops/" + tag.getKey(), tag.getValue());
                }
                world = world.plus(taken.tag("etcd-ops/iops", "3000").tag("etcd-ops/throughput", "125")
                        .tag("etcd-ops/kms-key", volume.kmsKeyId()));
            }
        }
        return world.without(volumeId(CLUSTER, "main", "b")).without(volumeId(CLUSTER, "main", "c"))
                .called("quorum-lost", "nodes-gone without the main volumes of b and c; the set night-1 has all six");
    }

    /** Root volumes are deleted with their instance. A terminated instance stays visible for a while, with its tags. */
    private static World nodesGone(World cluster) {
        World world = cluster.withInstances(i -> i.state("terminated"));
        for (World.Volume volume : cluster.volumes()) {
            world = volume.device().equals("/dev/xvda") ? world.without(volume.id())
                    : world.withVolume(volume.id(), World.Volume::detached);
        }
        return world.called("nodes-gone", "every instance is terminated, the etcd volumes are left, detached");
    }
}
