import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import practice.Cloud;
import practice.Settings;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * An account in which restore-volume runs. Every call of the command passes a proxy, and after every call the account is
 * checked by {@link RestoreChecks#mustHoldBetweenCalls}. What nodes, people and kops do beside the command has a method here.
 */
final class RestoreFixture implements AutoCloseable {
    static final String C = Worlds.CLUSTER;
    /** Nothing takes time, so that a test does not wait. */
    static final Settings QUICK = Settings.defaults().snapshotTakes(Duration.ZERO).snapshotSpacing(Duration.ZERO)
            .volumeCreating(Duration.ZERO).attaching(Duration.ZERO).detaching(Duration.ZERO)
            .instanceChanging(Duration.ZERO).throttling(false);
    private static final List<String> DEVICES = List.of("/dev/xvdu", "/dev/xvdv", "/dev/xvdx", "/dev/xvdy");

    private final World before;
    private final Cloud cloud;
    private final RestoreProxy proxy;
    private Ec2Client ec2;

    private RestoreFixture(World before, Settings settings) {
        this.before = before;
        this.cloud = Cloud.start(before, settings);
        try {
            this.proxy = newProxy();
        } catch (UncheckedIOException e) {
            cloud.close();
            throw e;
        }
    }

    static RestoreFixture start(World before) {
        return start(before, QUICK);
    }

    static RestoreFixture start(World before, Settings settings) {
        return new RestoreFixture(before, settings);
    }

    // ---- worlds to start from

    /** The world after its etcd volumes were snapshotted as set s1. */
    static World withSet(World world) {
        return withSet(world, "restorable");
    }

    /** The same for a world with two volumes for one member. Its set is incomplete. */
    static World withSetOfDuplicates(World world) {
        return withSet(world, "incomplete");
    }

    private static World withSet(World world, String verdict) {
        try (Cloud cloud = Cloud.start(world, QUICK)) {
            List<String> clusters = world.volumes().stream().map(v -> v.tags().getOrDefault("KubernetesCluster", ""))
                    .filter(c -> !c.isEmpty()).distinct().toList();
            for (String cluster : clusters) {
                Harness.Ran ran = new Harness(cloud.endpoint()).snapshotAll("--cluster", cluster, "--set", "s1");
                assertTrue(ran.texts("sets", "verdict").contains(verdict), ran.shown());
            }
            return worldOf(cloud);
        }
    }

    /** The world after all instances were terminated. Their root volumes are gone too, their etcd volumes are detached. */
    static World nodesGone(World world) {
        World gone = world.withInstances(i -> i.state("terminated"));
        for (World.Volume v : world.volumes()) {
            gone = v.device().equals("/dev/xvda") ? gone.without(v.id()) : gone.withVolume(v.id(), World.Volume::detached);
        }
        return gone;
    }

    /** Three masters were snapshotted as set s1. Then all nodes were lost, and main of b and c. */
    static World quorumLost() {
        return nodesGone(withSet(Worlds.named("three-masters"))).without(TruthTable.vol("main", "b"))
                .without(TruthTable.vol("main", "c"));
    }

    private static World worldOf(Cloud cloud) {
        return new World("fixture", "an account as a test left it", Worlds.REGION, cloud.instances(), cloud.volumes(),
                cloud.snapshots());
    }

    // ---- commands

    /** The arguments, after a first array of them. */
    static String[] with(String[] args, String... more) {
        return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
    }

    /** Runs restore-volume, and fails when the account was wrong after any of its calls. */
    Harness.Ran restore(String... args) {
        return restoreCluster(C, args);
    }

    Harness.Ran restoreCluster(String cluster, String... args) {
        return through(proxy, cluster, args);
    }

    /** Restores set s1, by default its quorum. */
    Harness.Ran restoreS1(String... more) {
        return restore(with(new String[] {"--set", "s1", "--yes"}, more));
    }

    Harness.Ran rollBack(String restore, String... more) {
        return restore(with(new String[] {"--rollback", restore, "--yes"}, more));
    }

    Harness.Ran snapshotAll(String set) {
        return harness().snapshotAll("--cluster", C, "--set", set);
    }

    Harness.Ran verify() {
        return harness().verify("--cluster", C);
    }

    /** A harness whose calls do not pass the proxy. */
    Harness harness() {
        return new Harness(cloud.endpoint());
    }

    /** The proxy that {@link #restore} uses. */
    RestoreProxy proxy() {
        return proxy;
    }

    /** Another proxy to the same account, which the caller closes. */
    RestoreProxy newProxy() {
        try {
            return new RestoreProxy(cloud.endpoint(),
                    call -> RestoreChecks.mustHoldBetweenCalls(before, cloud.volumes(), call));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Harness.Ran through(RestoreProxy proxy, String cluster, String... args) {
        Harness.Ran ran = new Harness(proxy.endpoint()).restoreVolume(with(new String[] {"--cluster", cluster}, args));
        proxy.mustHaveSeenNothingWrong();
        return ran;
    }

    // ---- what happens beside the command

    Cloud cloud() {
        return cloud;
    }

    Ec2Client ec2() {
        if (ec2 == null) {
            ec2 = Ec2Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).region(Region.EU_CENTRAL_1)
                    .endpointOverride(cloud.endpoint()).build();
        }
        return ec2;
    }

    void startNodes(Collection<String> members) {
        startNodes(ec2(), C, members);
    }

    void terminateNodes() {
        terminateNodes(ec2());
    }

    void deleteVolumes(Collection<String> ids) {
        ids.forEach(id -> ec2().deleteVolume(r -> r.volumeId(id)));
    }

    void tag(String resource, String key, String value) {
        ec2().createTags(r -> r.resources(resource).tags(t -> t.key(key).value(value)));
    }

    /** An empty volume with the tags of this one, as kops update cluster makes it. */
    void makeBlankCopy(World.Volume of) {
        String blank = ec2().createVolume(r -> r.availabilityZone(of.zone()).size(20)).volumeId();
        of.tags().forEach((key, value) -> tag(blank, key, value));
    }

    /** kops update cluster removes the tags that it does not know from the volumes that it finds. */
    void removeOurTagsAsKopsUpdateDoes() {
        for (World.Volume v : made()) {
            List<Tag> ours = v.tags().keySet().stream().filter(k -> k.startsWith("etcd-ops/"))
                    .map(k -> Tag.builder().key(k).build()).toList();
            if (!ours.isEmpty() && v.tags().containsKey("KubernetesCluster")) {
                ec2().deleteTags(r -> r.resources(v.id()).tags(ours));
            }
        }
    }

    /** Starts a control-plane node for each member and attaches what the node finds, as kops' nodes do. */
    static void startNodes(Ec2Client ec2, String cluster, Collection<String> members) {
        for (String member : members) {
            List<software.amazon.awssdk.services.ec2.model.Volume> own = ec2.describeVolumes(r -> r.filters(
                    f -> f.name("tag:kubernetes.io/cluster/" + cluster).values("owned"),
                    f -> f.name("tag:k8s.io/role/control-plane").values("1"))).volumes().stream()
                    .filter(v -> v.stateAsString().equals("available")).filter(v -> v.tags().stream().anyMatch(
                            t -> t.key().startsWith("k8s.io/etcd/") && t.value().startsWith(member + "/"))).toList();
            Map<String, String> tags = Map.of("KubernetesCluster", cluster, "kubernetes.io/cluster/" + cluster, "owned",
                    "k8s.io/role/master", "1", "k8s.io/role/control-plane", "1", "Name", "control-plane-" + member);
            String instance = ec2.runInstances(r -> r.imageId("ami-12c6146b").minCount(1).maxCount(1)
                    .placement(p -> p.availabilityZone(own.get(0).availabilityZone()))
                    .tagSpecifications(TagSpecification.builder().resourceType(ResourceType.INSTANCE)
                            .tags(tags.entrySet().stream().map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build())
                                    .toList()).build())).instances().get(0).instanceId();
            for (int n = 0; n < own.size(); n++) {
                String volume = own.get(n).volumeId();
                String device = DEVICES.get(n);
                ec2.attachVolume(r -> r.volumeId(volume).instanceId(instance).device(device));
            }
        }
    }

    static void terminateNodes(Ec2Client ec2) {
        List<String> running = ec2.describeInstances().reservations().stream().flatMap(r -> r.instances().stream())
                .filter(i -> i.state().nameAsString().equals("running")).map(i -> i.instanceId()).toList();
        ec2.terminateInstances(r -> r.instanceIds(running));
    }

    // ---- what the account holds now

    World before() {
        return before;
    }

    World now() {
        return worldOf(cloud);
    }

    /** The volumes that were not there at the start. */
    List<World.Volume> made() {
        return RestoreChecks.made(before, cloud.volumes());
    }

    /** The members for which a volume was made. */
    List<String> membersMade() {
        return made().stream().filter(v -> v.tags().containsKey("etcd-ops/member")).map(v -> v.tags().get("etcd-ops/member"))
                .distinct().sorted().toList();
    }

    /** The members that some reader finds, such as main/a. */
    List<String> live() {
        return List.copyOf(found().keySet());
    }

    Map<String, Set<String>> found() {
        return RestoreChecks.found(cloud.volumes(), C);
    }

    /** The only volume that claims this member, such as main/a. */
    World.Volume only(String etcdAndMember) {
        Set<String> ids = found().get(etcdAndMember);
        assertEquals(1, ids.size(), () -> etcdAndMember + " " + ids);
        return cloud.volumes().stream().filter(v -> ids.contains(v.id())).findFirst().orElseThrow();
    }

    Map<String, Map<String, String>> tags() {
        return RestoreChecks.tags(cloud.volumes());
    }

    /** The volumes of the start have the tags of the start, and are all there. */
    void oldVolumesMustHaveTheirOldTags() {
        Map<String, Map<String, String>> now = new TreeMap<>(tags());
        Map<String, Map<String, String>> then = RestoreChecks.tags(before.volumes());
        now.keySet().retainAll(then.keySet());
        assertEquals(then, now);
    }

    /** Every volume is what it was at the start, and there is no other. */
    void mustBeUnchanged() {
        assertEquals(before.volumes(), cloud.volumes());
        assertEquals(List.of(), writes());
    }

    /** The calls that change something, in their order. */
    List<String> writes() {
        return cloud.journal().stream().map(Cloud.Request::action).filter(a -> !a.startsWith("Describe")).toList();
    }

    /** The parameters of every CreateVolume. */
    List<String> creations() {
        return cloud.journal().stream().filter(r -> r.action().equals("CreateVolume")).map(r -> r.parameters().toString())
                .toList();
    }

    /** EC2 answers a client token that is used for two requests with IdempotentParameterMismatch. */
    void everyCallMustHaveSucceeded() {
        assertTrue(cloud.journal().stream().allMatch(r -> r.outcome().equals("ok")), () -> cloud.journal().toString());
    }

    /** A report whose outcome is `unchanged` must list every change as one that was made before. */
    static void mustEndUnchanged(Harness.Ran ran) {
        ran.mustEnd("unchanged", 0);
        assertTrue(ran.statuses().stream().allMatch("already"::equals), ran.shown());
    }

    @Override
    public void close() {
        proxy.close();
        if (ec2 != null) {
            ec2.close();
        }
        cloud.close();
    }
}
