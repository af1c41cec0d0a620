import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import practice.World;
import practice.Worlds;

/** Restores that follow each other, restores of several clusters, and restores whose tags kops update cluster removed. */
class RestoreRunsTest {
    private static final String C = RestoreFixture.C;
    private static final List<String> EVENTS_AND_MAIN_A = List.of("events/a", "events/b", "events/c", "main/a");

    private static RestoreFixture quorumLost() {
        return RestoreFixture.start(RestoreFixture.quorumLost());
    }

    @Test
    void the_newest_set_is_proposed() {
        try (RestoreFixture account = RestoreFixture.start(RestoreFixture.withSet(Worlds.named("three-masters")))) {
            account.cloud().clock().advance(Duration.ofSeconds(1));
            assertEquals(0, account.snapshotAll("a-later-one").code());
            account.terminateNodes();
            account.deleteVolumes(List.of(TruthTable.vol("main", "b"), TruthTable.vol("main", "c")));
            Harness.Ran ran = account.harness().restoreVolume("--cluster", C).mustEnd("planned", 0);
            assertTrue(ran.next().get(0).contains("--set a-later-one --yes"), ran.out());
        }
    }

    /** These etcd clusters are lost. Set s1 is whole. The later set s2 lacks these members' snapshots of one of them. */
    private static World laterSetWithout(String lacking, List<String> members, String... etcds) {
        World lost;
        try (RestoreFixture account = RestoreFixture.start(RestoreFixture.withSet(Worlds.named("three-masters")))) {
            account.cloud().clock().advance(Duration.ofSeconds(1));
            assertEquals(0, account.snapshotAll("s2").code());
            lost = RestoreFixture.nodesGone(account.now());
        }
        for (String etcd : etcds) {
            lost = lost.without(TruthTable.vol(etcd, "b")).without(TruthTable.vol(etcd, "c"));
        }
        for (World.Snapshot s : lost.snapshots()) {
            boolean isLacking = "s2".equals(s.tags().get("etcd-ops/set")) && lacking.equals(s.tags().get("etcd-ops/etcd"))
                    && members.contains(s.tags().get("etcd-ops/member"));
            lost = isLacking ? lost.withoutSnapshot(s.id()) : lost;
        }
        return lost;
    }

    private static void mustPropose(World world, String set) {
        try (RestoreFixture account = RestoreFixture.start(world)) {
            Harness.Ran ran = account.restore().mustEnd("planned", 0);
            assertTrue(ran.next().get(0).contains(" --set " + set + " "), ran.out());
        }
    }

    @Test
    void a_later_set_that_lacks_one_snapshot_of_three_is_proposed() {
        mustPropose(laterSetWithout("events", List.of("c"), "main", "events"), "s2");
    }

    @Test
    void a_set_that_restores_one_of_two_lost_etcd_clusters_is_not_proposed() {
        mustPropose(laterSetWithout("events", List.of("b", "c"), "main", "events"), "s1");
    }

    @Test
    void a_set_without_any_snapshot_of_a_lost_etcd_cluster_is_not_proposed() {
        mustPropose(laterSetWithout("events", List.of("a", "b", "c"), "main", "events"), "s1");
    }

    @Test
    void a_set_of_nothing_that_is_lost_is_not_proposed() {
        mustPropose(laterSetWithout("main", List.of("a", "b", "c"), "main"), "s1");
    }

    // ---- one member and five

    /** Three of five volumes of main are lost, and every node. */
    private static RestoreFixture threeOfFiveLost() {
        World lost = RestoreFixture.nodesGone(RestoreFixture.withSet(Worlds.named("five-masters")));
        for (String m : List.of("a-1", "b-1", "c-1")) {
            lost = lost.without(TruthTable.vol("main", m));
        }
        return RestoreFixture.start(lost);
    }

    @Test
    void of_five_members_three_come_first() {
        try (RestoreFixture account = threeOfFiveLost()) {
            account.restoreS1().mustEnd("done", 0);
            assertEquals(3, account.made().size());
            assertEquals(8, account.live().size());
        }
    }

