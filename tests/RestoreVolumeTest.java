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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.Settings;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.services.ec2.model.Tag;

/** What restore-volume makes, retires and tags, and that a rollback gives everything back. */
class RestoreVolumeTest {
    private static final String C = RestoreFixture.C;

    // ---- from lost quorum to health and back

    private static final World BOTH_LOST = bothLost();

    /** Both etcd clusters of three masters lost quorum, and so did every node. Every volume had a tag of somebody else. */
    private static World bothLost() {
        World lost = RestoreFixture.nodesGone(RestoreFixture.withSet(
                Worlds.named("three-masters").withVolumes(v -> v.tag("team", "infra, & co"))));
        for (String volume : List.of(TruthTable.vol("main", "b"), TruthTable.vol("main", "c"), TruthTable.vol("events", "a"),
                TruthTable.vol("events", "b"))) {
            lost = lost.without(volume);
        }
        return lost;
    }

    private static RestoreFixture bothEtcdClustersLost() {
        return RestoreFixture.start(BOTH_LOST);
    }

    private static void restoreTheQuorumAndStartItsNodes(RestoreFixture account) {
        account.restoreS1().mustEnd("done", 0);
        account.startNodes(account.membersMade());
    }

    private static void restoreTheRestAndStartItsNodes(RestoreFixture account) {
        List<String> running = account.membersMade();
        account.restoreS1("--stage", "rest").mustEnd("done", 0);
        account.startNodes(Stream.of("a", "b", "c").filter(m -> !running.contains(m)).toList());
    }

    private static void restoreEverything(RestoreFixture account) {
        restoreTheQuorumAndStartItsNodes(account);
        restoreTheRestAndStartItsNodes(account);
    }

    @Test
    void a_plan_changes_nothing() {
        try (RestoreFixture account = bothEtcdClustersLost()) {
            Harness.Ran plan = account.restore().mustEnd("planned", 0);
            account.mustBeUnchanged();
            assertTrue(plan.statuses().stream().allMatch("planned"::equals), plan.out());
        }
    }

    @Test
    void a_plan_proposes_the_command_that_carries_it_out() {
        try (RestoreFixture account = bothEtcdClustersLost()) {
            Harness.Ran plan = account.restore();
            String next = plan.next().get(0);
            assertTrue(next.endsWith("--set s1 --yes --plan " + plan.planId()), next);
            Harness harness = new Harness(account.proxy().endpoint());
            harness.restoreVolume(argumentsOf(next)).mustEnd("done", 0);
            account.proxy().mustHaveSeenNothingWrong();
        }
    }

    /** The words after `./jbang restore-volume`, without those that the harness adds. */
    private static String[] argumentsOf(String commandLine) {
        List<String> words = new ArrayList<>(List.of(commandLine.split(" ")));
        assertEquals(List.of("./jbang", "restore-volume"), words.subList(0, 2));
        for (String option : List.of("--region", "--endpoint-url")) {
            int n = words.indexOf(option);
            words.subList(n, n + 2).clear();
        }
        return words.subList(2, words.size()).toArray(String[]::new);
    }

    @Test
    void the_quorum_is_two_new_volumes_for_each_etcd_cluster() {
        try (RestoreFixture account = bothEtcdClustersLost()) {
            account.restoreS1().mustEnd("done", 0);
            assertEquals(4, account.made().size());
        }
    }

    @Test
    void a_retired_volume_has_no_live_tag() {
        try (RestoreFixture account = bothEtcdClustersLost()) {
            account.restoreS1().mustEnd("done", 0);
            List<World.Volume> retired = account.cloud().volumes().stream()
                    .filter(v -> v.tags().containsKey("etcd-ops/retired-by")).toList();
            assertEquals(2, retired.size());
            retired.forEach(v -> assertTrue(v.tags().entrySet().stream().allMatch(t -> !RestoreChecks.isLive(t.getKey())
                    || t.getKey().equals("Name") && t.getValue().startsWith("retired.")), v::toString));
        }
    }

    @Test
    void a_running_quorum_is_degraded_until_the_rest_is_restored() {
        try (RestoreFixture account = bothEtcdClustersLost()) {
            restoreTheQuorumAndStartItsNodes(account);
            assertEquals(21, account.verify().code());
            restoreTheRestAndStartItsNodes(account);
            account.verify().mustEnd("healthy", 0);
        }
    }

