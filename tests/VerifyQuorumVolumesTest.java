import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import practice.Cloud;
import practice.Fault;
import practice.World;
import practice.Worlds;

/** What verify-quorum-volumes answers and shows. It changes nothing. */
class VerifyQuorumVolumesTest {

    static Stream<TruthTableRow> rows() {
        return TruthTable.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void judges_every_row_of_the_truth_table(TruthTableRow row) throws Exception {
        try (Cloud cloud = Cloud.start(row.world())) {
            row.check(new Harness(cloud.endpoint()));
        }
    }

    @Test
    void reads_volumes_and_instances_once_and_nothing_per_volume() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("five-masters"))) {
            new Harness(cloud.endpoint()).verify();
            assertEquals(List.of("DescribeVolumes", "DescribeInstances"),
                    cloud.journal().stream().map(Cloud.Request::action).toList());
        }
    }

    @Test
    void judges_all_clusters_of_the_region_when_none_is_named() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("with-noise"))) {
            Harness.Ran ran = new Harness(cloud.endpoint()).verify();
            assertEquals(List.of(Worlds.CLUSTER, Worlds.CLUSTER, "staging.mycompany.tld", "staging.mycompany.tld"),
                    ran.texts("etcd_clusters", "cluster"));
            assertEquals(0, ran.code());
        }
    }

    @Test
    void takes_the_cluster_that_kops_itself_would_take() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("with-noise"))) {
            Harness.Ran ran = new Harness(cloud.endpoint()).with(Map.of("KOPS_CLUSTER_NAME", "staging.mycompany.tld")).verify();
            assertEquals(List.of("staging.mycompany.tld", "staging.mycompany.tld"), ran.texts("etcd_clusters", "cluster"));
        }
    }

    /**
     * A tag of main c is set (`key=value`) or removed (`key`). Who still finds the volume and takes it: protokube,
     * etcd-manager before 1.26 and since, the node's IAM policy, kops update cluster.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "x=y                                           | true,  true,  true,  true,  true",
        "KubernetesCluster                             | false, true,  true,  false, false",
        "Name                                          | true,  true,  true,  true,  false",
        "k8s.io/role/master                            | false, false, true,  false, true",
        "k8s.io/role/master=true                       | true,  false, true,  false, true",
        "k8s.io/role/control-plane                     | true,  true,  false, true,  true",
        "k8s.io/role/control-plane=true                | true,  true,  false, true,  true",
        "kubernetes.io/cluster/k8s.mycompany.tld=shared | true, false, false, true,  true",
        "k8s.io/etcd/main=c                            | false, true,  true,  true,  true",
        "k8s.io/etcd/main=z/a,b,c                      | false, false, false, true,  false"})
    void a_report_says_which_of_five_readers_find_a_volume(String edit, String readers) throws Exception {
        String[] tag = edit.split("=", 2);
        World world = Worlds.named("three-masters").withVolume(TruthTable.vol("main", "c"),
                v -> tag.length == 1 ? v.untag(tag[0]) : v.tag(tag[0], tag[1]));
        try (Cloud cloud = Cloud.start(world)) {
            JsonNode main = new Harness(cloud.endpoint()).verify("--etcd", "main").etcd("main");
            JsonNode claims = main.get("members").get(2).get("claims");
            JsonNode said = (claims.isEmpty() ? main.get("near_misses") : claims).get(0).get("readers");
            List<String> names = new ArrayList<>();
            said.fieldNames().forEachRemaining(names::add);
            assertEquals(List.of("protokube", "etcd_manager_before_1_26", "etcd_manager", "node_iam", "kops_update"), names);
            assertEquals(readers.replace(" ", ""),
                    String.join(",", names.stream().map(n -> said.get(n).asText()).toList()));
        }
    }

    private static World noVolumeOfEvents() {
        World world = Worlds.named("three-masters");
        for (String m : List.of("a", "b", "c")) {
            world = world.without(TruthTable.vol("events", m));
        }
        return world;
    }

    @Test
    void events_without_any_volume_is_a_warning() throws Exception {
        try (Cloud cloud = Cloud.start(noVolumeOfEvents())) {
            Harness.Ran ran = new Harness(cloud.endpoint()).verify();
            assertEquals(0, ran.code());
            assertTrue(ran.texts("problems", "code").contains("EVENTS_UNSEEN"));
        }
    }

    @Test
    void events_without_any_volume_is_lost_when_asked_for() throws Exception {
        try (Cloud cloud = Cloud.start(noVolumeOfEvents())) {
            assertEquals(20, new Harness(cloud.endpoint()).verify("--etcd", "events").code());
        }
    }

    @Test
    void a_region_without_any_cluster_is_an_error() throws Exception {
        try (Cloud cloud = Cloud.start(World.empty("empty", "nothing", "eu-central-1"))) {
            Harness.Ran ran = new Harness(cloud.endpoint()).verify();
            assertEquals(20, ran.code());
            assertEquals(List.of("CLUSTER_UNSEEN"), ran.texts("problems", "code"));
        }
    }

    @Test
    void a_mistyped_cluster_is_lost_and_the_clusters_of_the_region_are_named() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"))) {
            Harness.Ran ran = new Harness(cloud.endpoint()).verify("--cluster", "k8s.mycompany.tdl");
            assertEquals(20, ran.code());
            assertEquals("the region shows k8s.mycompany.tld", ran.json().get("problems").get(0).get("hint").asText());
        }
    }

    @Test
    void on_a_terminal_the_verdict_comes_first_and_lines_fit() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("two-volumes-gone"))) {
            Harness.Ran ran = new Harness(cloud.endpoint()).onTerminal().verify();
            assertEquals(20, ran.code());
            List<String> lines = ran.out().lines().toList();
            assertEquals("LOST  k8s.mycompany.tld in eu-central-1", lines.get(0));
            assertEquals("main  LOST  1 of 3 members count, quorum is 2  (etcd-manager)", lines.get(2));
            assertEquals("  --  b  no volume", lines.get(4));
            assertEquals(List.of(), lines.stream().filter(l -> l.length() > 79 && !l.startsWith("  ./jbang ")).toList());
            assertFalse(ran.out().contains("\u001b"), "NO_COLOR is set");
        }
    }

    @Test
    void account_region_and_cluster_come_first_and_only_on_stderr() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"))) {
            Harness.Ran ran = new Harness(cloud.endpoint()).verify();
            assertEquals("Account 123456789012, region eu-central-1, cluster k8s.mycompany.tld\n", ran.err());
            assertEquals("1.0", ran.json().get("format_version").asText());
        }
    }

    @Test
    void a_dead_endpoint_is_two_lines_and_a_report() {
        Harness.Ran ran = new Harness(URI.create("http://127.0.0.1:1")).verify();
        assertEquals(22, ran.code());
        assertEquals(2, ran.errLines().size(), ran.err());
        assertTrue(ran.errLines().get(0).startsWith("Error: describing volumes of eu-central-1: ConnectException"), ran.err());
        assertEquals("Try: aws ec2 describe-availability-zones --region eu-central-1 --endpoint-url http://127.0.0.1:1",
                ran.errLines().get(1));
        assertEquals("unknown", ran.json().get("outcome").asText());
    }

    @Test
    void a_denied_call_is_two_lines_with_what_was_being_done_and_the_code_of_AWS() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"))) {
            cloud.fault(Fault.next(9, "DescribeInstances", Fault.Kind.DENIED));
            Harness.Ran ran = new Harness(cloud.endpoint()).verify();
            assertEquals(22, ran.code());
            assertEquals(2, ran.errLines().size(), ran.err());
            assertTrue(ran.err().startsWith("Error: describing instances of eu-central-1: UnauthorizedOperation"), ran.err());
            assertTrue(ran.err().contains("Try: aws sts get-caller-identity"), ran.err());
        }
    }

    @Test
    void a_reply_cut_in_half_is_not_an_answer() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"))) {
            cloud.fault(Fault.next(9, "DescribeVolumes", Fault.Kind.REPLY_CUT));
            Harness.Ran ran = new Harness(cloud.endpoint()).verify();
            assertEquals(22, ran.code());
            assertEquals(2, ran.errLines().size(), ran.err());
            assertFalse(ran.err().contains("\tat "), ran.err());
            assertEquals("unknown", ran.json().get("outcome").asText());
        }
    }

    @Test
    void a_throttled_read_is_repeated() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"))) {
            cloud.fault(Fault.next("DescribeVolumes", Fault.Kind.THROTTLED));
            assertEquals(0, new Harness(cloud.endpoint()).verify().code());
        }
    }

    @ParameterizedTest
    @MethodSource("badCommandLines")
    void a_wrong_command_line_is_two_lines_and_nothing_is_asked(String args, String error) throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"))) {
            Harness.Ran ran = new Harness(cloud.endpoint()).verify(args.split(" "));
            assertEquals(2, ran.code());
            assertEquals("Error: " + error + "\nTry: ./jbang verify-quorum-volumes --help\n", ran.err());
            assertEquals("", ran.out());
            assertEquals(List.of(), cloud.journal());
        }
    }

    static Stream<Arguments> badCommandLines() {
        return Stream.of(
                Arguments.of("--bogus", "Unknown option: '--bogus'"),
                Arguments.of("--kops-version latest",
                        "Invalid value for option '--kops-version': 'latest' is no kops version like 1.26"),
                Arguments.of("--endpoint-url localhost",
                        "Invalid value for option '--endpoint-url': 'localhost' is no URL like http://127.0.0.1:4566"),
                Arguments.of("--report /nowhere/x.json",
                        "--report /nowhere/x.json: no file can be written there"));
    }

    @Test
    void writes_the_report_to_a_file_as_well(@TempDir Path folder) throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"))) {
            Path file = folder.resolve("a report.json");
            Harness.Ran ran = new Harness(cloud.endpoint()).verify("--report", file.toString());
            assertEquals(ran.out(), Files.readString(file));
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(List.of(file), files.toList());
            }
        }
    }

    @Test
    void snapshot_all_is_proposed_first_since_a_snapshot_only_adds() throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("one-volume-gone"))) {
            assertEquals(List.of("./jbang snapshot-all --cluster k8s.mycompany.tld --region eu-central-1 --endpoint-url "
                    + cloud.endpoint()), new Harness(cloud.endpoint()).verify().next());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            one-volume-gone  | snapshot-all
            two-volumes-gone | snapshot-all restore-volume
            tags-wrong       | snapshot-all fix-tags restore-volume
            old-twin         | snapshot-all
            three-masters    | ''
            """)
    void a_report_proposes_the_commands_that_may_fix_what_is_wrong(String world, String commands) {
        try (Cloud cloud = Cloud.start(Worlds.named(world))) {
            Stream<String> next = new Harness(cloud.endpoint()).verify().next().stream().map(line -> line.split(" ")[1]);
            assertEquals(commands, String.join(" ", next.toList()));
        }
    }
}
