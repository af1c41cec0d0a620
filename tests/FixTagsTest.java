import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import practice.Cloud;
import practice.World;
import practice.Worlds;

/** Which tags fix-tags sets and removes, and what it refuses. */
class FixTagsTest {
    private static final String C = FixTagsFixture.C;
    private static final String CONTROL_PLANE = FixTagsFixture.CONTROL_PLANE;
    private static final String ETCD_MAIN = "k8s.io/etcd/main";
    private static final String MAIN_C = TruthTable.vol("main", "c");
    private static final Instant SNAPSHOTTED = Instant.parse("2026-10-01T02:00:00Z");

    private static World mainC(UnaryOperator<World.Volume> edit) {
        return FixTagsFixture.mainC(edit);
    }

    private static Harness.Ran fix(Cloud cloud, String... args) {
        return FixTagsFixture.fix(cloud, args);
    }

    private static Harness.Ran verify(Cloud cloud, String... args) {
        return new Harness(cloud.endpoint()).verify(args);
    }

    private static void mustBeHealthy(Cloud cloud) {
        Harness.Ran ran = verify(cloud);
        assertEquals(0, ran.code(), ran.shown());
    }

    // ---- the rows of the truth table

    static Stream<TruthTableRow> fixedRows() {
        return TruthTable.stream().filter(TruthTableRow::hasFix).filter(r -> r.fix().isDone());
    }

    static Stream<TruthTableRow> unchangedRows() {
        return TruthTable.stream().filter(TruthTableRow::hasFix).filter(r -> r.fix().isUnchanged());
    }

    static Stream<TruthTableRow> refusedRows() {
        return TruthTable.stream().filter(TruthTableRow::hasFix).filter(r -> r.fix().isRefused());
    }

    @Test
    void every_row_says_what_fix_tags_must_do() {
        assertEquals(List.of(), TruthTable.stream().filter(r -> !r.hasFix()).map(TruthTableRow::name).toList());
    }

    @Test
    void no_two_rows_have_the_same_name() {
        List<String> names = TruthTable.stream().map(TruthTableRow::name).toList();
        assertEquals(names.stream().distinct().toList(), names);
    }

    /** The world of the row, in which every volume has two more tags that are not ours. */
    private static World withForeignTags(TruthTableRow row) {
        return row.world().withVolumes(v -> v.tag("team", "infra, & co").tag("k8s.io/etcdish", "x"));
    }