    @Test
    void of_five_members_the_other_two_come_when_three_run() {
        try (RestoreFixture account = threeOfFiveLost()) {
            account.restoreS1().mustEnd("done", 0);
            account.startNodes(account.membersMade());
            account.restoreS1("--stage", "rest").mustEnd("done", 0);
            assertEquals(10, account.live().size());
        }
    }

    @Test
    void both_stages_of_five_members_are_rolled_back_together() {
        try (RestoreFixture account = threeOfFiveLost()) {
            account.restoreS1().mustEnd("done", 0);
            account.startNodes(account.membersMade());
            account.restoreS1("--stage", "rest").mustEnd("done", 0);
            account.terminateNodes();
            account.rollBack("s1.1").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quorum", "all"})
    void the_quorum_of_a_single_master_is_all_of_it(String stage) {
        World lost = RestoreFixture.nodesGone(RestoreFixture.withSet(Worlds.named("single-master")))
                .without(TruthTable.vol("main", "a"));
        try (RestoreFixture account = RestoreFixture.start(lost)) {
            account.restoreS1("--stage", stage).mustEnd("done", 0);
            assertEquals(List.of("events/a", "main/a"), account.live());
        }
    }

    @Test
    void a_client_token_of_a_deleted_volume_is_given_up_and_one_volume_is_made() {
        try (RestoreFixture account = quorumLost()) {
            account.restoreS1().mustEnd("done", 0);
            account.rollBack("s1.1").mustEnd("done", 0);
            account.deleteVolumes(account.made().stream().map(World.Volume::id).toList());
            assertEquals(List.of(), account.made());
            account.restoreS1().mustEnd("done", 0);
            assertEquals(2, account.made().size());
            assertTrue(account.cloud().journal().stream().anyMatch(r -> r.outcome().equals("IdempotentParameterMismatch")));
        }
    }

    // ---- kops update cluster removed our tags

    @Test
    void a_restore_without_our_tags_is_known_to_be_done_and_gets_no_tag_anew() {
        try (RestoreFixture account = quorumLost()) {
            account.restoreS1().mustEnd("done", 0);
            account.removeOurTagsAsKopsUpdateDoes();
            Map<String, Map<String, String>> before = account.tags();
            RestoreFixture.mustEndUnchanged(account.restoreS1("--etcd", "main"));
            assertEquals(before, account.tags());
        }
    }

    @Test
    void a_restore_without_our_tags_is_rolled_back() {
        try (RestoreFixture account = quorumLost()) {
            account.restoreS1().mustEnd("done", 0);
            account.removeOurTagsAsKopsUpdateDoes();
            account.rollBack("s1.1").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
            assertEquals(EVENTS_AND_MAIN_A, account.live());
            RestoreFixture.mustEndUnchanged(account.rollBack("s1.1"));
        }
    }

    /** The quorum of s1 runs, and kops update cluster has removed our tags. */
    private static RestoreFixture quorumRunsWithoutOurTags() {
        RestoreFixture account = quorumLost();
        account.restoreS1().mustEnd("done", 0);
        account.startNodes(account.membersMade());
        account.removeOurTagsAsKopsUpdateDoes();
        return account;
    }

    @Test
    void the_rest_is_restored_though_the_quorum_has_lost_our_tags() {
        try (RestoreFixture account = quorumRunsWithoutOurTags()) {
            RestoreFixture.mustEndUnchanged(account.restoreS1());
            account.restoreS1("--stage", "rest").mustEnd("done", 0);
            assertEquals(List.of("events/a", "events/b", "events/c", "main/a", "main/b", "main/c"), account.live());
        }
    }

    @Test
    void both_stages_are_rolled_back_though_they_have_lost_our_tags() {
        try (RestoreFixture account = quorumRunsWithoutOurTags()) {
            account.restoreS1("--stage", "rest").mustEnd("done", 0);
            account.removeOurTagsAsKopsUpdateDoes();
            account.terminateNodes();
            account.rollBack("s1.1").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
            assertEquals(EVENTS_AND_MAIN_A, account.live());
        }
    }

    /** s1.1 was rolled back. s1.2 stands, and kops update cluster has removed its tags. */
    private static RestoreFixture secondRestoreWithoutOurTags() {
        RestoreFixture account = quorumLost();
        account.restoreS1().mustEnd("done", 0);
        account.rollBack("s1.1").mustEnd("done", 0);
        account.restoreS1().mustEnd("done", 0);
        account.removeOurTagsAsKopsUpdateDoes();
        return account;
    }

    @Test
    void a_volume_without_our_tags_does_not_belong_to_an_earlier_restore() {
        try (RestoreFixture account = secondRestoreWithoutOurTags()) {
            Map<String, Map<String, String>> second = account.tags();
            RestoreFixture.mustEndUnchanged(account.rollBack("s1.1"));
            assertEquals(second, account.tags());
        }
    }

    @Test
    void a_volume_without_our_tags_belongs_to_the_last_restore() {
        try (RestoreFixture account = secondRestoreWithoutOurTags()) {
            account.rollBack("s1.2").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
        }
    }

    @Test
    void a_restore_from_a_named_snapshot_is_found_without_our_tags() {
        World single = Worlds.named("single-master");
        String id = Worlds.id("snap", "console");
        World before = RestoreFixture.nodesGone(single.plus(World.Snapshot.of(id, single.volume(TruthTable.vol("main", "a")),
                Instant.parse("2026-10-01T02:00:00Z")).tags(Map.of())));
        String[] restore = {"--snapshot", id, "--etcd", "main", "--member", "a", "--yes"};
        try (RestoreFixture account = RestoreFixture.start(before)) {
            account.restore(restore).mustEnd("done", 0);
            account.removeOurTagsAsKopsUpdateDoes();
            RestoreFixture.mustEndUnchanged(account.restore(restore));
            account.rollBack(id + ".1").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
        }
    }

    @Test
    void a_volume_that_came_after_the_restore_is_not_retired_by_the_same_command() {
        try (RestoreFixture account = quorumLost()) {
            account.restoreS1().mustEnd("done", 0);
            String member = account.membersMade().get(0);
            World.Volume restored = account.only("main/" + member);
            Map<String, String> ofKops = new TreeMap<>(restored.tags());
            ofKops.keySet().removeIf(key -> key.startsWith("etcd-ops/"));
            account.makeBlankCopy(restored.tags(ofKops));
            Map<String, Map<String, String>> before = account.tags();
            account.harness().restoreVolume("--cluster", C, "--set", "s1", "--etcd", "main", "--yes");
            assertEquals(before, account.tags());
        }
    }

    @Test
    void a_volume_of_another_member_is_not_taken_for_the_one_of_its_snapshot() {
        World lost = RestoreFixture.quorumLost();
        World.Snapshot ofA = lost.snapshots().stream().filter(s -> TruthTable.vol("main", "a").equals(s.volumeId())).findFirst()
                .orElseThrow();
        World.Volume mixedUp = RestoreFixture.nodesGone(Worlds.named("three-masters")).volume(TruthTable.vol("main", "b"))
                .fromSnapshot(ofA.id());
        try (RestoreFixture account = RestoreFixture.start(lost.without(TruthTable.vol("main", "a")).plus(mixedUp))) {
            account.restoreS1("--etcd", "main", "--stage", "all", "--accept-skew").mustEnd("done", 0);
            assertEquals(List.of("a", "b", "c"), account.membersMade());
        }
    }

    @Test
    void a_new_volume_is_as_big_as_recorded() {
        World lost = RestoreFixture.quorumLost();
        for (World.Snapshot s : lost.snapshots()) {
            lost = lost.withoutSnapshot(s.id()).plus(s.tag("etcd-ops/size-gib", "33"));
        }
        try (RestoreFixture account = RestoreFixture.start(lost)) {
            account.restoreS1("--etcd", "main").mustEnd("done", 0);
            account.made().forEach(v -> assertEquals(33, v.sizeGib()));
        }
    }

    // ---- two clusters whose snapshots have one set's name

    private static final String OTHER = "staging.mycompany.tld";

    private static RestoreFixture twoClustersLost() {
        World lost = RestoreFixture.nodesGone(RestoreFixture.withSet(Worlds.named("with-noise")));
        for (String cluster : List.of(C, OTHER)) {
            lost = lost.without(Worlds.volumeId(cluster, "main", "b")).without(Worlds.volumeId(cluster, "main", "c"));
        }
        return RestoreFixture.start(lost);
    }

    @Test
    void a_second_cluster_is_restored_from_a_set_of_the_same_name_and_the_first_is_not_touched() {
        try (RestoreFixture account = twoClustersLost()) {
            account.restoreS1().mustEnd("done", 0);
            Map<String, Set<String>> first = account.found();
            Harness.Ran second = account.restoreCluster(OTHER, "--set", "s1", "--yes").mustEnd("done", 0);
            assertTrue(second.statuses().stream().allMatch("done"::equals), second.out());
            assertEquals(first, account.found());
            assertEquals(4, account.made().size());
            account.everyCallMustHaveSucceeded();
        }
    }

    @Test
    void each_cluster_has_its_own_rollback_of_the_same_name() {
        try (RestoreFixture account = twoClustersLost()) {
            account.restoreS1().mustEnd("done", 0);
            account.restoreCluster(OTHER, "--set", "s1", "--yes").mustEnd("done", 0);
            Map<String, Set<String>> first = account.found();
            account.restoreCluster(OTHER, "--rollback", "s1.1", "--yes").mustEnd("done", 0);
            assertEquals(first, account.found());
            account.rollBack("s1.1").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
        }
    }

    @Test
    void each_cluster_has_its_own_rollback_though_both_have_lost_our_tags() {
        try (RestoreFixture account = twoClustersLost()) {
            account.restoreS1().mustEnd("done", 0);
            account.restoreCluster(OTHER, "--set", "s1", "--yes").mustEnd("done", 0);
            account.removeOurTagsAsKopsUpdateDoes();
            Map<String, Set<String>> first = account.found();
            account.restoreCluster(OTHER, "--rollback", "s1.1", "--yes").mustEnd("done", 0);
            assertEquals(first, account.found());
            account.rollBack("s1.1").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
        }
    }

    @Test
    void a_rollback_of_a_cluster_that_is_not_there_is_refused() {
        try (RestoreFixture account = twoClustersLost()) {
            account.restoreS1().mustEnd("done", 0);
            Map<String, Set<String>> first = account.found();
            Harness.Ran ran = account.restoreCluster("third.tld", "--rollback", "s1.1", "--yes");
            assertEquals(20, ran.code(), ran.shown());
            assertEquals(first, account.found());
        }
    }

    // ---- one set after another

    @Test
    void a_snapshot_leaves_the_restores_name_on_the_volumes() {
        try (RestoreFixture account = quorumLost()) {
            account.restoreS1().mustEnd("done", 0);
            account.snapshotAll("s2");
            assertEquals(2, account.made().size());
            account.made().forEach(v -> assertEquals("s1.1", v.tags().get("etcd-ops/run")));
        }
    }

    /** s1, then s2, then s1 again. */
    private static RestoreFixture restoredThreeTimes() {
        RestoreFixture account = quorumLost();
        account.restoreS1().mustEnd("done", 0);
        account.snapshotAll("s2");
        for (String set : List.of("s2", "s1")) {
            account.restore("--set", set, "--etcd", "main", "--yes").mustEnd("done", 0);
            account.found().forEach((member, ids) -> assertEquals(1, ids.size(), member));
        }
        return account;
    }

    @Test
    void each_restore_of_another_set_makes_new_volumes() {
        try (RestoreFixture account = restoredThreeTimes()) {
            assertEquals(6, account.made().size());
        }
    }

    @Test
    void three_restores_are_rolled_back_from_the_last_to_the_first() {
        try (RestoreFixture account = restoredThreeTimes()) {
            for (String restore : List.of("s1.2", "s2.1", "s1.1")) {
                account.rollBack(restore).mustEnd("done", 0);
            }
            account.oldVolumesMustHaveTheirOldTags();
        }
    }

    // ---- the other etcd cluster

    @Test
    void a_restore_of_main_does_not_touch_events_that_was_restored_and_changed_since() {
        try (RestoreFixture account = quorumLost()) {
            account.restoreS1("--etcd", "events").mustEnd("done", 0);
            String third = Stream.of("a", "b", "c").filter(m -> !account.live().contains("events/" + m)).findFirst()
                    .orElseThrow();
            account.makeBlankCopy(account.before().volume(TruthTable.vol("events", third)));
            account.removeOurTagsAsKopsUpdateDoes();
            Map<String, Set<String>> events = account.found();
            events.keySet().removeIf(member -> member.startsWith("main/"));
            assertEquals(3, events.size());
            account.restoreS1().mustEnd("done", 0);
            assertEquals(5, account.live().size());
            assertTrue(account.found().entrySet().containsAll(events.entrySet()));
        }
    }

    @Test
    void running_events_that_came_from_the_set_do_not_stop_a_restore_of_main() {
        World healthy = RestoreFixture.withSet(Worlds.named("three-masters"));
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
        try (RestoreFixture account = RestoreFixture.start(world)) {
            account.restoreS1().mustEnd("done", 0);
            assertEquals(5, account.live().size());
        }
    }

    /** Both etcd clusters lost quorum and were restored. */
    private static RestoreFixture bothRestored() {
        RestoreFixture account = RestoreFixture.start(RestoreFixture.quorumLost()
                .without(TruthTable.vol("events", "a")).without(TruthTable.vol("events", "b")));
        account.restoreS1().mustEnd("done", 0);
        return account;
    }

    @Test
    void only_the_etcd_cluster_that_is_named_is_rolled_back() {
        try (RestoreFixture account = bothRestored()) {
            Map<String, Set<String>> both = account.found();
            account.rollBack("s1.1", "--etcd", "main").mustEnd("done", 0);
            Map<String, Set<String>> now = account.found();
            both.keySet().stream().filter(m -> m.startsWith("events/")).forEach(m -> assertEquals(both.get(m), now.get(m)));
            assertEquals(Set.of(TruthTable.vol("main", "a")), now.get("main/a"));
        }
    }

    @Test
    void volumes_that_were_rolled_back_are_not_planned_again_beside_the_other_etcd_cluster() {
        try (RestoreFixture account = bothRestored()) {
            account.rollBack("s1.1", "--etcd", "main").mustEnd("done", 0);
            Harness.Ran ran = account.restore("--set", "s1", "--etcd", "main").mustEnd("planned", 0);
            assertEquals(List.of("create_volume", "create_volume"), ran.texts("changes", "action").subList(0, 2));
            assertEquals(List.of("planned", "planned"), ran.statuses().subList(0, 2));
        }
    }

    @Test
    void an_etcd_cluster_that_was_rolled_back_is_restored_again_beside_the_other() {
        try (RestoreFixture account = bothRestored()) {
            account.rollBack("s1.1", "--etcd", "main").mustEnd("done", 0);
            Map<String, Set<String>> rolledBack = account.found();
            Harness.Ran ran = account.restoreS1("--etcd", "main");
            ran.mustEnd("done", 0);
            Map<String, Set<String>> now = account.found();
            rolledBack.keySet().stream().filter(m -> m.startsWith("events/"))
                    .forEach(m -> assertEquals(rolledBack.get(m), now.get(m)));
            assertEquals(2, now.keySet().stream().filter(m -> m.startsWith("main/")).count());
        }
    }

    @Test
    void the_other_etcd_cluster_can_be_rolled_back_later() {
        try (RestoreFixture account = bothRestored()) {
            account.rollBack("s1.1", "--etcd", "main").mustEnd("done", 0);
            account.rollBack("s1.1").mustEnd("done", 0);
            account.oldVolumesMustHaveTheirOldTags();
        }
    }
}
