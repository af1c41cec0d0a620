import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.World;
import practice.Worlds;

/** What fix-tags reads from its command line and shows: plans, the lines that roll back, the report and the help. */
class FixTagsOutputTest {
    private static final String C = FixTagsFixture.C;
    private static final String CONTROL_PLANE = FixTagsFixture.CONTROL_PLANE;
    private static final String MAIN_B = TruthTable.vol("main", "b");
    private static final String MAIN_C = TruthTable.vol("main", "c");
    private static final World TAGS_WRONG = Worlds.named("tags-wrong");

    private static Harness.Ran fix(Cloud cloud, String... args) {
        return FixTagsFixture.fix(cloud, args);
    }

    // ---- plans

    @Test
    void a_plan_names_the_one_command_that_carries_it_out() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            Harness.Ran plan = fix(cloud);
            assertEquals(List.of("./jbang fix-tags --region eu-central-1 --endpoint-url " + cloud.endpoint() + " --cluster " + C
                    + " --yes --plan " + plan.planId()), plan.next());
        }
    }

    @Test
    void a_plan_id_without_yes_changes_nothing() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            assertEquals(0, fix(cloud, "--plan", fix(cloud).planId()).code());
            assertEquals(List.of(), FixTagsFixture.writes(cloud));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--yes -ojson", "--yes -o json", "-o json"})
    void another_plan_id_is_refused_and_a_new_plan_is_proposed(String options) {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            Harness.Ran ran = fix(cloud, ("--plan 0123456789ab " + options).split(" "));
            assertEquals(20, ran.code(), ran.shown());
            assertTrue(ran.errors().contains("PLAN_DIFFERS"), ran.shown());
            assertEquals("Try: ./jbang fix-tags --region eu-central-1 --endpoint-url " + cloud.endpoint() + " --cluster " + C
                    + " " + options.replace("--yes ", ""), ran.errLines().get(2));
            assertEquals(List.of(), FixTagsFixture.writes(cloud));
        }
    }

    @Test
    void a_plan_is_carried_out_once() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            String plan = fix(cloud).planId();
            Harness.Ran done = fix(cloud, "--yes", "--plan=" + plan);
            assertEquals("done", done.outcome(), done.shown());
            assertEquals(20, fix(cloud, "--yes", "--plan", plan).code());
        }
    }

    @Test
    void a_plan_from_before_somebody_changed_a_tag_is_refused() {
        String plan;
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            plan = fix(cloud).planId();
        }
        try (Cloud cloud = Cloud.start(TAGS_WRONG.withVolume(MAIN_B, v -> v.tag(CONTROL_PLANE, "yes")))) {
            Harness.Ran ran = fix(cloud, "--yes", "--plan", plan);
            assertEquals(20, ran.code(), ran.shown());
            assertEquals(List.of(), FixTagsFixture.writes(cloud));
            assertEquals(Set.of("planned"), Set.copyOf(ran.statuses()));
        }
    }

    @Test
    void the_cluster_of_the_environment_is_named_in_the_next_command() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            Harness.Ran ran = new Harness(cloud.endpoint()).with(Map.of("KOPS_CLUSTER_NAME", C)).fixTags();
            assertTrue(ran.next().get(0).startsWith("./jbang fix-tags --cluster " + C + " --region"), ran.shown());
        }
    }

    // ---- the lines of the AWS CLI that roll back

    /** One tag is removed, one is overwritten, two are added. */
    private static World fourChanges() {
        return FixTagsFixture.threeCalls().withVolume(MAIN_B, v -> v.tag("k8s.io/etcd/main", "b/b"));
    }

    @Test
    void the_last_change_is_rolled_back_first_and_an_overwritten_tag_is_never_missing() {
        try (Cloud cloud = Cloud.start(fourChanges())) {
            List<String> lines = fix(cloud, "--yes").next().stream().map(n -> n.replaceAll(" --region.*", "")).toList();
            String tags = " --tags '[{\"Key\":\"%s\",\"Value\":\"%s\"}]'";
            assertEquals(List.of(
                    "aws ec2 delete-tags --resources " + MAIN_C + tags.formatted("KubernetesCluster", C),
                    "aws ec2 delete-tags --resources " + MAIN_B + tags.formatted(CONTROL_PLANE, "1"),
                    "aws ec2 create-tags --resources " + MAIN_B + tags.formatted("k8s.io/etcd/main", "b/b"),
                    "aws ec2 create-tags --resources " + TruthTable.vol("events", "c")
                            + tags.formatted("k8s.io/etcd/main", "c/a,b,c")), lines);
        }
    }

    @Test
    void the_printed_lines_of_the_AWS_CLI_put_every_tag_back() throws Exception {
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(f -> new File(f, "aws").canExecute()),
                "aws is not installed: pip install awscli");
        try (Cloud cloud = Cloud.start(fourChanges())) {
            Map<String, Map<String, String>> before = FixTagsFixture.tags(cloud);
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals(0, ran.code(), ran.shown());
            assertFalse(before.equals(FixTagsFixture.tags(cloud)));
            for (String line : ran.next()) {
                Processes.Ended ended = Processes.run(Path.of("/"), "sh", "-c", line);
                assertEquals(0, ended.code(), line + ended.err());
            }
            assertEquals(before, FixTagsFixture.tags(cloud));
        }
    }

    // ---- the report

    @Test
    void stderr_names_account_region_and_cluster_and_each_change_once() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            assertEquals(List.of("Account 123456789012, region eu-central-1, cluster " + C,
                    "Tagged " + MAIN_B + " (main b): " + CONTROL_PLANE,
                    "Tagged " + MAIN_C + " (main c): KubernetesCluster"), fix(cloud, "--yes").errLines());
        }
    }

    @Test
    void a_change_lists_the_tags_that_it_sets() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            Harness.Ran ran = fix(cloud, "--yes");
            assertEquals("{\"KubernetesCluster\":\"" + C + "\"}", ran.json().get("changes").get(1).get("after").toString());
        }
    }

    @Test
    void each_attached_volume_is_reported_as_read_at_the_next_restart() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            List<String> codes = fix(cloud, "--yes").texts("problems", "code");
            assertEquals(2, codes.stream().filter("IN_USE_UNTIL_RESTART"::equals).count());
        }
    }

    private static Cloud withAddedChangedAndRemovedTags() {
        return Cloud.start(FixTagsFixture.threeCalls().withVolume(MAIN_B, v -> v.tag(CONTROL_PLANE, "")));
    }

    @Test
    void a_terminal_shows_added_changed_and_removed_tags_with_three_signs() {
        try (Cloud cloud = withAddedChangedAndRemovedTags()) {
            List<String> lines = new Harness(cloud.endpoint()).onTerminal().fixTags("--cluster", C).out().lines().toList();
            assertEquals("PLANNED  k8s.mycompany.tld in eu-central-1", lines.get(0));
            int at = lines.indexOf("Changes  (plan " + fix(cloud).planId() + ")");
            assertEquals(List.of(
                    "  planned  events c  " + TruthTable.vol("events", "c"), "    - k8s.io/etcd/main=c/a,b,c",
                    "  planned  main b  " + MAIN_B, "    ~ " + CONTROL_PLANE + ": (empty) -> 1",
                    "  planned  main c  " + MAIN_C, "    + KubernetesCluster=" + C), lines.subList(at + 1, at + 7));
        }
    }

    @Test
    void a_terminal_with_colours_shows_an_added_tag_in_green() {
        try (Cloud cloud = withAddedChangedAndRemovedTags()) {
            String coloured = new Harness(cloud.endpoint()).onTerminal().with(Map.of("TERM", "xterm"))
                    .fixTags("--cluster", C).out();
            assertTrue(coloured.contains("    \u001b[32m+ KubernetesCluster=" + C + "\u001b[0m"), coloured);
        }
    }

    // ---- wrong input, and the help

    @ParameterizedTest
    @ValueSource(strings = {"--volume i-0123 --etcd main --member c", "--volume vol-0123 --etcd main --member c",
        "--volume VOL --etcd main", "--volume VOL --member c", "--member c --etcd main", "--plan yesterday",
        "--plan 0123456789ABCDEF", "--volume VOL --member c --etcd main --etcd events", "--yes=maybe", "--kops-version 1",
        "--volume VOL --etcd main --member a/b", "--volume VOL --etcd main --member"})
    void a_wrong_command_line_is_two_lines_and_nothing_is_asked(String args) {
        try (Cloud cloud = Cloud.start(FixTagsFixture.three())) {
            Harness.Ran ran = fix(cloud, args.replace("VOL", MAIN_C).split(" "));
            assertEquals(2, ran.code(), ran.shown());
            assertEquals(2, ran.errLines().size(), ran.err());
            assertEquals("", ran.out());
            assertEquals(List.of(), cloud.journal());
        }
    }

    @Test
    void a_members_name_with_a_space_or_of_64_characters_is_wrong_usage() {
        try (Cloud cloud = Cloud.start(FixTagsFixture.three())) {
            for (String member : List.of("c d", "m".repeat(64))) {
                assertEquals(2, fix(cloud, "--volume", MAIN_C, "--etcd", "main", "--member", member).code());
            }
            assertEquals(List.of(), cloud.journal());
        }
    }

    @Test
    void a_cluster_must_be_named() {
        try (Cloud cloud = Cloud.start(FixTagsFixture.three())) {
            Harness.Ran ran = new Harness(cloud.endpoint()).fixTags("--yes");
            assertEquals(2, ran.code());
            assertEquals("Error: no cluster is named: neither --cluster nor KOPS_CLUSTER_NAME is set\n"
                    + "Try: ./jbang fix-tags --help\n", ran.err());
            assertEquals(List.of(), cloud.journal());
        }
    }

    @Test
    void a_cluster_that_is_not_there_is_refused() {
        try (Cloud cloud = Cloud.start(FixTagsFixture.three())) {
            new Harness(cloud.endpoint()).fixTags("--cluster", "k8s.mycompany.tdl", "--yes").mustEnd("refused", 20);
            assertEquals(List.of(), FixTagsFixture.writes(cloud));
        }
    }

    @Test
    void help_names_the_options_of_a_plan() {
        Harness.Ran help = new Harness(null).fixTags("--help");
        assertEquals(0, help.code());
        assertTrue(help.out().contains("--yes") && help.out().contains("without --yes only the plan"), help.out());
        assertTrue(help.out().contains("--plan=ID"), help.out());
        assertTrue(help.out().contains("--volume=ID"), help.out());
    }
}