    @Test
    void the_rest_is_planned_first_as_well() {
        try (RestoreFixture account = bothEtcdClustersLost()) {
            restoreTheQuorumAndStartItsNodes(account);
            Harness.Ran plan = account.restore("--set", "s1", "--stage", "rest").mustEnd("planned", 0);
            account.restoreS1("--stage", "rest", "--plan", plan.planId()).mustEnd("done", 0);
        }
    }

    @Test
    void a_finished_restore_has_nothing_left_to_do() {
        try (RestoreFixture account = bothEtcdClustersLost()) {
            restoreEverything(account);
            RestoreFixture.mustEndUnchanged(account.restoreS1());
        }
    }

    @Test
    void a_new_volume_has_the_tags_that_somebody_else_gave_the_old() {
        try (RestoreFixture account = bothEtcdClustersLost()) {
            restoreEverything(account);
            List<World.Volume> restored = account.made().stream().filter(v -> v.tags().containsKey("etcd-ops/run")).toList();
            assertEquals(6, restored.size());
            restored.forEach(v -> assertEquals("infra, & co", v.tags().get("team"), v::toString));
        }
    }

    @Test
    void a_rollback_gives_every_old_volume_its_tags_and_makes_every_new_volume_inert() {
        try (RestoreFixture account = bothEtcdClustersLost()) {
            restoreEverything(account);
            account.terminateNodes();
            Harness.Ran plan = account.restore("--rollback", "s1.1").mustEnd("planned", 0);
            account.rollBack("s1.1", "--plan", plan.planId()).mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
            assertEquals(Map.of(), RestoreChecks.found(account.made(), C));
            RestoreFixture.mustEndUnchanged(account.rollBack("s1.1"));
        }
    }

    @Test
    void a_second_restore_of_a_set_has_its_own_number_and_its_own_rollback() {
        Settings slow = RestoreFixture.QUICK.volumeCreating(Duration.ofMillis(300)); // a volume is not available at once
        try (RestoreFixture account = RestoreFixture.start(BOTH_LOST, slow)) {
            restoreEverything(account);
            account.terminateNodes();
            account.rollBack("s1.1").mustEnd("done", 0);
            Harness.Ran second = account.restoreS1().mustEnd("done", 0);
            assertEquals(10, account.made().size());
            assertTrue(second.out().contains("--rollback s1.2"), second.out());
            account.rollBack("s1.2").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
            account.everyCallMustHaveSucceeded();
        }
    }

    // ---- tags, zones and kinds of the new volumes

    private static World longNames() {
        LinkedHashMap<String, String> zones = new LinkedHashMap<>();
        List.of("a", "b", "c").forEach(z -> zones.put(z.repeat(60), "eu-central-1" + z));
        return Worlds.kops(C, Worlds.REGION, Worlds.TagSet.KOPS_1_26, List.of("main", "events"), zones);
    }

    private static World withoutAnyEtcdVolume(World world) {
        World lost = world;
        for (World.Volume v : world.volumes()) {
            lost = v.tags().keySet().stream().anyMatch(k -> k.startsWith("k8s.io/etcd/")) ? lost.without(v.id()) : lost;
        }
        return lost;
    }

    @ParameterizedTest
    @ValueSource(strings = {"five-masters", "kops-1.8", "cilium-and-leases", "three-masters", "long-names"})
    void a_restored_cluster_has_the_volumes_and_tags_that_kops_made(String name) {
        World healthy = name.equals("long-names") ? longNames() : Worlds.named(name);
        World nodesGone = RestoreFixture.nodesGone(RestoreFixture.withSet(healthy));
        try (RestoreFixture account = RestoreFixture.start(withoutAnyEtcdVolume(nodesGone))) {
            Harness.Ran unseen = account.restoreS1("--stage", "all", "--accept-skew").mustEnd("refused", 20);
            assertEquals(List.of("CLUSTER_UNSEEN", "CLUSTER_UNSEEN"), unseen.errors(), unseen.shown());
            String plan = account.restore("--set", "s1", "--stage", "all", "--accept-skew").mustEnd("planned", 0).planId();
            account.restoreS1("--stage", "all", "--accept-skew", "--plan", plan).mustEnd("done", 0);
            Map<String, World.Volume> byName = nodesGone.volumes().stream()
                    .filter(v -> v.tags().containsKey("KubernetesCluster"))
                    .collect(Collectors.toMap(v -> v.tags().get("Name"), v -> v));
            Set<String> names = new TreeSet<>();
            for (World.Volume v : account.cloud().volumes()) {
                Map<String, String> tags = new TreeMap<>(v.tags());
                tags.keySet().removeIf(k -> k.startsWith("etcd-ops/"));
                World.Volume was = byName.get(tags.get("Name"));
                assertEquals(new TreeMap<>(was.tags()), tags);
                assertEquals(was.zone() + was.type() + was.sizeGib() + was.kmsKeyId(),
                        v.zone() + v.type() + v.sizeGib() + v.kmsKeyId());
                names.add(tags.get("Name"));
            }
            assertEquals(byName.keySet(), names);
            assertEquals(0, account.verify().code());
        }
    }

