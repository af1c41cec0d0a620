import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.Settings;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Tag;

class RestoreVolumeTest {
    private static final String C = RestoreScene.C;

    private static Harness.Ran restore(Cloud cloud, String... args) {
        return RestoreScene.restore(cloud, args);
    }

    static List<String> live(Cloud cloud) {
        return RestoreScene.found(cloud.volumes(), C).entrySet().stream().filter(e -> !e.getValue().isEmpty())
                .map(Map.Entry::getKey).toList();
    }

    private static World.Volume one(Cloud cloud, String etcdAndMember) {
        Set<String> ids = RestoreScene.found(cloud.volumes(), C).get(etcdAndMember);
        assertEquals(1, ids.size(), () -> etcdAndMember + " " + ids);
        return cloud.volumes().stream().filter(v -> ids.contains(v.id())).findFirst().orElseThrow();
    }

    static List<String> membersOf(Cloud cloud, World before) {
        return RestoreScene.made(before, cloud.volumes()).stream().filter(v -> v.state().equals("available"))
                .map(v -> v.tags().get("etcd-ops/member")).distinct().sorted().toList();
    }

    static Map<String, Map<String, String>> tagsOf(World world, Cloud cloud) {
        return RestoreScene.tags(cloud.volumes().stream().filter(v -> world.volumes().stream()
                .anyMatch(w -> w.id().equals(v.id()))).toList());
    }

    @Test
    void all_the_way_down_and_up_and_back_again() throws Exception {
        Settings slow = RestoreScene.QUICK.volumeCreating(Duration.ofMillis(300));
        World start = Worlds.named("three-masters").withVolumes(v -> v.tag("team", "infra, & co"));
        try (Cloud cloud = Cloud.start(start, slow); Ec2Client ec2 = RestoreScene.client(cloud)) {
            assertEquals(0, new Harness(cloud.endpoint()).snapshotAll("--cluster", C, "--set", "s1").code());
            RestoreScene.terminateNodes(ec2);
            for (String lost : List.of(TruthTable.vol("main", "b"), TruthTable.vol("main", "c"),
                    TruthTable.vol("events", "a"), TruthTable.vol("events", "b"))) {
                ec2.deleteVolume(r -> r.volumeId(lost));
            }
            cloud.clock().advance(Duration.ofSeconds(1)); // none of them shows as deleting any more
            World before = RestoreScene.of(cloud);
            try (RestoreGate gate = new RestoreGate(cloud.endpoint(),
                    action -> RestoreScene.mustHold(before, cloud.volumes(), action))) {
                path(cloud, ec2, gate, before);
            }
        }
    }

