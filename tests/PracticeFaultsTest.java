import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.Fault;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Volume;

/** Faults, request limits and the journal. */
class PracticeFaultsTest extends PracticeFixture {

    private static final World THREE = Worlds.named("three-masters");
    private static final String ZONE = "eu-central-1a";
    private static final String MAIN_A = Worlds.volumeId(Worlds.CLUSTER, "main", "a");
    private static final String I_A = Worlds.instanceId(Worlds.CLUSTER, "a");
    private static final World.Snapshot DONE =
            World.Snapshot.of(Worlds.id("snap", "done"), THREE.volume(MAIN_A), START.minusSeconds(60));

    @Test
    void a_line_says_a_fault() {
        assertEquals(Fault.next(3, "CreateTags", Fault.Kind.THROTTLED), Fault.parse("next=3 CreateTags THROTTLED"));
        assertEquals(Fault.nth(2, "AttachVolume", Fault.Kind.SERVER_ERROR),
                Fault.parse(" nth=2  AttachVolume SERVER_ERROR "));
        assertEquals(Fault.stale("CreateVolume", Duration.ofSeconds(5)), Fault.parse("stale=5s CreateVolume"));
        assertEquals(Fault.stale("CreateTags", Duration.ofMillis(250)), Fault.parse("stale=250ms CreateTags STALE_READS"));
        assertEquals(Fault.stale("RunInstances", Duration.ofMinutes(2)), Fault.parse("stale=2m RunInstances"));
        assertEquals(Fault.chance(5, 7, "*", Fault.Kind.THROTTLED), Fault.parse("chance=5% seed=7 * THROTTLED"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CreateTags THROTTLED                    | is not like
            next=3 CreateTags                       | the kind is missing
            next=3 CreateTags SLOW                  | no kind is named SLOW; the kinds are THROTTLED,
            next=0 CreateTags THROTTLED             | THROTTLED cannot happen like this to CreateTags
            nth=x CreateTags THROTTLED              | x is not a whole number
            nth=1 CreateTags STALE_READS            | STALE_READS cannot happen like this to CreateTags
            nth=1 CreateVolume STAYS_BUSY           | STAYS_BUSY cannot happen like this to CreateVolume
            nth=1 DeleteVolume VOLUME_VANISHES      | VOLUME_VANISHES cannot happen like this to DeleteVolume
            nth=1 CreateSnapshot PARTIAL            | PARTIAL cannot happen like this to CreateSnapshot
            nth=1 CreateSnapshot NO_CAPACITY        | NO_CAPACITY cannot happen like this to CreateSnapshot
            stale=5 CreateVolume                    | a time is like 5s
            stale=0s CreateVolume                   | STALE_READS cannot happen like this
            stale=5s DescribeVolumes                | STALE_READS cannot happen like this to DescribeVolumes
            stale=5s CreateVolume THROTTLED         | stale= is of the kind STALE_READS only
            chance=5% CreateTags THROTTLED          | has a seed=
            nth=1 seed=7 CreateTags THROTTLED       | a chance, and nothing else, has a seed=
            chance=5 seed=7 * THROTTLED             | a chance is like 5%
            chance=0% seed=7 * THROTTLED            | 1 to 100
            chance=101% seed=7 * THROTTLED          | cannot happen
            chance=5% seed=7 * STALE_READS          | STALE_READS cannot happen like this to *
            """)
    void a_line_that_is_wrong_is_refused_with_its_number_and_its_reason(String line, String reason, @TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("faults");
        Files.writeString(file, "# a rehearsal\n\n" + line + "\n");
        String message = assertThrows(IllegalArgumentException.class, () -> Fault.read(file)).getMessage();
        assertTrue(message.startsWith(file + " line 3: ") && message.contains(reason), message);
    }

    @Test
    void a_file_has_one_fault_a_line(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("faults");
        Files.writeString(file, "# tags are slow\nnext=2 CreateTags THROTTLED\n\n  # reads too\nstale=3s CreateTags\n");
        assertEquals(List.of(Fault.next(2, "CreateTags", Fault.Kind.THROTTLED),
                Fault.stale("CreateTags", Duration.ofSeconds(3))), Fault.read(file));
    }

    @Test
    void chance_is_the_same_whenever_the_seed_and_the_calls_are() {
        Supplier<List<String>> run = () -> outcomes(Fault.chance(30, 7, Fault.ANY, Fault.Kind.SERVER_ERROR));
        List<String> first = run.get();
        assertEquals(first, run.get());
        assertNotEquals(first, outcomes(Fault.chance(30, 8, Fault.ANY, Fault.Kind.SERVER_ERROR)));
        long hits = first.stream().filter("InternalError"::equals).count();
        assertTrue(hits > 3 && hits < 20, first.toString());
        assertEquals(List.of("InternalError"), outcomes(Fault.chance(100, 1, "DescribeVolumes",
                Fault.Kind.SERVER_ERROR)).stream().distinct().toList());
    }

    private List<String> outcomes(Fault fault) {
        Cloud cloud = start(THREE);
        cloud.fault(fault);
        Ec2Client ec2 = client(cloud);
        return IntStream.range(0, 40).mapToObj(n -> code(ec2::describeVolumes)).toList();
    }

    @Test
    void a_fault_of_an_action_that_is_not_there_is_refused() {
        Cloud cloud = start(THREE);
        assertThrows(IllegalArgumentException.class, () -> cloud.fault(Fault.parse("nth=1 ModifyVolume THROTTLED")));
        cloud.fault(Fault.parse("nth=1 GetSnapshotBlock THROTTLED"));
    }

    @Test
    void a_caller_whose_clock_is_off_is_told_so_and_changes_nothing() throws Exception {
        Cloud cloud = start(THREE);
        cloud.fault(Fault.next("CreateSnapshot", Fault.Kind.CLOCK_SKEW));
        Answer answer = send(cloud, "Action=CreateSnapshot&VolumeId=" + MAIN_A, "");
        assertEquals("400 RequestExpired Request has expired.", answer.status() + " " + answer.text("Code") + " "
                + answer.text("Message"));
        assertEquals(List.of(), cloud.snapshots());
    }

    @Test
    void a_set_that_is_partial_ends_in_error_as_a_whole() {
        Cloud cloud = start(THREE);
        cloud.fault(Fault.next("CreateSnapshots", Fault.Kind.PARTIAL));
        client(cloud).createSnapshots(r -> r.instanceSpecification(i -> i.instanceId(I_A)));
        assertEquals(List.of("pending"), cloud.snapshots().stream().map(World.Snapshot::state).distinct().toList());
        cloud.clock().advance(Duration.ofSeconds(4));
        assertEquals(List.of("error", "error", "error"),
                cloud.snapshots().stream().map(World.Snapshot::state).toList());
    }

    @Test
    void a_copy_can_fail() {
        Cloud cloud = start(THREE.plus(DONE));
        cloud.fault(Fault.next("CopySnapshot", Fault.Kind.SNAPSHOT_FAILS));
        String id = client(cloud).copySnapshot(r -> r.sourceRegion("eu-central-1").sourceSnapshotId(DONE.id())
                .presignedUrl("https://unused")).snapshotId();
        cloud.clock().advance(Duration.ofSeconds(8));
        assertEquals("error", cloud.snapshots().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow().state());
    }

    @ParameterizedTest
    @ValueSource(strings = {"CreateVolume", "CopyVolumes", "CopySnapshot", "RunInstances"})
    void what_was_just_made_is_not_seen_for_a_while_but_can_be_written_to(String action) throws Exception {
        Cloud cloud = start(THREE.plus(DONE));
        cloud.fault(Fault.stale(action, Duration.ofSeconds(3)));
        String kind = switch (action) {
            case "RunInstances" -> "instance";
            case "CopySnapshot" -> "snapshot";
            default -> "volume";
        };
        String id = send(cloud, "Action=" + action + switch (action) {
            case "CreateVolume" -> "&Size=1&AvailabilityZone=" + ZONE;
            case "CopyVolumes" -> "&SourceVolumeId=" + MAIN_A;
            case "CopySnapshot" -> "&SourceRegion=eu-central-1&SourceSnapshotId=" + DONE.id();
            default -> "&MinCount=1&MaxCount=1&ImageId=ami-12345678&Placement.AvailabilityZone=" + ZONE;
        }, "").text(kind + "Id");
        String describe = "Action=Describe" + kind.substring(0, 1).toUpperCase() + kind.substring(1) + "s&"
                + kind.substring(0, 1).toUpperCase() + kind.substring(1) + "Id.1=" + id;
        assertTrue(send(cloud, describe, "").text("Code").endsWith(".NotFound"));
        assertEquals(200, send(cloud, "Action=CreateTags&Tag.1.Key=a&Tag.1.Value=&ResourceId.1=" + id, "").status());
        cloud.clock().advance(Duration.ofSeconds(3));
        assertEquals(200, send(cloud, describe, "").status());
    }

    @Test
    void a_describe_shows_the_old_tags_for_a_while() {
        Cloud cloud = start(THREE.withVolume(MAIN_A, v -> v.tags(Map.of("old", "1"))));
        cloud.fault(Fault.stale("CreateTags", Duration.ofSeconds(3)));
        cloud.fault(Fault.stale("DeleteTags", Duration.ofSeconds(5)));
        Ec2Client ec2 = client(cloud);
        ec2.createTags(r -> r.resources(MAIN_A).tags(t -> t.key("new").value("2")));
        ec2.deleteTags(r -> r.resources(MAIN_A).tags(t -> t.key("old")));
        assertEquals("[old]", seen(ec2));
        assertEquals(1, ec2.describeTags(r -> r.filters(f -> f.name("resource-id").values(MAIN_A))).tags().size());
        assertEquals(0, ec2.describeVolumes(r -> r.filters(f -> f.name("tag-key").values("new"))).volumes().size());
        assertEquals(Map.of("new", "2"), cloud.volumes().stream().filter(v -> v.id().equals(MAIN_A))
                .findFirst().orElseThrow().tags());
        cloud.clock().advance(Duration.ofSeconds(5));
        assertEquals("[new]", seen(ec2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CreateTags&ResourceId.1={main-a}&Tag.1.Key=a          | 100 | 10
            CreateVolume&Size=1&AvailabilityZone=eu-central-1a    | 100 | 5
            DeleteVolume&VolumeId={main-a}                        | 100 | 5
            DetachVolume&VolumeId=vol-0123456789abcdef1           | 50  | 5
            DescribeVolumes                                       | 50  | 10
            DescribeVolumes&MaxResults=5                          | 100 | 20
            DescribeVolumes&Filter.1.Name=size&Filter.1.Value.1=1 | 100 | 20
            DescribeSnapshots&Owner.1=self                        | 50  | 10
            """)
    void an_action_has_a_bucket_that_fills_again(String form, int most, int perSecond) throws Exception {
        Cloud cloud = start(THREE);
        String call = "Action=" + form.replace("{main-a}", MAIN_A);
        for (int n = 0; n < most; n++) {
            assertNotEquals(503, send(cloud, call, "").status());
        }
        Answer refused = send(cloud, call, "");
        assertEquals("503 RequestLimitExceeded", refused.status() + " " + refused.text("Code"));
        cloud.clock().advance(Duration.ofSeconds(1));
        for (int n = 0; n < perSecond; n++) {
            assertNotEquals(503, send(cloud, call, "").status());
        }
        assertEquals(503, send(cloud, call, "").status());
        assertNotEquals(503, send(cloud, "Action=DescribeTags", "").status());
        assertEquals(200, send(cloud, "Action=GetCallerIdentity&Version=2011-06-15", "").status());
    }

    @Test
    void without_throttling_no_bucket_runs_empty() throws Exception {
        Cloud cloud = start(THREE, settings().throttling(false));
        for (int n = 0; n < 51; n++) {
            assertEquals(200, send(cloud, "Action=DescribeVolumes", "").status());
        }
    }

    @Test
    void every_request_is_a_line_of_the_journal_without_a_secret(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("journal");
        Cloud cloud = start(THREE, settings().journal(file));
        send(cloud, "Action=CreateTags&ResourceId.1=" + MAIN_A + "&Tag.1.Key=a&Tag.1.Value=%22%0A%C3%A9&X-Amz-Signature="
                + "secret&X-Amz-Security-Token=secret&Signature=secret", "AKIDEXAMPLE");
        send(cloud, "Action=RunInstances&UserData=secret", "");
        send(cloud, "X-Amz-Credential=AKIDQUERY/20261121/eu-central-1/ec2/aws4_request&Action=DescribeVolumes", "");
        // More than one fault: the JDK repeats a request by itself when the connection breaks.
        cloud.fault(Fault.next(9, "DescribeTags", Fault.Kind.REPLY_LOST));
        assertThrows(IOException.class, () -> send(cloud, "Action=DescribeTags", ""));
        List<String> lines = Files.readAllLines(file);
        assertEquals(cloud.journal().size(), lines.size());
        List<JsonNode> entries = new ArrayList<>();
        for (String line : lines) {
            entries.add(new ObjectMapper().readTree(line));
        }
        List<String> fields = new ArrayList<>();
        entries.get(0).fieldNames().forEachRemaining(fields::add);
        assertEquals(List.of("at", "action", "parameters", "outcome", "status", "caller", "took_ms", "reply"), fields);
        assertEquals("2026-11-21T02:00:00Z CreateTags ok 200 AKIDEXAMPLE", Stream.of("at", "action", "outcome", "status",
                "caller").map(name -> entries.get(0).get(name).asText()).reduce((a, b) -> a + " " + b).orElseThrow());
        assertEquals("\"\n\u00e9", entries.get(0).get("parameters").get("Tag.1.Value").asText());
        assertTrue(entries.get(0).get("reply").asText().contains("<return>true</return>"));
        assertEquals("MissingParameter 400 ", entries.get(1).get("outcome").asText() + " "
                + entries.get(1).get("status").asText() + " " + entries.get(1).get("caller").asText());
        assertEquals("AKIDQUERY", entries.get(2).get("caller").asText());
        assertEquals("lost", entries.get(3).get("outcome").asText());
        assertTrue(!Files.readString(file).contains("secret"), Files.readString(file));
    }

    /** Statuses and names are those of ebs/2019-11-02. Every API refuses a signature that is too old in the same way. */
    @ParameterizedTest
    @CsvSource({"THROTTLED,400 RequestThrottledException", "SERVER_ERROR,500 InternalServerException",
        "DENIED,403 AccessDeniedException", "CLOCK_SKEW,403 InvalidSignatureException"})
    void the_direct_apis_fail_in_their_own_words(Fault.Kind kind, String expected) throws Exception {
        Cloud cloud = start(THREE.plus(DONE));
        cloud.fault(Fault.next("ListSnapshotBlocks", kind));
        URI blocks = cloud.endpoint().resolve("/snapshots/" + DONE.id() + "/blocks");
        HttpURLConnection refused = (HttpURLConnection) blocks.toURL().openConnection();
        assertEquals(expected, refused.getResponseCode() + " " + refused.getHeaderField("x-amzn-errortype"));
        assertTrue(new ObjectMapper().readTree(refused.getErrorStream()).has("Message"));
        assertEquals(200, ((HttpURLConnection) blocks.toURL().openConnection()).getResponseCode());
        assertEquals(List.of("ListSnapshotBlocks " + expected.split(" ")[1], "ListSnapshotBlocks ok"),
                cloud.journal().stream().map(r -> r.action() + " " + r.outcome()).toList());
        assertEquals(Map.of("Path", blocks.getPath()), cloud.journal().get(1).parameters());
    }

    @Test
    void a_journal_that_cannot_be_written_stops_the_cloud_from_starting(@TempDir Path folder) {
        UncheckedIOException cannot = assertThrows(UncheckedIOException.class,
                () -> start(THREE, settings().journal(folder.resolve("none/journal"))));
        assertTrue(cannot.getCause().getMessage().contains("none"), cannot.toString());
    }

    private static String seen(Ec2Client ec2) {
        Volume volume = ec2.describeVolumes(r -> r.volumeIds(MAIN_A)).volumes().get(0);
        return volume.tags().stream().map(t -> t.key()).toList().toString();
    }
}