    /** What the volumes of main were, and which parameters the new volumes need or must not have. */
    private record VolumeKind(String name, UnaryOperator<World.Volume> edit, String asked, String notAsked) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<VolumeKind> volumeKinds() {
        String otherKey = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
        return List.of(
                new VolumeKind("gp2", v -> v.type("gp2", 100, 0), "VolumeType=gp2", "Iops="),
                new VolumeKind("io1", v -> v.type("io1", 900, 0), "Iops=900", "Throughput="),
                new VolumeKind("a faster gp3", v -> v.type("gp3", 6000, 500), "Throughput=500", "no such parameter"),
                new VolumeKind("a bigger volume", v -> v.sizeGib(33), "Size=33", "no such parameter"),
                new VolumeKind("a volume without encryption", v -> new World.Volume(v.id(), v.zone(), 20, "gp3", 3000, 125, false,
                        "", "", v.state(), v.createdAt(), v.tags(), v.attachedTo(), v.device()), "VolumeType=gp3", "Encrypted="),
                new VolumeKind("a volume with another key", v -> v.encryptedWith(otherKey), "KmsKeyId=" + otherKey,
                        "no such parameter"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("volumeKinds")
    void a_new_volume_is_of_the_kind_of_the_lost_volume(VolumeKind kind) {
        World edited = Worlds.named("three-masters");
        for (String m : List.of("a", "b", "c")) {
            edited = edited.withVolume(TruthTable.vol("main", m), kind.edit);
        }
        World healthy = edited;
        World lost = RestoreFixture.nodesGone(RestoreFixture.withSet(healthy)).without(TruthTable.vol("main", "b"))
                .without(TruthTable.vol("main", "c"));
        try (RestoreFixture account = RestoreFixture.start(lost)) {
            account.restoreS1().mustEnd("done", 0);
            account.made().forEach(v -> assertEquals(RestoreChecks.kind(healthy.volume(
                    TruthTable.vol("main", v.tags().get("etcd-ops/member")))), RestoreChecks.kind(v)));
            assertEquals(2, account.creations().size());
            account.creations().forEach(c -> assertTrue(c.contains(kind.asked) && !c.contains(kind.notAsked), c));
        }
    }

    @Test
    void another_type_and_an_initialization_rate_are_used_when_asked_for() {
        try (RestoreFixture account = RestoreFixture.start(RestoreFixture.quorumLost())) {
            Harness.Ran ran = account.restoreS1("--volume-type", "io2", "--iops", "4000", "--init-rate", "256")
                    .mustEnd("done", 0);
            assertEquals(80, ran.json().get("summary").get("initialization_at_most_s").asInt());
            assertEquals(2, account.creations().size());
            account.creations().forEach(c -> assertTrue(c.contains("VolumeInitializationRate=256") && c.contains("Iops=4000")
                    && c.contains("VolumeType=io2") && !c.contains("Throughput"), c));
        }
    }

    @Test
    void other_rates_are_used_when_asked_for() {
        try (RestoreFixture account = RestoreFixture.start(RestoreFixture.quorumLost())) {
            account.restoreS1("--iops", "6000", "--throughput", "400").mustEnd("done", 0);
            assertEquals(2, account.creations().size());
            account.creations().forEach(c -> assertTrue(c.contains("Iops=6000") && c.contains("Throughput=400"), c));
        }
    }

    @Test
    void volumes_of_a_copied_set_have_the_recorded_key() throws Exception {
        World lost = RestoreFixture.quorumLost();
        try (RestoreFixture account = RestoreFixture.start(lost)) {
            for (World.Snapshot s : lost.snapshots()) {
                String copy = copyOf(s.id(), account.cloud());
                account.ec2().createTags(r -> r.resources(copy).tags(s.tags().entrySet().stream()
                        .map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build()).toList()));
                account.ec2().deleteSnapshot(r -> r.snapshotId(s.id()));
            }
            assertTrue(account.cloud().snapshots().stream().allMatch(s -> s.volumeId().equals("vol-ffffffff")
                    && s.kmsKeyId().endsWith("alias/aws/ebs")), account.cloud().snapshots()::toString);
            account.restoreS1().mustEnd("done", 0);
            assertEquals(2, account.made().size());
            account.made().forEach(v -> assertEquals(Worlds.kmsKey("eu-central-1"), v.kmsKeyId()));
        }
    }

    /** Without the SDK, which presigns the source of a copy for hosts of AWS only. */
    private static String copyOf(String snapshot, Cloud cloud) throws Exception {
        String form = "Action=CopySnapshot&Version=2016-11-15&SourceRegion=eu-central-1&Encrypted=true&SourceSnapshotId=";
        String reply = HttpClient.newHttpClient().send(HttpRequest.newBuilder(cloud.endpoint())
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=x/20261121/eu-central-1/ec2/aws4_request")
                .POST(HttpRequest.BodyPublishers.ofString(form + snapshot)).build(),
                HttpResponse.BodyHandlers.ofString()).body();
        assertTrue(reply.contains("<snapshotId>"), reply);
        return reply.replaceAll("(?s)^.*<snapshotId>(.*)</snapshotId>.*$", "$1");
    }

    // ---- from one named snapshot, or empty

    private static final String CONSOLE = Worlds.id("snap", "console");

    /** A single master without its node. Somebody snapshotted its main volume, and not with snapshot-all. */
    private static World singleMasterWithAForeignSnapshot() {
        World single = Worlds.named("single-master");
        return RestoreFixture.nodesGone(single.plus(World.Snapshot.of(CONSOLE, single.volume(TruthTable.vol("main", "a")),
                Instant.parse("2026-10-01T02:00:00Z")).tags(Map.of("dlm:managed", "true"))));
    }

    @ParameterizedTest(name = "the old volume is there: {0}")
    @ValueSource(booleans = {true, false})
    void a_single_master_is_restored_from_a_snapshot_that_somebody_else_took(boolean hasOldVolume) {
        World single = singleMasterWithAForeignSnapshot();
        World.Volume old = single.volume(TruthTable.vol("main", "a"));
        try (RestoreFixture account = RestoreFixture.start(hasOldVolume ? single : single.without(old.id()))) {
            account.restore("--snapshot", CONSOLE, "--etcd", "main", "--member", "a", "--yes").mustEnd("done", 0);
            World.Volume made = account.only("main/a");
            assertEquals(CONSOLE + " eu-central-1a gp3 20 " + old.kmsKeyId(), made.snapshotId() + " " + made.zone() + " "
                    + made.type() + " " + made.sizeGib() + " " + made.kmsKeyId());
            assertFalse(made.tags().containsKey("dlm:managed"), made::toString);
            assertEquals(0, account.verify().code());
        }
    }

    @ParameterizedTest(name = "the old volume is there: {0}")
    @ValueSource(booleans = {true, false})
    void a_restore_from_a_named_snapshot_is_rolled_back_by_the_snapshots_id(boolean hasOldVolume) {
        World single = singleMasterWithAForeignSnapshot();
        World before = hasOldVolume ? single : single.without(TruthTable.vol("main", "a"));
        try (RestoreFixture account = RestoreFixture.start(before)) {
            account.restore("--snapshot", CONSOLE, "--etcd", "main", "--member", "a", "--yes").mustEnd("done", 0);
            account.rollBack(CONSOLE + ".1").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
        }
    }

    /** Main of c is gone with its node; the quorum of a and b runs. */
    private static RestoreFixture oneMemberLost() {
        return RestoreFixture.start(Worlds.named("one-volume-gone").withoutInstance(Worlds.instanceId(C, "c")));
    }

    private static Harness.Ran restoreEmpty(RestoreFixture account) {
        return account.restore("--empty", "--etcd", "main", "--member", "c", "--yes");
    }

    @Test
    void an_empty_volume_is_of_the_kind_of_its_siblings() {
        try (RestoreFixture account = oneMemberLost()) {
            restoreEmpty(account).mustEnd("done", 0);
            World.Volume made = account.only("main/c");
            World.Volume sibling = account.before().volume(TruthTable.vol("main", "a"));
            assertEquals(" eu-central-1c 20 gp3 3000 125 " + sibling.kmsKeyId(), made.snapshotId() + " " + made.zone() + " "
                    + made.sizeGib() + " " + made.type() + " " + made.iops() + " " + made.throughput() + " " + made.kmsKeyId());
            assertEquals("c/a,b,c", made.tags().get("k8s.io/etcd/main"));
        }
    }

    @Test
    void an_empty_volume_is_made_once_and_no_other_volume_is_touched() {
        try (RestoreFixture account = oneMemberLost()) {
            restoreEmpty(account).mustEnd("done", 0);
            assertEquals(1, account.made().size());
            account.oldVolumesMustHaveTheirOldTags();
            RestoreFixture.mustEndUnchanged(restoreEmpty(account));
            assertEquals(1, account.made().size());
        }
    }

    @Test
    void an_empty_volume_is_rolled_back() {
        try (RestoreFixture account = oneMemberLost()) {
            restoreEmpty(account).mustEnd("done", 0);
            account.rollBack("empty-main-c.1").mustEnd("done", 0);
            assertEquals(List.of("events/a", "events/b", "events/c", "main/a", "main/b"), account.live());
        }
    }

    // ---- wrong input

    @ParameterizedTest
    @ValueSource(strings = {"--set a/b", "--set", "--snapshot snap-1 --etcd main --member a",
        "--snapshot snap-0123456789abcdef0", "--snapshot snap-0123456789abcdef0 --member a", "--empty --etcd main",
        "--empty --etcd main --etcd events --member a", "--member a", "--member a/b --empty --etcd main",
        "--rollback s1", "--rollback a/b.1", "--rollback s1.1 --set s1", "--set s1 --empty --etcd main --member a",
        "--stage some", "--stage QUORUM", "--init-rate 50", "--init-rate 301", "--init-rate fast", "--iops many",
        "--plan yesterday", "--kops-version one"})
    void a_wrong_value_is_two_lines_and_nothing_is_asked(String args) {
        try (RestoreFixture account = RestoreFixture.start(Worlds.named("three-masters"))) {
            Harness.Ran ran = account.restore(args.split(" "));
            assertEquals(2, ran.code(), ran.shown());
            assertEquals(2, ran.errLines().size(), ran.err());
            assertEquals(List.of(), account.cloud().journal());
        }
    }

    @Test
    void a_cluster_must_be_named() {
        try (RestoreFixture account = RestoreFixture.start(Worlds.named("three-masters"))) {
            Harness.Ran ran = account.harness().restoreVolume("--set", "s1");
            assertEquals(2, ran.code());
            assertTrue(ran.err().contains("KOPS_CLUSTER_NAME"), ran.err());
            assertEquals(List.of(), account.cloud().journal());
        }
    }

    // ---- Ctrl-C

    private static RestoreFixture whereVolumesTakeAnHour() {
        Settings slow = RestoreFixture.QUICK.volumeCreating(Duration.ofHours(1));
        return RestoreFixture.start(RestoreFixture.quorumLost(), slow);
    }

    /** restore-volume as a process, interrupted as soon as a volume was made. */
    private static Harness.Ran interrupted(RestoreFixture account) throws Exception {
        Processes.Started started = Processes.start(Checkout.root(),
                Map.of("AWS_ENDPOINT_URL", account.cloud().endpoint().toString()),
                Checkout.root().resolve("jbang").toString(), "restore-volume", "--cluster", C, "--set", "s1", "--yes");
        for (int look = 0; look < 600 && account.made().isEmpty(); look++) {
            Thread.sleep(100);
        }
        started.signal("INT");
        Processes.Ended ended = started.end();
        return new Harness.Ran(ended.code(), ended.out(), ended.err());
    }

    @Test
    void after_ctrl_c_the_report_is_what_was_done_and_no_old_volume_was_touched() throws Exception {
        try (RestoreFixture account = whereVolumesTakeAnHour()) {
            Harness.Ran ran = interrupted(account).mustEnd("interrupted", 130);
            RestoreChecks.mustBeAsReported(account.before(), ran, account.cloud().volumes());
            account.oldVolumesMustHaveTheirOldTags();
        }
    }

    @Test
    void after_ctrl_c_the_same_command_finishes_with_the_volumes_that_were_made() throws Exception {
        try (RestoreFixture account = whereVolumesTakeAnHour()) {
            interrupted(account);
            Thread hours = new Thread(() -> advanceInFourSteps(account.cloud()));
            hours.start();
            Harness.Ran again = account.restoreS1();
            hours.join(60_000);
            again.mustEnd("done", 0);
            assertEquals(2, account.made().size());
            assertEquals("already", again.statuses().get(0));
        }
    }

    /** Volumes that are made at any moment of the next seconds become available. */
    private static void advanceInFourSteps(Cloud cloud) {
        for (int n = 0; n < 4; n++) {
            try {
                Thread.sleep(700);
            } catch (InterruptedException e) {
                return;
            }
            cloud.clock().advance(Duration.ofHours(2));
        }
    }
}