    private void path(Cloud cloud, Ec2Client ec2, RestoreGate gate, World before) {
        Harness harness = new Harness(gate.endpoint());
        Harness.Ran planned = harness.restoreVolume(RestoreScene.of(C));
        RestoreScene.mustEnd("planned", 0, planned);
        assertEquals(before.volumes(), cloud.volumes());
        assertTrue(planned.texts("changes", "status").stream().allMatch("planned"::equals), planned.out());
        String next = planned.json().get("next").get(0).asText();
        assertTrue(next.endsWith("--set s1 --yes --plan " + RestoreScene.planId(planned)), next);

        RestoreScene.mustEnd("done", 0, again(harness, next));
        assertEquals(4, RestoreScene.made(before, cloud.volumes()).size());
        List<World.Volume> retired = cloud.volumes().stream().filter(v -> v.tags().containsKey("etcd-ops/retired-by")).toList();
        assertEquals(2, retired.size());
        retired.forEach(v -> assertTrue(v.tags().entrySet().stream().allMatch(t -> !RestoreScene.isLive(t.getKey())
                || t.getKey().equals("Name") && t.getValue().startsWith("retired.")), v::toString));
        List<String> quorum = membersOf(cloud, before);
        RestoreScene.startNodes(ec2, C, quorum);
        assertEquals(21, harness.verify("--cluster", C).code());
        Harness.Ran rest = harness.restoreVolume(RestoreScene.of(C, "--set", "s1", "--stage", "rest"));
        RestoreScene.mustEnd("planned", 0, rest);
        RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreScene.of(C, "--set", "s1", "--stage", "rest", "--yes",
                "--plan", RestoreScene.planId(rest))));
        List<String> others = Stream.of("a", "b", "c").filter(m -> !quorum.contains(m)).toList();
        RestoreScene.startNodes(ec2, C, others);
        Harness.Ran healthy = harness.verify("--cluster", C);
        RestoreScene.mustEnd("healthy", 0, healthy);
        RestoreScene.made(before, cloud.volumes()).stream().filter(v -> v.tags().containsKey("etcd-ops/run"))
                .forEach(v -> assertEquals("infra, & co", v.tags().get("team"), v::toString));
        RestoreScene.mustEnd("unchanged", 0, harness.restoreVolume(RestoreScene.of(C, "--set", "s1", "--yes")));

        RestoreScene.terminateNodes(ec2);
        Harness.Ran back = harness.restoreVolume(RestoreScene.of(C, "--rollback", "s1.1"));
        RestoreScene.mustEnd("planned", 0, back);
        RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreScene.of(C, "--rollback", "s1.1", "--yes", "--plan",
                RestoreScene.planId(back))));
        assertEquals(RestoreScene.tags(before.volumes()), tagsOf(before, cloud));
        RestoreScene.found(cloud.volumes(), C).values().forEach(ids -> ids.forEach(before::volume));
        RestoreScene.mustEnd("unchanged", 0, harness.restoreVolume(RestoreScene.of(C, "--rollback", "s1.1", "--yes")));

        Harness.Ran second = harness.restoreVolume(RestoreScene.of(C, "--set", "s1", "--yes"));
        RestoreScene.mustEnd("done", 0, second);
        assertEquals(10, RestoreScene.made(before, cloud.volumes()).size());
        assertTrue(second.out().contains("--rollback s1.2"), second.out());
        RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreScene.of(C, "--rollback", "s1.2", "--yes")));
        assertEquals(RestoreScene.tags(before.volumes()), tagsOf(before, cloud));
        gate.mustHaveHeld();
        assertTrue(cloud.journal().stream().allMatch(r -> r.outcome().equals("ok")), "no token was used twice");
    }

    /** What a report names as the next command, word by word. */
    private static Harness.Ran again(Harness harness, String commandLine) {
        List<String> words = new ArrayList<>(List.of(commandLine.split(" ")));
        assertEquals(List.of("./jbang", "restore-volume"), words.subList(0, 2));
        for (String option : List.of("--region", "--endpoint-url")) {
            int n = words.indexOf(option);
            words.subList(n, n + 2).clear();
        }
        return harness.restoreVolume(words.subList(2, words.size()).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"five-masters", "kops-1.8", "cilium-and-leases", "three-masters", "long-names"})
    void members_and_tags_are_as_kops_made_them(String name) throws Exception {
        World healthy = name.equals("long-names") ? longNames() : Worlds.named(name);
        World gone = RestoreScene.nodesGone(RestoreScene.withSet(healthy));
        World lost = gone;
        for (World.Volume v : gone.volumes()) {
            lost = v.tags().keySet().stream().anyMatch(k -> k.startsWith("k8s.io/etcd/")) ? lost.without(v.id()) : lost;
        }
        World before = lost;
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK); RestoreGate gate = new RestoreGate(cloud.endpoint(),
                action -> RestoreScene.mustHold(before, cloud.volumes(), action))) {
            Harness harness = new Harness(gate.endpoint());
            RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreScene.of(C, "--set", "s1", "--stage", "all",
                    "--accept-skew", "--yes")));
            gate.mustHaveHeld();
            Map<String, World.Volume> byName = gone.volumes().stream().filter(v -> v.tags().containsKey("KubernetesCluster"))
                    .collect(Collectors.toMap(v -> v.tags().get("Name"), v -> v));
            Set<String> names = new TreeSet<>();
            for (World.Volume v : cloud.volumes()) {
                Map<String, String> tags = new TreeMap<>(v.tags());
                tags.keySet().removeIf(k -> k.startsWith("etcd-ops/"));
                World.Volume was = byName.get(tags.get("Name"));
                assertEquals(new TreeMap<>(was.tags()), tags);
                assertEquals(was.zone() + was.type() + was.sizeGib() + was.kmsKeyId(),
                        v.zone() + v.type() + v.sizeGib() + v.kmsKeyId());
                names.add(tags.get("Name"));
            }
            assertEquals(byName.keySet(), names);
            assertEquals(0, harness.verify("--cluster", C).code());
        }
    }

    private static World longNames() {
        LinkedHashMap<String, String> zones = new LinkedHashMap<>();
        List.of("a", "b", "c").forEach(z -> zones.put(z.repeat(60), "eu-central-1" + z));
        return Worlds.kops(C, Worlds.REGION, Worlds.TagSet.KOPS_1_26, List.of("main", "events"), zones);
    }

    @Test
    void a_single_master_from_a_snapshot_that_somebody_else_took() throws Exception {
        World single = Worlds.named("single-master");
        World.Volume main = single.volume(TruthTable.vol("main", "a"));
        String id = Worlds.id("snap", "console");
        World world = RestoreScene.nodesGone(single.plus(World.Snapshot.of(id, main, Instant.parse(
                "2026-10-01T02:00:00Z")).tags(Map.of("dlm:managed", "true"))));
        for (World before : List.of(world, world.without(main.id()))) {
            try (Cloud cloud = Cloud.start(before, RestoreScene.QUICK); RestoreGate gate = new RestoreGate(cloud.endpoint(),
                    action -> RestoreScene.mustHold(before, cloud.volumes(), action))) {
                Harness.Ran ran = new Harness(gate.endpoint()).restoreVolume(RestoreScene.of(C, "--snapshot", id, "--etcd",
                        "main", "--member", "a", "--yes"));
                RestoreScene.mustEnd("done", 0, ran);
                gate.mustHaveHeld();
                World.Volume made = one(cloud, "main/a");
                assertEquals(id + " eu-central-1a gp3 20 " + main.kmsKeyId(), made.snapshotId() + " " + made.zone() + " "
                        + made.type() + " " + made.sizeGib() + " " + made.kmsKeyId());
                assertFalse(made.tags().containsKey("dlm:managed"), made::toString);
                assertEquals(0, new Harness(cloud.endpoint()).verify("--cluster", C).code());
                RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", id + ".1", "--yes"));
                assertEquals(RestoreScene.tags(before.volumes()), tagsOf(before, cloud));
            }
        }
    }

    @Test
    void an_empty_volume_beside_a_quorum_that_lives() throws Exception {
        World before = Worlds.named("one-volume-gone").withoutInstance(Worlds.instanceId(C, "c"));
        try (Cloud cloud = Cloud.start(before, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--empty", "--etcd", "main", "--member", "c", "--yes"));
            World.Volume made = one(cloud, "main/c");
            World.Volume sibling = before.volume(TruthTable.vol("main", "a"));
            assertEquals(" eu-central-1c 20 gp3 3000 125 " + sibling.kmsKeyId(), made.snapshotId() + " " + made.zone() + " "
                    + made.sizeGib() + " " + made.type() + " " + made.iops() + " " + made.throughput() + " " + made.kmsKeyId());
            assertEquals("c/a,b,c", made.tags().get("k8s.io/etcd/main"));
            assertEquals(before.volumes().size() + 1, cloud.volumes().size());
            assertEquals(RestoreScene.tags(before.volumes()), tagsOf(before, cloud));
            RestoreScene.mustEnd("unchanged", 0, restore(cloud, "--empty", "--etcd", "main", "--member", "c", "--yes"));
            RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", "empty-main-c.1", "--yes"));
            assertEquals(List.of("events/a", "events/b", "events/c", "main/a", "main/b"), live(cloud));
        }
    }

    static Stream<Arguments> kinds() {
        UnaryOperator<World.Volume> none = v -> v;
        return Stream.of(
                Arguments.of("gp2", (UnaryOperator<World.Volume>) v -> v.type("gp2", 100, 0), "VolumeType=gp2", "Iops="),
                Arguments.of("io1", (UnaryOperator<World.Volume>) v -> v.type("io1", 900, 0), "Iops=900", "Throughput="),
                Arguments.of("gp3 faster", (UnaryOperator<World.Volume>) v -> v.type("gp3", 6000, 500), "Throughput=500", ""),
                Arguments.of("bigger", (UnaryOperator<World.Volume>) v -> v.sizeGib(33), "Size=33", ""),
                Arguments.of("not encrypted", (UnaryOperator<World.Volume>) v -> new World.Volume(v.id(), v.zone(), 20, "gp3",
                        3000, 125, false, "", "", v.state(), v.createdAt(), v.tags(), v.attachedTo(), v.device()), "",
                        "Encrypted="),
                Arguments.of("other key", (UnaryOperator<World.Volume>) v -> v.encryptedWith("arn:aws:kms:eu-central-1:"
                        + "123456789012:key/11111111-2222-3333-4444-555555555555"), "KmsKeyId=arn:aws:kms:eu-central-1:"
                        + "123456789012:key/11111111-2222-3333-4444-555555555555", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void a_new_volume_is_what_the_lost_one_was(String name, UnaryOperator<World.Volume> edit, String asked, String notAsked)
            throws Exception {
        World healthy = Worlds.named("three-masters");
        for (String m : List.of("a", "b", "c")) {
            healthy = healthy.withVolume(TruthTable.vol("main", m), edit);
        }
        World before = RestoreScene.nodesGone(RestoreScene.withSet(healthy)).without(TruthTable.vol("main", "b"))
                .without(TruthTable.vol("main", "c"));
        try (Cloud cloud = Cloud.start(before, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            for (World.Volume v : RestoreScene.made(before, cloud.volumes())) {
                World.Volume was = healthy.volume(TruthTable.vol("main", v.tags().get("etcd-ops/member")));
                assertEquals(fact(was), fact(v));
            }
            List<String> creations = creations(cloud);
            assertEquals(2, creations.size());
            creations.forEach(c -> assertTrue(c.contains(asked) && (notAsked.isEmpty() || !c.contains(notAsked)), c));
        }
    }

    private static String fact(World.Volume v) {
        return v.zone() + " " + v.sizeGib() + " " + v.type() + " " + v.iops() + " " + v.throughput() + " " + v.encrypted()
                + " " + v.kmsKeyId();
    }

    private static List<String> creations(Cloud cloud) {
        return cloud.journal().stream().filter(r -> r.action().equals("CreateVolume")).map(r -> r.parameters().toString())
                .toList();
    }

    @Test
    void other_kinds_of_volumes_and_a_rate_on_demand() throws Exception {
        World before = RestoreScene.quorumLost();
        try (Cloud cloud = Cloud.start(before, RestoreScene.QUICK)) {
            Harness.Ran ran = restore(cloud, "--set", "s1", "--volume-type", "io2", "--iops", "4000", "--init-rate", "256",
                    "--yes");
            RestoreScene.mustEnd("done", 0, ran);
            assertEquals(80, ran.json().get("summary").get("initialization_at_most_s").asInt());
            creations(cloud).forEach(c -> assertTrue(c.contains("VolumeInitializationRate=256") && c.contains("Iops=4000")
                    && c.contains("VolumeType=io2") && !c.contains("Throughput"), c));
            assertEquals(2, creations(cloud).size());
        }
        try (Cloud cloud = Cloud.start(before, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--iops", "6000", "--throughput", "400", "--yes"));
            creations(cloud).forEach(c -> assertTrue(c.contains("Iops=6000") && c.contains("Throughput=400"), c));
        }
    }

    /** Without the SDK, which presigns a copy's source for hosts of AWS only. */
    private static String copied(Cloud cloud, String snapshot) throws Exception {
        String form = "Action=CopySnapshot&Version=2016-11-15&SourceRegion=eu-central-1&Encrypted=true&SourceSnapshotId=";
        String reply = HttpClient.newHttpClient().send(HttpRequest.newBuilder(cloud.endpoint())
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=x/20261121/eu-central-1/ec2/aws4_request")
                .POST(HttpRequest.BodyPublishers.ofString(form + snapshot)).build(),
                HttpResponse.BodyHandlers.ofString()).body();
        assertTrue(reply.contains("<snapshotId>"), reply);
        return reply.replaceAll("(?s)^.*<snapshotId>(.*)</snapshotId>.*$", "$1");
    }

    @Test
    void a_copied_set_keeps_the_recorded_key() throws Exception {
        World lost = RestoreScene.quorumLost();
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            for (World.Snapshot s : lost.snapshots()) {
                String copy = copied(cloud, s.id());
                ec2.createTags(r -> r.resources(copy).tags(s.tags().entrySet().stream()
                        .map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build()).toList()));
                ec2.deleteSnapshot(r -> r.snapshotId(s.id()));
            }
            assertTrue(cloud.snapshots().stream().allMatch(s -> s.volumeId().equals("vol-ffffffff")
                    && s.kmsKeyId().endsWith("alias/aws/ebs")), cloud.snapshots()::toString);
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            List<World.Volume> made = RestoreScene.made(lost, cloud.volumes());
            assertEquals(2, made.size());
            made.forEach(v -> assertEquals(Worlds.kmsKey("eu-central-1"), v.kmsKeyId()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--set a/b", "--set", "--snapshot snap-1 --etcd main --member a",
        "--snapshot snap-0123456789abcdef0", "--snapshot snap-0123456789abcdef0 --member a", "--empty --etcd main",
        "--empty --etcd main --etcd events --member a", "--member a", "--member a/b --empty --etcd main",
        "--rollback s1", "--rollback a/b.1", "--rollback s1.1 --set s1", "--set s1 --empty --etcd main --member a",
        "--stage some", "--stage QUORUM", "--init-rate 50", "--init-rate 301", "--init-rate fast", "--iops many",
        "--plan yesterday", "--kops-version one"})
    void a_bad_value_is_refused_before_anything_is_asked(String args) throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"), RestoreScene.QUICK)) {
            Harness.Ran ran = restore(cloud, args.split(" "));
            assertEquals(2, ran.code(), RestoreScene.shown(ran));
            assertEquals(2, ran.errLines().size(), ran.err());
            assertEquals(List.of(), cloud.journal());
        }
    }

    @Test
    void which_cluster_must_be_said() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"), RestoreScene.QUICK)) {
            Harness.Ran ran = new Harness(cloud.endpoint()).restoreVolume("--set", "s1");
            assertEquals(2, ran.code());
            assertTrue(ran.err().contains("KOPS_CLUSTER_NAME"), ran.err());
            assertEquals(List.of(), cloud.journal());
        }
    }

    @Test
    void ctrl_c_leaves_a_report_and_the_same_command_finishes() throws Exception {
        World lost = RestoreScene.quorumLost();
        Settings slow = RestoreScene.QUICK.volumeCreating(Duration.ofHours(1));
        try (Cloud cloud = Cloud.start(lost, slow)) {
            String jbang = Checkout.root().resolve("jbang").toString();
            String[] command = {jbang, "restore-volume", "--cluster", C, "--set", "s1", "--yes"};
            Map<String, String> env = Map.of("AWS_ENDPOINT_URL", cloud.endpoint().toString());
            Processes.Started started = Processes.start(Checkout.root(), env, command);
            for (int n = 0; n < 600 && RestoreScene.made(lost, cloud.volumes()).isEmpty(); n++) {
                Thread.sleep(100);
            }
            started.signal("INT");
            Processes.Ended ended = started.end();
            assertEquals(130, ended.code(), ended.err());
            Harness.Ran ran = new Harness.Ran(ended.code(), ended.out(), ended.err());
            assertEquals("interrupted", RestoreScene.outcome(ran));
            RestoreScene.mustBeAsReported(lost, ran, cloud.volumes());
            assertEquals(RestoreScene.tags(lost.volumes()), tagsOf(lost, cloud));
            Harness.Ran again;
            Thread clock = new Thread(() -> {
                for (int n = 0; n < 4; n++) {
                    try {
                        Thread.sleep(700); // volumes made at any moment of the run below become available
                    } catch (InterruptedException e) {
                        return;
                    }
                    cloud.clock().advance(Duration.ofHours(2));
                }
            });
            clock.start();
            again = restore(cloud, "--set", "s1", "--yes");
            clock.join();
            RestoreScene.mustEnd("done", 0, again);
            assertEquals(2, RestoreScene.made(lost, cloud.volumes()).size());
            JsonNode first = new ObjectMapper().readTree(again.out()).get("changes").get(0);
            assertEquals("already", first.get("status").asText());
        }
    }
}
