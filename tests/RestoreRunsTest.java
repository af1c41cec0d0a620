import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import practice.Cloud;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Runs that follow one another, stand side by side, or lost the tags by which they know their own work. */
class RestoreRunsTest {
    private static final String C = RestoreScene.C;

    private static Harness.Ran restore(Cloud cloud, String... args) {
        return RestoreScene.restore(cloud, args);
    }

    @Test
    void the_newest_set_is_proposed() throws Exception {
        World first = RestoreScene.withSet(Worlds.named("three-masters"));
        try (Cloud cloud = Cloud.start(first, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            cloud.clock().advance(Duration.ofSeconds(1));
            assertEquals(0, new Harness(cloud.endpoint()).snapshotAll("--cluster", C, "--set", "a-later-one").code());
            RestoreScene.terminateNodes(ec2);
            Stream.of("b", "c").forEach(m -> ec2.deleteVolume(r -> r.volumeId(TruthTable.vol("main", m))));
            Harness.Ran ran = restore(cloud);
            RestoreScene.mustEnd("planned", 0, ran);
            assertTrue(ran.json().get("next").get(0).asText().contains("--set a-later-one --yes"), ran.out());
        }
    }

    @Test
    void five_members_come_back_three_first() throws Exception {
        World gone = RestoreScene.nodesGone(RestoreScene.withSet(Worlds.named("five-masters")));
        World lost = gone;
        for (String m : List.of("a-1", "b-1", "c-1")) {
            lost = lost.without(TruthTable.vol("main", m));
        }
        World before = lost;
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud);
                RestoreGate gate = new RestoreGate(cloud.endpoint(),
                        action -> RestoreScene.mustHold(before, cloud.volumes(), action))) {
            Harness harness = new Harness(gate.endpoint());
            RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreScene.of(C, "--set", "s1", "--yes")));
            assertEquals(3, RestoreScene.made(before, cloud.volumes()).size());
            assertEquals(8, RestoreVolumeTest.live(cloud).size());
            RestoreScene.startNodes(ec2, C, RestoreVolumeTest.membersOf(cloud, before));
            RestoreScene.mustEnd("done", 0,
                    harness.restoreVolume(RestoreScene.of(C, "--set", "s1", "--stage", "rest", "--yes")));
            assertEquals(10, RestoreVolumeTest.live(cloud).size());
            RestoreScene.terminateNodes(ec2);
            RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreScene.of(C, "--rollback", "s1.1", "--yes")));
            assertEquals(RestoreScene.tags(before.volumes()), RestoreVolumeTest.tagsOf(before, cloud));
            gate.mustHaveHeld();
        }
    }

    @Test
    void a_single_master_from_its_set() throws Exception {
        World lost = RestoreScene.nodesGone(RestoreScene.withSet(Worlds.named("single-master")))
                .without(TruthTable.vol("main", "a"));
        for (String stage : List.of("quorum", "all")) {
            try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK)) {
                RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--stage", stage, "--yes"));
                assertEquals(List.of("events/a", "main/a"), RestoreVolumeTest.live(cloud));
            }
        }
    }

    @Test
    void a_burned_token_is_given_up_and_one_volume_is_made() throws Exception {
        World lost = RestoreScene.quorumLost();
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", "s1.1", "--yes"));
            RestoreScene.made(lost, cloud.volumes()).forEach(v -> ec2.deleteVolume(r -> r.volumeId(v.id())));
            assertEquals(List.of(), RestoreScene.made(lost, cloud.volumes()));
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            assertEquals(2, RestoreScene.made(lost, cloud.volumes()).size());
            assertTrue(cloud.journal().stream().anyMatch(r -> r.outcome().equals("IdempotentParameterMismatch")));
        }
    }

    @Test
    void kops_update_in_between_takes_our_tags_and_nothing_else() throws Exception {
        World lost = RestoreScene.quorumLost();
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            strip(cloud, ec2, lost);
            Map<String, Map<String, String>> stripped = RestoreScene.tags(cloud.volumes());
            RestoreScene.mustEnd("unchanged", 0, restore(cloud, "--set", "s1", "--etcd", "main", "--yes"));
            assertEquals(stripped, RestoreScene.tags(cloud.volumes()));
            RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", "s1.1", "--yes"));
            assertEquals(RestoreScene.tags(lost.volumes()), RestoreVolumeTest.tagsOf(lost, cloud));
            assertEquals(List.of("events/a", "events/b", "events/c", "main/a"), RestoreVolumeTest.live(cloud));
            RestoreScene.mustEnd("unchanged", 0, restore(cloud, "--rollback", "s1.1", "--yes"));
        }
    }

    @Test
    void kops_update_between_the_quorum_and_the_rest() throws Exception {
        World lost = RestoreScene.quorumLost();
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            RestoreScene.startNodes(ec2, C, RestoreVolumeTest.membersOf(cloud, lost));
            strip(cloud, ec2, lost);
            RestoreScene.mustEnd("unchanged", 0, restore(cloud, "--set", "s1", "--yes"));
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--stage", "rest", "--yes"));
            assertEquals(List.of("events/a", "events/b", "events/c", "main/a", "main/b", "main/c"),
                    RestoreVolumeTest.live(cloud));
            strip(cloud, ec2, lost);
            RestoreScene.terminateNodes(ec2);
            RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", "s1.1", "--yes"));
            assertEquals(RestoreScene.tags(lost.volumes()), RestoreVolumeTest.tagsOf(lost, cloud));
            assertEquals(List.of("events/a", "events/b", "events/c", "main/a"), RestoreVolumeTest.live(cloud));
        }
    }

    private static void strip(Cloud cloud, Ec2Client ec2, World before) {
        for (World.Volume v : RestoreScene.made(before, cloud.volumes())) {
            List<Tag> ours = v.tags().keySet().stream().filter(k -> k.startsWith("etcd-ops/"))
                    .map(k -> Tag.builder().key(k).build()).toList();
            if (!ours.isEmpty() && v.tags().containsKey("KubernetesCluster")) {
                ec2.deleteTags(r -> r.resources(v.id()).tags(ours));
            }
        }
    }

    @Test
    void what_kops_update_stripped_belongs_to_the_last_run_only() throws Exception {
        World lost = RestoreScene.quorumLost();
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", "s1.1", "--yes"));
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            strip(cloud, ec2, lost);
            Map<String, Map<String, String>> second = RestoreScene.tags(cloud.volumes());
            RestoreScene.mustEnd("unchanged", 0, restore(cloud, "--rollback", "s1.1", "--yes"));
            assertEquals(second, RestoreScene.tags(cloud.volumes()));
            RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", "s1.2", "--yes"));
            assertEquals(RestoreScene.tags(lost.volumes()), RestoreVolumeTest.tagsOf(lost, cloud));
        }
    }

    @Test
    void a_named_snapshots_run_is_found_when_kops_update_took_its_tags() throws Exception {
        World single = Worlds.named("single-master");
        String id = Worlds.id("snap", "console");
        World before = RestoreScene.nodesGone(single.plus(World.Snapshot.of(id, single.volume(TruthTable.vol("main", "a")),
                Instant.parse("2026-10-01T02:00:00Z")).tags(Map.of())));
        try (Cloud cloud = Cloud.start(before, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--snapshot", id, "--etcd", "main", "--member", "a", "--yes"));
            strip(cloud, ec2, before);
            RestoreScene.mustEnd("unchanged", 0, restore(cloud, "--snapshot", id, "--etcd", "main", "--member", "a", "--yes"));
            RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", id + ".1", "--yes"));
            assertEquals(RestoreScene.tags(before.volumes()), RestoreVolumeTest.tagsOf(before, cloud));
        }
    }

    @Test
    void two_clusters_of_one_set_are_restored_apart() throws Exception {
        String other = "staging.mycompany.tld";
        World lost = RestoreScene.nodesGone(RestoreScene.withSet(Worlds.named("with-noise")));
        for (String cluster : List.of(C, other)) {
            lost = lost.without(Worlds.volumeId(cluster, "main", "b")).without(Worlds.volumeId(cluster, "main", "c"));
        }
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK)) {
            Harness harness = new Harness(cloud.endpoint());
            RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreScene.of(C, "--set", "s1", "--yes")));
            Map<String, Set<String>> first = RestoreScene.found(cloud.volumes(), C);
            Harness.Ran second = harness.restoreVolume(RestoreScene.of(other, "--set", "s1", "--yes"));
            RestoreScene.mustEnd("done", 0, second);
            assertEquals(first, RestoreScene.found(cloud.volumes(), C));
            assertEquals(4, RestoreScene.made(lost, cloud.volumes()).size());
            assertTrue(cloud.journal().stream().allMatch(r -> r.outcome().equals("ok")), "each has a token of its own");
            assertTrue(second.texts("changes", "status").stream().allMatch("done"::equals), second.out());
            RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreScene.of(other, "--rollback", "s1.1", "--yes")));
            assertEquals(first, RestoreScene.found(cloud.volumes(), C));
            Harness.Ran unknown = harness.restoreVolume(RestoreScene.of("third.tld", "--rollback", "s1.1", "--yes"));
            assertEquals(20, unknown.code(), RestoreScene.shown(unknown));
            RestoreScene.mustEnd("done", 0, harness.restoreVolume(RestoreScene.of(C, "--rollback", "s1.1", "--yes")));
            assertEquals(RestoreScene.tags(lost.volumes()), RestoreVolumeTest.tagsOf(lost, cloud));
        }
    }

    @Test
    void one_set_after_another_and_the_first_again() throws Exception {
        World lost = RestoreScene.quorumLost();
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            new Harness(cloud.endpoint()).snapshotAll("--cluster", C, "--set", "s2");
            RestoreScene.made(lost, cloud.volumes()).forEach(v -> assertEquals("s1.1", v.tags().get("etcd-ops/run")));
            for (String set : List.of("s2", "s1")) {
                Harness.Ran ran = restore(cloud, "--set", set, "--etcd", "main", "--yes");
                RestoreScene.mustEnd("done", 0, ran);
                RestoreScene.found(cloud.volumes(), C).forEach((m, ids) -> assertEquals(1, ids.size(), m));
            }
            assertEquals(6, RestoreScene.made(lost, cloud.volumes()).size());
            for (String run : List.of("s1.2", "s2.1", "s1.1")) {
                RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", run, "--yes"));
            }
            assertEquals(RestoreScene.tags(lost.volumes()), RestoreVolumeTest.tagsOf(lost, cloud));
        }
    }

    @Test
    void an_etcd_cluster_that_was_restored_before_keeps_what_came_later() throws Exception {
        World lost = RestoreScene.quorumLost();
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK); Ec2Client ec2 = RestoreScene.client(cloud)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--etcd", "events", "--yes"));
            String third = Stream.of("a", "b", "c").filter(m -> !RestoreVolumeTest.live(cloud).contains("events/" + m))
                    .findFirst().orElseThrow();
            String blank = ec2.createVolume(r -> r.availabilityZone("eu-central-1" + third).size(20)).volumeId();
            lost.volume(TruthTable.vol("events", third)).tags().forEach((key, value) ->
                    ec2.createTags(r -> r.resources(blank).tags(t -> t.key(key).value(value))));
            strip(cloud, ec2, lost);
            Map<String, Set<String>> events = RestoreScene.found(cloud.volumes(), C);
            events.keySet().removeIf(member -> member.startsWith("main/"));
            assertEquals(3, events.size());
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            assertEquals(5, RestoreVolumeTest.live(cloud).size());
            assertTrue(RestoreScene.found(cloud.volumes(), C).entrySet().containsAll(events.entrySet()));
        }
    }

    @Test
    void a_running_etcd_cluster_that_was_restored_before_does_not_stand_in_the_way() throws Exception {
        World healthy = RestoreScene.withSet(Worlds.named("three-masters"));
        World world = healthy;
        for (World.Volume v : healthy.volumes()) {
            if (v.tags().containsKey("k8s.io/etcd/events")) {
                String from = healthy.snapshots().stream().filter(s -> s.volumeId().equals(v.id())).findFirst().orElseThrow()
                        .id();
                world = world.withVolume(v.id(), e -> e.fromSnapshot(from));
            } else if (v.tags().containsKey("k8s.io/etcd/main")) {
                world = world.without(v.id());
            }
        }
        try (Cloud cloud = Cloud.start(world, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            assertEquals(5, RestoreVolumeTest.live(cloud).size());
        }
    }

    @Test
    void only_one_etcd_cluster_is_rolled_back_when_it_is_named() throws Exception {
        World lost = RestoreScene.quorumLost().without(TruthTable.vol("events", "a")).without(TruthTable.vol("events", "b"));
        try (Cloud cloud = Cloud.start(lost, RestoreScene.QUICK)) {
            RestoreScene.mustEnd("done", 0, restore(cloud, "--set", "s1", "--yes"));
            Map<String, Set<String>> both = RestoreScene.found(cloud.volumes(), C);
            RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", "s1.1", "--etcd", "main", "--yes"));
            Map<String, Set<String>> now = RestoreScene.found(cloud.volumes(), C);
            both.forEach((member, ids) -> {
                if (member.startsWith("events/")) {
                    assertEquals(ids, now.get(member));
                }
            });
            assertEquals(Set.of(TruthTable.vol("main", "a")), now.get("main/a"));
            RestoreScene.mustEnd("done", 0, restore(cloud, "--rollback", "s1.1", "--yes"));
            assertEquals(RestoreScene.tags(lost.volumes()), RestoreVolumeTest.tagsOf(lost, cloud));
        }
    }
}