    private static Harness.Ran fix(Cloud cloud, TruthTableRow row) {
        return fix(cloud, FixTagsFixture.with(row.args(), "--yes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fixedRows")
    void a_row_that_tags_can_fix_is_planned_and_then_fixed_in_so_many_calls(TruthTableRow row) {
        try (Cloud cloud = Cloud.start(withForeignTags(row))) {
            Harness.Ran plan = fix(cloud, row.args());
            plan.mustEnd("planned", 0);
            assertEquals(List.of(), FixTagsFixture.writes(cloud), "a plan changes nothing");
            Harness.Ran ran = fix(cloud, row).mustEnd(row.fix().outcome(), row.fix().exits());
            assertEquals(row.fix().calls(), FixTagsFixture.writes(cloud).size(), ran.shown());
            assertEquals(Set.of("done"), Set.copyOf(ran.statuses()), ran.shown());
            assertEquals(plan.planId(), ran.planId());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fixedRows")
    void a_fixed_row_is_healthy_and_the_next_run_finds_nothing_to_do(TruthTableRow row) {
        try (Cloud cloud = Cloud.start(withForeignTags(row))) {
            Harness.Ran ran = fix(cloud, row);
            assertEquals(List.of("healthy"), ran.texts("etcd_clusters", "verdict").stream().distinct().toList());
            Harness.Ran verify = verify(cloud, row.args());
            assertEquals(0, verify.code(), verify.shown());
            assertEquals(List.of(), verify.reasons("main"), verify.shown());
            fix(cloud, row).mustEnd("unchanged", 0);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fixedRows")
    void a_fix_leaves_every_tag_of_somebody_else_as_it_was(TruthTableRow row) {
        try (Cloud cloud = Cloud.start(withForeignTags(row))) {
            Map<String, Map<String, String>> before = FixTagsFixture.tags(cloud);
            fix(cloud, row).mustEnd("done", 0);
            Map<String, Map<String, String>> after = FixTagsFixture.tags(cloud);
            before.forEach((id, tags) -> assertEquals(foreign(tags), foreign(after.get(id)), id));
        }
    }

    private static Map<String, String> foreign(Map<String, String> tags) {
        Map<String, String> foreign = new TreeMap<>(tags);
        foreign.keySet().removeIf(key -> key.startsWith("k8s.io/etcd/") || Set.of("Name", "KubernetesCluster", TruthTable.MASTER,
                CONTROL_PLANE, "kubernetes.io/cluster/" + C).contains(key));
        return foreign;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fixedRows")
    void no_call_of_a_fix_makes_two_volumes_claim_one_member(TruthTableRow row) {
        World world = withForeignTags(row);
        try (Cloud cloud = Cloud.start(world)) {
            Set<String> before = claimedTwice(FixTagsFixture.tags(cloud));
            fix(cloud, row).mustEnd("done", 0);
            tagsAfterEachCall(world, cloud).forEach(now -> assertTrue(before.containsAll(claimedTwice(now)), now.toString()));
        }
    }

    /** Members that more than one volume claims for a reader of any kind. */
    private static Set<String> claimedTwice(Map<String, Map<String, String>> tags) {
        Map<String, Integer> claims = new TreeMap<>();
        tags.values().forEach(t -> t.forEach((key, value) -> {
            boolean found = "owned".equals(t.get("kubernetes.io/cluster/" + C)) || C.equals(t.get("KubernetesCluster"));
            if (key.startsWith("k8s.io/etcd/") && found) {
                claims.merge(key + " " + value.replaceAll("/.*", ""), 1, Integer::sum);
            }
        }));
        claims.values().removeIf(n -> n < 2);
        return claims.keySet();
    }

    /** Plays the journal of the practice cloud: the tags of all volumes after each call that changed a tag. */
    private static List<Map<String, Map<String, String>>> tagsAfterEachCall(World world, Cloud cloud) {
        Map<String, Map<String, String>> now = FixTagsFixture.tags(world.volumes());
        List<Map<String, Map<String, String>>> moments = new ArrayList<>();
        for (Cloud.Request call : cloud.journal()) {
            if (Set.of("CreateTags", "DeleteTags").contains(call.action()) && call.status() == 200) {
                apply(call, now.get(call.parameters().get("ResourceId.1")));
                Map<String, Map<String, String>> copy = new TreeMap<>();
                now.forEach((id, t) -> copy.put(id, new TreeMap<>(t)));
                moments.add(copy);
            }
        }
        assertEquals(FixTagsFixture.tags(cloud), moments.get(moments.size() - 1), "the journal holds every change");
        return moments;
    }

    private static void apply(Cloud.Request call, Map<String, String> tags) {
        for (int n = 1; call.parameters().containsKey("Tag." + n + ".Key"); n++) {
            String key = call.parameters().get("Tag." + n + ".Key");
            String value = call.parameters().get("Tag." + n + ".Value");
            if (call.action().equals("CreateTags")) {
                tags.put(key, value);
            } else {
                assertEquals(value, tags.remove(key));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unchangedRows")
    void a_row_that_needs_no_fix_or_that_tags_cannot_fix_is_left_alone(TruthTableRow row) {
        mustChangeNothing(row);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedRows")
    void a_row_that_must_not_be_fixed_is_refused(TruthTableRow row) {
        Harness.Ran ran = mustChangeNothing(row);
        assertEquals(row.fix().code(), FixTagsFixture.errors(ran).get(0), ran.shown());
    }

    private static Harness.Ran mustChangeNothing(TruthTableRow row) {
        try (Cloud cloud = Cloud.start(withForeignTags(row))) {
            Map<String, Map<String, String>> before = FixTagsFixture.tags(cloud);
            Harness.Ran plan = fix(cloud, row.args());
            Harness.Ran ran = fix(cloud, row).mustEnd(row.fix().outcome(), row.fix().exits());
            assertEquals(plan.code(), ran.code());
            assertEquals(before, FixTagsFixture.tags(cloud));
            assertEquals(List.of(), FixTagsFixture.writes(cloud));
            return ran;
        }
    }

    // ---- refusals beside the rows

    /** A tag is missing, but on a volume that must not be made live, or that the tags alone cannot identify. */
    private record Refused(String name, World world, String code) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Refused> placesWhereATagMustNotBeSet() {
        UnaryOperator<World.Volume> lacksATag = v -> v.untag(CONTROL_PLANE);
        return List.of(
                new Refused("the volume is in the wrong zone",
                        row("T13 a detached volume is in the wrong zone").withVolume(MAIN_C, lacksATag), "WRONG_ZONE"),
                new Refused("the volume is still being created",
                        row("T22 a volume is still being created").withVolume(MAIN_C, lacksATag), "NOT_READY"),
                new Refused("the volume is in error",
                        row("T22 a volume is in error").withVolume(MAIN_C, lacksATag), "NOT_READY"),
                new Refused("the volume is attached to a rescue instance",
                        row("T23 a volume is attached to a rescue instance").withVolume(MAIN_C, lacksATag), "FOREIGN_ATTACHMENT"),
                new Refused("the volume is blank and stands beside restored volumes",
                        row("T21 a blank volume stands beside two restored volumes")
                                .withVolume(TruthTable.vol("main", "a"), lacksATag), "BLANK_SUSPECT"),
                new Refused("the volume is an old duplicate", Worlds.named("duplicate-volume")
                        .withVolume(oldDuplicate().id(), v -> v.untag(TruthTable.MASTER)), "DUPLICATE_MEMBER"),
                new Refused("the volume is half retired",
                        mainC(v -> v.tag("etcd-ops/parked/k8s.io/etcd/main", "c/a,b,c").untag(CONTROL_PLANE)), "RETIRED"),
                new Refused("the volume has fifty tags, the most that EC2 allows", mainC(FixTagsTest::withFiftyTags),
                        "TAG_LIMIT"),
                new Refused("the data would make the running members suspect", FixTagsFixture.three()
                        .plus(World.Snapshot.of(Worlds.id("snap", "c"), FixTagsFixture.three().volume(MAIN_C), SNAPSHOTTED))
                        .withVolume(MAIN_C, v -> v.fromSnapshot(Worlds.id("snap", "c")).untag(ETCD_MAIN)
                                .createdAt(SNAPSHOTTED.minusSeconds(300L * 86_400)).detached()), "WOULD_WORSEN"));
    }

    static List<Refused> volumesThatTagsCannotIdentify() {
        return List.of(
                new Refused("only the zone tells the member",
                        mainC(v -> v.untag("Name").tag(ETCD_MAIN, "")), "MEMBER_UNPROVEN"),
                new Refused("Name and etcd tag name two members",
                        mainC(v -> v.tag("Name", "b.etcd-main." + C).untag(CONTROL_PLANE)), "EVIDENCE_DISAGREES"),
                new Refused("two etcd tags and no Name",
                        mainC(v -> v.untag("Name").tag("k8s.io/etcd/events", "c/a,b,c")), "TWO_ETCD_TAGS"),
                new Refused("a mistyped key and no Name",
                        mainC(v -> v.untag("Name").untag(ETCD_MAIN).tag("k8s.io/etcd/mian", "c/a,b,c")), "UNKNOWN_ETCD"),
                new Refused("no tag names a cluster",
                        mainC(v -> v.detached().tags(Map.of(ETCD_MAIN, "c/a,b,c"))), "CLUSTER_UNPROVEN"),
                new Refused("no volume has a list of members", Worlds.named("single-master").withVolumes(
                        v -> v.tags().containsKey("Name") ? v.untag(ETCD_MAIN).untag("k8s.io/etcd/events")
                                .tag("k8s.io/etcd/x", "a") : v), "MEMBERS_UNPROVEN"),
                new Refused("the snapshot records another cluster",
                        mainCFromASnapshot("c", "other.tld").withVolume(MAIN_C, v -> v.untag(CONTROL_PLANE)), "RECORD_MISMATCH"));
    }

    static Stream<Refused> refusals() {
        return Stream.concat(placesWhereATagMustNotBeSet().stream(), volumesThatTagsCannotIdentify().stream());
    }

    private static World row(String name) {
        return TruthTable.row(name).world();
    }

    /** The volume that this world has and three masters do not. */
    private static World.Volume oldDuplicate() {
        List<String> known = FixTagsFixture.three().volumes().stream().map(World.Volume::id).toList();
        return Worlds.named("duplicate-volume").volumes().stream().filter(v -> !known.contains(v.id())).findFirst().orElseThrow();
    }

    private static World.Volume withFiftyTags(World.Volume volume) {
        World.Volume full = volume.untag(CONTROL_PLANE);
        for (int n = full.tags().size(); n < 50; n++) {
            full = full.tag("label-" + n, "x");
        }
        return full;
    }

    /** Main c, made from a snapshot whose record names main, this member and this cluster. */
    private static World mainCFromASnapshot(String recordedMember, String recordedCluster) {
        String id = Worlds.id("snap", "recorded");
        return mainC(v -> v.fromSnapshot(id)).plus(World.Snapshot.of(id, FixTagsFixture.three().volume(MAIN_C), SNAPSHOTTED)
                .tags(Map.of("etcd-ops/cluster", recordedCluster, "etcd-ops/etcd", "main", "etcd-ops/member", recordedMember)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refuses_what_would_make_things_worse_and_changes_nothing(Refused row) {
        try (Cloud cloud = Cloud.start(row.world)) {
            Harness.Ran ran = fix(cloud, "--yes").mustEnd("refused", 20);
            assertEquals(row.code, FixTagsFixture.errors(ran).get(0), ran.shown());
            assertEquals(List.of(), FixTagsFixture.writes(cloud));
            assertEquals(3, ran.errLines().size(), ran.err());
            assertTrue(ran.errLines().get(1).startsWith("Error: refused on "), ran.err());
            assertTrue(ran.errLines().get(2).startsWith("Try: ./jbang verify-quorum-volumes --cluster " + C), ran.err());
            assertFalse(ran.statuses().contains("planned"), ran.shown());
        }
    }

    /** Main c lacks a tag. An old duplicate of main a stands beside it, and nobody can say which of the two is needed. */
    private static World oneToFixAndOneToRefuse() {
        return Worlds.named("duplicate-volume").withVolume(MAIN_C, v -> v.untag(CONTROL_PLANE));
    }

    @Test
    void one_refusal_stops_every_change_and_the_command_for_each_other_volume_is_named() {
        try (Cloud cloud = Cloud.start(oneToFixAndOneToRefuse())) {
            Harness.Ran ran = fix(cloud, "--yes").mustEnd("refused", 20);
            assertEquals(List.of("not_reached"), ran.statuses());
            assertEquals(List.of(), FixTagsFixture.writes(cloud));
            String next = ran.next().get(0);
            assertTrue(next.startsWith("./jbang fix-tags --cluster " + C + " --etcd main --volume " + MAIN_C
                    + " --member c --region"), next);
        }
    }

    @Test
    void a_volume_named_by_hand_is_fixed_though_another_is_refused() {
        try (Cloud cloud = Cloud.start(oneToFixAndOneToRefuse())) {
            fix(cloud, "--etcd", "main", "--volume", MAIN_C, "--member", "c", "--yes").mustEnd("done", 0);
            assertEquals(List.of("CreateTags"), FixTagsFixture.writes(cloud));
        }
    }

    // ---- what is fixed beside the rows

    @Test
    void a_volume_of_a_stopped_node_is_fixed_before_the_node_starts() {
        World world = row("two volumes are attached to a stopped node").withVolume(MAIN_C, v -> v.untag(CONTROL_PLANE));
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals("done", ran.outcome(), ran.shown());
            assertEquals(List.of("NOT_READY"), ran.reasons("main"));
        }
    }

    @Test
    void a_record_and_a_Name_that_agree_are_believed_against_the_etcd_tag() {
        World world = mainCFromASnapshot("c", C).withVolume(MAIN_C, v -> v.tag(ETCD_MAIN, "b/a,b,c"));
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = fix(cloud, "--yes").mustEnd("done", 0);
            assertEquals("c/a,b,c", FixTagsFixture.tags(cloud).get(MAIN_C).get(ETCD_MAIN));
            String evidence = ran.texts("problems", "summary").get(0);
            assertTrue(evidence.contains("its Name and its snapshot's record"), evidence);
        }
    }

    @Test
    void two_volumes_with_swapped_tags_never_claim_one_member_together() {
        World world = FixTagsFixture.three();
        for (Map.Entry<String, String> swap : Map.of("b", "c", "c", "b").entrySet()) {
            String member = swap.getKey();
            String id = Worlds.id("snap", member);
            World.Volume volume = FixTagsFixture.three().volume(TruthTable.vol("main", member));
            world = world.plus(World.Snapshot.of(id, volume, SNAPSHOTTED)
                            .tags(Map.of("etcd-ops/etcd", "main", "etcd-ops/member", member)))
                    .withVolume(volume.id(), v -> v.fromSnapshot(id).tag(ETCD_MAIN, swap.getValue() + "/a,b,c"));
        }
        try (Cloud cloud = Cloud.start(world)) {
            fix(cloud, "--yes").mustEnd("done", 0);
            List<Map<String, Map<String, String>>> moments = tagsAfterEachCall(world, cloud);
            assertEquals(4, moments.size());
            moments.forEach(now -> assertEquals(Set.of(), claimedTwice(now)));
            mustBeHealthy(cloud);
        }
    }

    @Test
    void the_lists_of_events_serve_when_every_list_of_main_is_lost() {
        World world = FixTagsFixture.three();
        for (String m : List.of("a", "b", "c")) {
            world = world.withVolume(TruthTable.vol("main", m), v -> v.untag(ETCD_MAIN));
        }
        try (Cloud cloud = Cloud.start(world)) {
            fix(cloud, "--yes").mustEnd("done", 0);
            mustBeHealthy(cloud);
        }
    }

    @Test
    void retired_volumes_and_other_clusters_are_not_touched() {
        World other = Worlds.kops("other.tld", "eu-central-1", Worlds.TagSet.KOPS_1_8, List.of("main"),
                new LinkedHashMap<>(Map.of("a", "eu-central-1a")));
        World world = row("a volume is retired and no other is in its place").plus(other)
                .withVolume(TruthTable.vol("main", "b"), v -> v.untag(CONTROL_PLANE));
        try (Cloud cloud = Cloud.start(world)) {
            assertEquals(0, fix(cloud, "--yes").code());
            assertEquals(List.of("CreateTags"), FixTagsFixture.writes(cloud));
        }
    }

    @Test
    void only_the_etcd_cluster_that_is_named_is_fixed() {
        try (Cloud cloud = Cloud.start(Worlds.named("kops-1.8"))) {
            assertEquals(0, fix(cloud, "--kops-version", "1.26", "--etcd", "events", "--yes").code());
            assertEquals(3, FixTagsFixture.writes(cloud).size());
            assertEquals(3, cloud.volumes().stream().filter(v -> v.tags().containsKey(CONTROL_PLANE)
                    && v.tags().containsKey("k8s.io/etcd/events")).count());
        }
    }

    @Test
    void what_tags_cannot_fix_is_reported_with_the_command_that_can() {
        try (Cloud cloud = Cloud.start(Worlds.named("one-volume-gone"))) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals("unchanged", ran.outcome());
            assertTrue(ran.errors().contains("NO_VOLUME"), ran.shown());
            String where = " --region eu-central-1 --endpoint-url " + cloud.endpoint();
            assertEquals(List.of("./jbang verify-quorum-volumes --cluster " + C + where,
                    "./jbang restore-volume --cluster " + C + " --etcd main" + where), ran.next());
        }
    }

    // ---- a volume and its member named by hand

    /** What somebody says of main c, and what comes of it: `done`, or the code of the refusal. */
    private static final class ByHand {
        private final String name;
        private final World world;
        private String etcd = "main";
        private String member = "c";
        private String refusal = "";

        ByHand(String name, World world) {
            this.name = name;
            this.world = world;
        }

        ByHand said(String newEtcd, String newMember) {
            etcd = newEtcd;
            member = newMember;
            return this;
        }

        ByHand refused(String code) {
            refusal = code;
            return this;
        }

        Harness.Ran run(Cloud cloud) {
            return fix(cloud, "--volume", MAIN_C, "--etcd", etcd, "--member", member, "--yes");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<ByHand> wordsThatNothingContradicts() {
        return Stream.of(
                new ByHand("the volume has no tag of kops", mainC(v -> v.detached().tags(Map.of("team", "x")))),
                new ByHand("no tag tells the member", mainC(v -> v.untag("Name").tag(ETCD_MAIN, ""))),
                new ByHand("the etcd tag of another member and no Name",
                        mainC(v -> v.untag("Name").tag(ETCD_MAIN, "b/a,b,c"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wordsThatNothingContradicts")
    void a_member_named_by_hand_is_believed_where_nothing_contradicts(ByHand row) {
        try (Cloud cloud = Cloud.start(row.world)) {
            Harness.Ran ran = row.run(cloud);
            assertEquals(0, ran.code(), ran.shown());
            mustBeHealthy(cloud);
            assertEquals("unchanged", row.run(cloud).outcome());
        }
    }

    static Stream<ByHand> wordsThatSomethingContradicts() {
        World noMember = mainC(v -> v.untag("Name").tag(ETCD_MAIN, ""));
        World noName = mainC(v -> v.untag("Name"));
        return Stream.of(
                new ByHand("Name and etcd tag agree on another member",
                        mainC(v -> v.tag("Name", "b.etcd-main." + C).tag(ETCD_MAIN, "b/a,b,c"))).refused("EVIDENCE_DISAGREES"),
                new ByHand("the snapshot records another member",
                        mainCFromASnapshot("b", C).withVolume(MAIN_C, v -> v.untag("Name"))).refused("RECORD_MISMATCH"),
                new ByHand("the snapshot records another member, and the volume has no tags",
                        mainCFromASnapshot("b", C).withVolume(MAIN_C, v -> v.detached().tags(Map.of())))
                        .refused("RECORD_MISMATCH"),
                new ByHand("another volume holds the member", noMember).said("main", "b").refused("DUPLICATE_MEMBER"),
                new ByHand("the etcd cluster has no such member", noName).said("main", "z").refused("MEMBER_NOT_IN_LIST"),
                new ByHand("the member's name has sixty characters", noName).said("main", "m".repeat(60))
                        .refused("MEMBER_NOT_IN_LIST"),
                new ByHand("there is no such etcd cluster", FixTagsFixture.three()).said("cilium", "c")
                        .refused("MEMBERS_UNPROVEN"),
                new ByHand("the volume is of another cluster", mainC(v -> v.tags(Map.of("Name", "c.etcd-main.x.tld",
                        "KubernetesCluster", "x.tld", ETCD_MAIN, "c/a,b,c")).detached())).refused("FOREIGN_CLUSTER"),
                new ByHand("the volume is retired", row("a volume is retired and no other is in its place"))
                        .refused("RETIRED"),
                new ByHand("a restore has not finished the volume",
                        mainC(v -> v.detached().tags(Map.of("etcd-ops/state", "inert")))).refused("INERT"),
                new ByHand("the volume is gone", FixTagsFixture.three().without(MAIN_C)).refused("VOLUME_UNSEEN"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wordsThatSomethingContradicts")
    void a_member_named_by_hand_is_refused_where_something_contradicts(ByHand row) {
        try (Cloud cloud = Cloud.start(row.world)) {
            Harness.Ran ran = row.run(cloud);
            assertEquals(20, ran.code(), ran.shown());
            assertEquals(row.refusal, FixTagsFixture.errors(ran).get(0), ran.shown());
            assertEquals(List.of(), FixTagsFixture.writes(cloud));
        }
    }
}
