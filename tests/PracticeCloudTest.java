import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.Fault;
import practice.Settings;
import practice.World;
import practice.Worlds;
import report.Console;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateSnapshotResponse;
import software.amazon.awssdk.services.ec2.model.CreateSnapshotsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeLockedSnapshotsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSnapshotsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeTagsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVolumesResponse;
import software.amazon.awssdk.services.ec2.model.LockSnapshotResponse;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.ec2.model.SnapshotInfo;
import software.amazon.awssdk.services.ec2.model.SnapshotState;
import software.amazon.awssdk.services.ec2.model.Volume;

class PracticeCloudTest extends PracticeFixture {

    private static final String MAIN_A = Worlds.volumeId(Worlds.CLUSTER, "main", "a");
    private static final String EVENTS_A = Worlds.volumeId(Worlds.CLUSTER, "events", "a");
    private static final String INSTANCE_A = Worlds.instanceId(Worlds.CLUSTER, "a");
    private static final World THREE = Worlds.named("three-masters");
    private static final String ROOT_A = THREE.volumes().stream()
            .filter(v -> v.attachedTo().equals(INSTANCE_A) && v.device().equals("/dev/xvda")).findFirst().orElseThrow()
            .id();
    private static final World.Snapshot OLD = World.Snapshot.of("snap-0123456789abcdef0", THREE.volume(MAIN_A),
            START.minus(Duration.ofDays(1)));

    private static final String CREATING = Worlds.id("vol", "creating");
    private static final String ERROR = Worlds.id("vol", "error");
    private static final String FULL = Worlds.id("vol", "full");
    private static final String I_FULL = Worlds.id("i", "full");
    private static final String TERMINATED = Worlds.id("i", "terminated");
    private static final String FAILED = Worlds.id("snap", "failed");

    // The requests in the tables name ids as {main-a}, and leave out the version of the action.

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what is not modelled
            Version=2016-11-15                                                   | 400 | MissingAction
            Action=ModifyVolume                                                  | 400 | InvalidAction
            Action=DescribeVolumes&Version=2013-10-15                            | 400 | NoSuchVersion
            Action=DescribeVolumes&IncludeManagedResources=true                  | 400 | UnknownParameter
            Action=CreateSnapshot&VolumeId={main-a}&OutpostArn=x                 | 400 | UnknownParameter
            Action=GetCallerIdentity&Version=2011-06-15&DryRun=true              | 400 | UnknownParameter
            Action=Describe%Volumes                                              | 400 | MalformedQueryString
            # filters
            Action=DescribeVolumes&Filter.1.Name=colour&Filter.1.Value.1=red     | 400 | InvalidParameterValue
            Action=DescribeAvailabilityZones&Filter.1.Name=tag:a&Filter.1.Value.1=b | 400 | InvalidParameterValue
            Action=DescribeVolumes&Filter.1.Name=size                            | 400 | InvalidParameterValue
            Action=DescribeVolumes&Filter.1.Value.1=20                           | 400 | MissingParameter
            Action=DescribeVolumes&{201-values}                                  | 400 | FilterLimitExceeded
            # ids
            Action=DescribeVolumes&VolumeId.1=foo                                | 400 | InvalidParameterValue
            Action=DescribeVolumes&VolumeId.1=vol-xyz                            | 400 | InvalidVolumeID.Malformed
            Action=DescribeVolumes&VolumeId.1={main-a}&VolumeId.2=vol-0123456789abcdef1 | 400 | InvalidVolume.NotFound
            Action=DescribeSnapshots&SnapshotId.1={main-a}                       | 400 | InvalidParameterValue
            Action=DescribeSnapshots&SnapshotId.1=snap-1                         | 400 | InvalidSnapshotID.Malformed
            Action=DescribeSnapshots&SnapshotId.1=snap-0123456789abcdef1         | 400 | InvalidSnapshot.NotFound
            Action=DescribeInstances&InstanceId.1=x                              | 400 | InvalidInstanceID.Malformed
            Action=DescribeInstances&InstanceId.1=i-0123456789abcdef1            | 400 | InvalidInstanceID.NotFound
            Action=DescribeAvailabilityZones&ZoneName.1=eu-central-1z            | 400 | InvalidParameterValue
            Action=DescribeSnapshots&Owner.1=me                                  | 400 | InvalidUserID.Malformed
            # paging
            Action=DescribeVolumes&MaxResults=4                                  | 400 | InvalidParameterValue
            Action=DescribeVolumes&MaxResults=many                               | 400 | InvalidParameterValue
            Action=DescribeVolumes&NextToken=bogus                               | 400 | InvalidParameterValue
            Action=DescribeVolumes&MaxResults=5&VolumeId.1={main-a}              | 400 | InvalidParameterCombination
            Action=DescribeInstances&MaxResults=5&InstanceId.1={i-a}             | 400 | InvalidParameterCombination
            # DryRun
            Action=DescribeVolumes&DryRun=maybe                                  | 400 | InvalidParameterValue
            Action=DescribeVolumes&DryRun=true                                   | 412 | DryRunOperation
            Action=CreateSnapshot&VolumeId={main-a}&DryRun=true                  | 412 | DryRunOperation
            Action=CreateSnapshots&InstanceSpecification.InstanceId={i-a}&DryRun=true | 412 | DryRunOperation
            Action=CreateTags&ResourceId.1={main-a}&Tag.1.Key=a&DryRun=true      | 412 | DryRunOperation
            Action=DeleteTags&ResourceId.1={main-a}&DryRun=true                  | 412 | DryRunOperation
            # CreateSnapshot
            Action=CreateSnapshot                                                | 400 | MissingParameter
            Action=CreateSnapshot&VolumeId=vol-0123456789abcdef1                 | 400 | InvalidVolume.NotFound
            Action=CreateSnapshot&VolumeId={creating}                            | 400 | IncorrectState
            Action=CreateSnapshot&VolumeId={error}                               | 400 | IncorrectState
            Action=CreateSnapshot&VolumeId={main-a}&{spec}volume&{spec-tag}a     | 400 | InvalidParameterValue
            Action=CreateSnapshot&VolumeId={main-a}&{spec-tag}a                  | 400 | InvalidParameterValue
            Action=CreateSnapshot&VolumeId={main-a}&{spec}snapshot&{spec-tag}aws:a | 400 | InvalidParameterValue
            Action=CreateSnapshot&VolumeId={main-a}&{spec}snapshot&{51-spec-tags} | 400 | TagLimitExceeded
            # CreateSnapshots
            Action=CreateSnapshots                                               | 400 | MissingParameter
            Action=CreateSnapshots&{of}i-0123456789abcdef1                       | 400 | InvalidInstanceID.NotFound
            Action=CreateSnapshots&{of}{terminated}                              | 400 | IncorrectInstanceState
            Action=CreateSnapshots&{of}{i-a}&CopyTagsFromSource=instance         | 400 | InvalidParameterValue
            Action=CreateSnapshots&{of}{i-a}&{exclude}1={root-a}                 | 400 | InvalidParameterValue
            Action=CreateSnapshots&{of}{i-a}&{exclude}1={main-b}                 | 400 | InvalidParameterValue
            Action=CreateSnapshots&{of}{i-a}&{41-excluded}                       | 400 | InvalidParameterValue
            Action=CreateSnapshots&{of}{i-a}&{no-root}&{exclude-data} | 400 | InvalidParameterValue
            Action=CreateSnapshots&{of}{i-full}&{copy}&{spec}snapshot&{spec-tag}a | 400 | TagLimitExceeded
            # tags
            Action=CreateTags&ResourceId.1={main-a}                              | 400 | MissingParameter
            Action=CreateTags&ResourceId.1={main-a}&Tag.1.Key=a                  | 400 | InvalidParameterValue
            Action=CreateTags&Tag.1.Key=a&Tag.1.Value=                           | 400 | MissingParameter
            Action=CreateTags&ResourceId.1=sg-1&Tag.1.Key=a&Tag.1.Value=         | 400 | InvalidID
            Action=CreateTags&ResourceId.1={main-a}&Tag.1.Key=AWS:a&Tag.1.Value= | 400 | InvalidParameterValue
            {tag-main-a}Tag.1.Key=a&Tag.1.Value=&Tag.2.Key=a&Tag.2.Value= | 400 | InvalidParameterValue
            Action=CreateTags&ResourceId.1={main-a}&Tag.1.Key={129}&Tag.1.Value= | 400 | InvalidParameterValue
            Action=CreateTags&ResourceId.1={main-a}&Tag.1.Key=a&Tag.1.Value={129}{129} | 400 | InvalidParameterValue
            {tag-main-a}ResourceId.2={no-volume}&Tag.1.Key=a&Tag.1.Value= | 400 | InvalidVolume.NotFound
            Action=CreateTags&ResourceId.1={main-a}&ResourceId.2={full}&Tag.1.Key=a&Tag.1.Value= | 400 | TagLimitExceeded
            Action=CreateTags&{1001-resources}&Tag.1.Key=a&Tag.1.Value=          | 400 | InvalidParameterValue
            Action=DeleteTags&Tag.1.Key=a                                        | 400 | MissingParameter
            Action=DeleteTags&ResourceId.1={full}&Tag.1.Key=aws:system           | 400 | InvalidParameterValue
            Action=DeleteTags&ResourceId.1={main-a}&ResourceId.2=snap-0123456789abcdef1 | 400 | InvalidSnapshot.NotFound
            Action=DeleteTags&ResourceId.1={main-a}&Tag.1.Key=                   | 400 | InvalidParameterValue
            # locks
            Action=LockSnapshot&SnapshotId={old}                                 | 400 | MissingParameter
            {lock}soft&LockDuration=1    | 400 | InvalidParameterValue
            {lock}governance             | 400 | InvalidParameterCombination
            {lock}governance&LockDuration=36501 | 400 | InvalidParameterValue
            {lock}governance&LockDuration=1&CoolOffPeriod=1 | 400 | InvalidParameterCombination
            {lock}compliance&LockDuration=1&CoolOffPeriod=73 | 400 | InvalidParameterValue
            {lock}governance&ExpirationDate=2026-11-21T03:00:00Z | 400 | InvalidParameterValue
            Action=LockSnapshot&SnapshotId={failed}&LockMode=governance&LockDuration=1 | 400 | IncorrectState
            """)
    void refuses_in_EC2s_words_and_changes_nothing(String form, int status, String code) throws Exception {
        Cloud cloud = start(crowded());
        List<World.Volume> volumes = cloud.volumes();
        List<World.Snapshot> snapshots = cloud.snapshots();
        Answer answer = ask(cloud, form);
        assertEquals(status + " " + code, answer.status() + " " + answer.text("Code"), answer.body());
        assertEquals(form.contains("2011-06-15") ? "ErrorResponse" : "Response", answer.xml().getNodeName());
        assertEquals(code, cloud.journal().get(0).outcome());
        assertEquals(volumes, cloud.volumes());
        assertEquals(snapshots, cloud.snapshots());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DescribeVolumes   | tag:Name=a.etcd-*                                           | 2
            DescribeVolumes   | tag:Name=A.etcd-*                                           | 0
            DescribeVolumes   | tag:Name=?.etcd-main.*                                      | 3
            DescribeVolumes   | tag:Name=\\?.etcd-main.*                                    | 0
            DescribeVolumes   | tag:name=*                                                  | 0
            DescribeVolumes   | tag:star=\\*                                                | 1
            DescribeVolumes   | tag:star=?                                                  | 2
            DescribeVolumes   | tag-key=k8s.io/etcd/main                                    | 3
            DescribeVolumes   | tag-key=k8s.io/etcd/main,k8s.io/etcd/events                 | 6
            DescribeVolumes   | tag-key=k8s.io/etcd/*; availability-zone=eu-central-1b      | 2
            DescribeVolumes   | volume-id={main-a},{events-a},vol-0123456789abcdef1         | 2
            DescribeVolumes   | status=in-use                                               | 10
            DescribeVolumes   | status=available; volume-type=st1                           | 1
            DescribeVolumes   | size=20; encrypted=true; create-time=2026-02-*              | 6
            DescribeVolumes   | attachment.instance-id={i-a}                                | 3
            DescribeVolumes   | attachment.device=/dev/xvdu; attachment.status=attached     | 3
            DescribeVolumes   | attachment.delete-on-termination=true                       | 3
            DescribeVolumes   | snapshot-id={old}; availability-zone-id=euc1-az2            | 1
            DescribeInstances | instance-state-name=running                                 | 3
            DescribeInstances | instance-state-code=48                                      | 1
            DescribeInstances | tag-key=k8s.io/role/master; availability-zone=eu-central-1a | 1
            DescribeInstances | block-device-mapping.volume-id={events-a}                   | 1
            DescribeSnapshots | volume-id={main-a}; status=completed; storage-tier=standard | 1
            DescribeSnapshots | start-time=2026-11-20T02:00:00.000Z; volume-size=20         | 1
            DescribeSnapshots | owner-id=123456789012; status=error,completed               | 2
            DescribeTags      | resource-id={main-a}; key=k8s.io/*                          | 3
            DescribeTags      | resource-type=snapshot; tag:Name=*                          | 1
            DescribeTags      | value=owned                                                 | 10
            DescribeAvailabilityZones | zone-name=eu-central-1?; state=available            | 3
            DescribeAvailabilityZones | zone-id=euc1-az3                                    | 1
            """)
    void values_of_a_filter_are_alternatives_and_filters_add_up(String action, String filters, int count)
            throws Exception {
        Cloud cloud = start(crowded());
        StringBuilder form = new StringBuilder("Action=" + action);
        String[] all = filters.split(";");
        for (int f = 1; f <= all.length; f++) {
            String[] filter = all[f - 1].trim().split("=", 2);
            String[] values = filter[1].split(",");
            form.append("&Filter.").append(f).append(".Name=").append(filter[0]);
            for (int v = 1; v <= values.length; v++) {
                form.append("&Filter.").append(f).append(".Value.").append(v).append('=').append(values[v - 1]);
            }
        }
        Answer answer = ask(cloud, form.toString());
        assertEquals(200, answer.status(), answer.body());
        assertEquals(count, answer.items());
    }

    @ParameterizedTest
    @CsvSource({"Owner.1=self,2", "Owner.1=123456789012,2", "Owner.1=amazon,0", "Owner.1=amazon&Owner.2=self,2",
        "RestorableBy.1=self,2", "RestorableBy.1=all,0", "RestorableBy.1=210987654321,0", "SnapshotId.1={old},1"})
    void snapshots_are_scoped_by_owner_and_by_who_may_restore(String scope, int count) throws Exception {
        assertEquals(count, ask(start(crowded()), "Action=DescribeSnapshots&" + scope).items());
    }

    @Test
    void every_volume_comes_once_over_all_pages() {
        Ec2Client ec2 = client(start(Worlds.named("five-masters")));
        List<String> ids = ec2.describeVolumesPaginator(r -> r.maxResults(5)).volumes().stream()
                .map(Volume::volumeId).toList();
        assertEquals(15, ids.size());
        assertEquals(15, ids.stream().distinct().count());
        assertEquals(5, ec2.describeInstancesPaginator(r -> r.maxResults(5)).reservations().stream().count());
        assertEquals(85, ec2.describeTagsPaginator(r -> r.maxResults(7)).tags().stream().distinct().count());
    }

    @Test
    void a_full_page_has_a_token_even_when_nothing_follows() {
        Ec2Client ec2 = client(start(Worlds.named("five-masters")));
        DescribeInstancesResponse full = ec2.describeInstances(r -> r.maxResults(5));
        DescribeInstancesResponse next = ec2.describeInstances(r -> r.maxResults(5).nextToken(full.nextToken()));
        assertEquals(5, full.reservations().size());
        assertEquals(List.of(), next.reservations());
        assertEquals(null, next.nextToken());
    }

    @Test
    void a_token_is_good_for_its_own_request_only() {
        Ec2Client ec2 = client(start(THREE));
        String token = ec2.describeVolumes(r -> r.maxResults(5)).nextToken();
        assertEquals(4, ec2.describeVolumes(r -> r.maxResults(6).nextToken(token)).volumes().size());
        assertEquals("InvalidParameterValue", code(() -> ec2.describeVolumes(r -> r.maxResults(5).nextToken(token)
                .filters(f -> f.name("size").values("20")))));
        assertEquals("InvalidParameterValue", code(() -> ec2.describeTags(r -> r.nextToken(token))));
    }

    @Test
    void a_page_cap_gives_tokens_to_those_who_did_not_ask() {
        Ec2Client ec2 = client(start(THREE, settings().pageCap(4)));
        assertEquals(4, ec2.describeVolumes().volumes().size());
        assertEquals(9, ec2.describeVolumesPaginator().volumes().stream().count());
    }

    @Test
    void the_sdk_reads_what_the_world_says() {
        Cloud cloud = start(THREE);
        Ec2Client ec2 = client(cloud);
        Volume volume = ec2.describeVolumes(r -> r.volumeIds(MAIN_A)).volumes().get(0);
        World.Volume wanted = THREE.volume(MAIN_A);
        Map<String, String> tags = new HashMap<>();
        volume.tags().forEach(tag -> tags.put(tag.key(), tag.value()));
        assertEquals(wanted, new World.Volume(volume.volumeId(), volume.availabilityZone(), volume.size(),
                volume.volumeTypeAsString(), volume.iops(), volume.throughput(), volume.encrypted(),
                volume.kmsKeyId(), volume.snapshotId(), volume.stateAsString(), volume.createTime(), tags,
                volume.attachments().get(0).instanceId(), volume.attachments().get(0).device()));
        var instance = ec2.describeInstances(r -> r.instanceIds(INSTANCE_A)).reservations().get(0).instances().get(0);
        assertEquals("eu-central-1a", instance.placement().availabilityZone());
        assertEquals("running", instance.state().nameAsString());
        assertEquals(List.of("/dev/xvda", "/dev/xvdu", "/dev/xvdv"), instance.blockDeviceMappings().stream()
                .map(m -> m.deviceName()).sorted().toList());
        assertEquals("/dev/xvda", instance.rootDeviceName());
    }

    @Test
    void who_am_I_is_answered_in_the_form_of_STS() throws Exception {
        Cloud cloud = start(THREE);
        Answer answer = ask(cloud, "Action=GetCallerIdentity&Version=2011-06-15");
        assertEquals("123456789012", answer.text("Account"));
        cloud.fault(Fault.next("GetCallerIdentity", Fault.Kind.DENIED));
        Answer denied = ask(cloud, "Action=GetCallerIdentity&Version=2011-06-15");
        assertEquals("403 ErrorResponse", denied.status() + " " + denied.xml().getNodeName());
    }

    @Test
    void a_snapshot_is_pending_with_progress_and_then_completed() {
        Cloud cloud = start(THREE);
        Ec2Client ec2 = client(cloud);
        CreateSnapshotResponse made = ec2.createSnapshot(r -> r.volumeId(MAIN_A).description("before")
                .tagSpecifications(t -> t.resourceType("snapshot").tags(k -> k.key("a").value("<&\"\u00e9\r\n>"))));
        assertEquals("pending 0% 20 true before", made.stateAsString() + " " + made.progress() + " "
                + made.volumeSize() + " " + made.encrypted() + " " + made.description());
        assertEquals(THREE.volume(MAIN_A).kmsKeyId(), made.kmsKeyId());
        assertEquals(START, made.startTime());
        cloud.clock().advance(Duration.ofSeconds(4));
        assertEquals("pending 50%", progress(ec2, made.snapshotId()));
        cloud.clock().advance(Duration.ofMillis(3999));
        assertEquals("pending 99%", progress(ec2, made.snapshotId()));
        cloud.clock().advance(Duration.ofMillis(1));
        assertEquals("completed 100%", progress(ec2, made.snapshotId()));
        assertEquals("<&\"\u00e9\r\n>", cloud.snapshots().get(0).tags().get("a"));
        assertEquals("<&\"\u00e9\r\n>", ec2.describeTags(r -> r.filters(f -> f.name("key").values("a"))).tags().get(0)
                .value());
    }

    @Test
    void a_volume_is_creating_before_it_can_be_snapshotted() {
        Cloud cloud = start(THREE.withVolume(MAIN_A, v -> v.detached().state("creating")));
        Ec2Client ec2 = client(cloud);
        assertEquals("IncorrectState", code(() -> ec2.createSnapshot(r -> r.volumeId(MAIN_A))));
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("available", ec2.describeVolumes(r -> r.volumeIds(MAIN_A)).volumes().get(0).stateAsString());
        ec2.createSnapshot(r -> r.volumeId(MAIN_A));
    }

    @Test
    void one_call_snapshots_the_volumes_of_an_instance_at_one_instant() {
        Cloud cloud = start(THREE.withVolume(MAIN_A, v -> v.tag("aws:system", "x").tag("mine", "old")));
        CreateSnapshotsResponse made = client(cloud).createSnapshots(r -> r
                .instanceSpecification(i -> i.instanceId(INSTANCE_A).excludeBootVolume(true))
                .copyTagsFromSource("volume")
                .tagSpecifications(t -> t.resourceType("snapshot").tags(k -> k.key("mine").value("new"))));
        assertEquals(List.of(MAIN_A, EVENTS_A).stream().sorted().toList(),
                made.snapshots().stream().map(SnapshotInfo::volumeId).toList());
        assertEquals(List.of(START, START), made.snapshots().stream().map(SnapshotInfo::startTime).toList());
        assertEquals(List.of(SnapshotState.PENDING, SnapshotState.PENDING),
                made.snapshots().stream().map(SnapshotInfo::state).toList());
        Map<String, String> expected = new TreeMap<>(THREE.volume(MAIN_A).tags());
        expected.put("mine", "new");
        assertEquals(expected, new TreeMap<>(snapshotOf(cloud, MAIN_A).tags()));
    }

    @Test
    void the_root_volume_is_taken_and_nothing_is_copied_unless_asked() {
        Cloud cloud = start(THREE);
        CreateSnapshotsResponse made = client(cloud).createSnapshots(r -> r
                .instanceSpecification(i -> i.instanceId(INSTANCE_A).excludeDataVolumeIds(EVENTS_A)));
        assertEquals(List.of(MAIN_A, ROOT_A).stream().sorted().toList(),
                made.snapshots().stream().map(SnapshotInfo::volumeId).toList());
        assertEquals(Map.of(), snapshotOf(cloud, MAIN_A).tags());
    }

    @Test
    void a_volume_is_snapshotted_once_in_fifteen_seconds() {
        Cloud cloud = start(THREE);
        Ec2Client ec2 = client(cloud);
        ec2.createSnapshot(r -> r.volumeId(MAIN_A));
        cloud.clock().advance(Duration.ofMillis(14_999));
        assertEquals("SnapshotCreationPerVolumeRateExceeded", code(() -> ec2.createSnapshot(r -> r.volumeId(MAIN_A))));
        assertEquals("SnapshotCreationPerVolumeRateExceeded", code(() -> ec2.createSnapshots(r -> r
                .instanceSpecification(i -> i.instanceId(INSTANCE_A)))));
        assertEquals(1, cloud.snapshots().size());
        ec2.createSnapshot(r -> r.volumeId(EVENTS_A));
        cloud.clock().advance(Duration.ofMillis(1));
        ec2.createSnapshot(r -> r.volumeId(MAIN_A));
    }

    @ParameterizedTest
    @CsvSource({"gp3,5", "st1,1"})
    void a_volume_has_few_snapshots_pending_and_failed_ones_count(String type, int most) {
        Cloud cloud = start(THREE.withVolume(MAIN_A, v -> v.type(type, 0, 0)),
                settings().snapshotSpacing(Duration.ZERO));
        Ec2Client ec2 = client(cloud);
        cloud.fault(Fault.next("CreateSnapshot", Fault.Kind.SNAPSHOT_FAILS));
        IntStream.range(0, most).forEach(n -> ec2.createSnapshot(r -> r.volumeId(MAIN_A)));
        assertEquals("ConcurrentSnapshotLimitExceeded", code(() -> ec2.createSnapshot(r -> r.volumeId(MAIN_A))));
        cloud.clock().advance(Duration.ofSeconds(8));
        IntStream.range(0, most - 1).forEach(n -> ec2.createSnapshot(r -> r.volumeId(MAIN_A)));
        assertEquals("ConcurrentSnapshotLimitExceeded", code(() -> ec2.createSnapshot(r -> r.volumeId(MAIN_A))));
    }

    @Test
    void tags_are_added_overwritten_and_deleted_as_the_value_given_says() throws Exception {
        Cloud cloud = start(THREE.withVolume(MAIN_A, v -> v.tags(Map.of("aws:system", "x", "a", "1", "b", ""))));
        ask(cloud, "{tag-main-a}ResourceId.2={i-a}&Tag.1.Key=a&Tag.1.Value=2&Tag.2.Key=c&Tag.2.Value=");
        assertTags(cloud, Map.of("aws:system", "x", "a", "2", "b", "", "c", ""));
        ask(cloud, "Action=DeleteTags&ResourceId.1={main-a}&Tag.1.Key=a&Tag.1.Value=&Tag.2.Key=none");
        assertTags(cloud, Map.of("aws:system", "x", "a", "2", "b", "", "c", ""));
        ask(cloud, "Action=DeleteTags&ResourceId.1={main-a}&Tag.1.Key=a&Tag.2.Key=b&Tag.2.Value=");
        assertTags(cloud, Map.of("aws:system", "x", "c", ""));
        ask(cloud, "Action=DeleteTags&ResourceId.1={main-a}");
        assertTags(cloud, Map.of("aws:system", "x"));
        assertEquals(1, ask(cloud, "Action=DescribeTags&Filter.1.Name=key&Filter.1.Value.1=c").items());
    }

    @Test
    void fifty_tags_fit_and_those_of_AWS_do_not_count() throws Exception {
        Cloud cloud = start(crowded());
        assertEquals(200, ask(cloud, "Action=CreateTags&ResourceId.1={full}&Tag.1.Key=t1&Tag.1.Value=new").status());
        World.Volume full = cloud.volumes().stream().filter(v -> v.tags().containsKey("t50")).findFirst().orElseThrow();
        assertEquals(51, full.tags().size());
        assertEquals("new", full.tags().get("t1"));
    }

    @Test
    void a_lock_cools_off_holds_and_expires() {
        Cloud cloud = start(THREE);
        Ec2Client ec2 = client(cloud);
        String id = ec2.createSnapshot(r -> r.volumeId(MAIN_A)).snapshotId();
        LockSnapshotResponse lock = ec2.lockSnapshot(r -> r.snapshotId(id).lockMode("compliance").lockDuration(3)
                .coolOffPeriod(2));
        assertEquals(START.plus(Duration.ofHours(2)), lock.coolOffPeriodExpiresOn());
        assertEquals(START.plusSeconds(8), lock.lockDurationStartTime(), "it starts when the snapshot is completed");
        assertEquals("compliance-cooloff", lockState(ec2, id));
        cloud.clock().advance(Duration.ofHours(2));
        assertEquals("compliance", lockState(ec2, id));
        assertEquals("IncorrectState", code(() -> ec2.lockSnapshot(r -> r.snapshotId(id).lockMode("governance")
                .lockDuration(9))));
        assertEquals("IncorrectState", code(() -> ec2.lockSnapshot(r -> r.snapshotId(id).lockMode("compliance")
                .lockDuration(1))));
        ec2.lockSnapshot(r -> r.snapshotId(id).lockMode("compliance").lockDuration(4));
        cloud.clock().advance(Duration.ofDays(4));
        assertEquals("expired", lockState(ec2, id));
        assertEquals(0, ec2.describeLockedSnapshots(r -> r.filters(f -> f.name("lock-state").values("governance")))
                .snapshots().size());
    }

    @ParameterizedTest
    @CsvSource({"THROTTLED,503,RequestLimitExceeded,0", "SERVER_ERROR,500,InternalError,0",
        "DENIED,403,UnauthorizedOperation,0", "SERVER_ERROR_AFTER_EFFECT,500,InternalError,1"})
    void a_fault_answers_with_its_code_once_and_says_nothing_of_the_effect(Fault.Kind kind, int status, String code,
                                                                         int effects) throws Exception {
        Cloud cloud = start(THREE, settings().snapshotSpacing(Duration.ZERO));
        cloud.fault(Fault.next("CreateSnapshot", kind));
        Answer answer = ask(cloud, "Action=CreateSnapshot&VolumeId={main-a}");
        assertEquals(status + " " + code, answer.status() + " " + answer.text("Code"));
        assertEquals(effects, cloud.snapshots().size());
        assertEquals(200, ask(cloud, "Action=CreateSnapshot&VolumeId={main-a}").status());
    }

    @ParameterizedTest
    @EnumSource(names = {"REPLY_LOST", "REPLY_CUT"})
    void a_broken_reply_leaves_the_effect_and_the_client_without_an_answer(Fault.Kind kind) {
        Cloud cloud = start(THREE);
        Ec2Client ec2 = client(cloud);
        ec2.describeVolumes();
        cloud.fault(Fault.next("CreateSnapshot", kind));
        assertThrows(SdkClientException.class, () -> ec2.createSnapshot(r -> r.volumeId(MAIN_A)));
        assertEquals(1, cloud.snapshots().size());
        assertEquals(9, ec2.describeVolumes().volumes().size());
    }

    @Test
    void a_fault_hits_the_calls_it_names_and_no_other() {
        Cloud cloud = start(THREE);
        cloud.fault(Fault.nth(2, "DescribeVolumes", Fault.Kind.SERVER_ERROR));
        cloud.fault(Fault.next(2, "DescribeInstances", Fault.Kind.THROTTLED));
        Ec2Client ec2 = client(cloud);
        List<String> seen = Stream.of(1, 2, 3).flatMap(n -> Stream.of(code(ec2::describeVolumes),
                code(ec2::describeInstances))).toList();
        assertEquals(List.of("", "RequestLimitExceeded", "InternalError", "RequestLimitExceeded", "", ""), seen);
    }

    @Test
    void one_failing_snapshot_fails_its_whole_set() {
        Cloud cloud = start(THREE);
        cloud.fault(Fault.next("CreateSnapshots", Fault.Kind.SNAPSHOT_FAILS));
        client(cloud).createSnapshots(r -> r.instanceSpecification(i -> i.instanceId(INSTANCE_A)));
        cloud.clock().advance(Duration.ofSeconds(8));
        assertEquals(List.of("error", "error", "error"),
                cloud.snapshots().stream().map(World.Snapshot::state).toList());
    }

    @Test
    void copying_tags_can_be_ignored() {
        Cloud cloud = start(THREE);
        cloud.fault(Fault.next("CreateSnapshots", Fault.Kind.TAGS_IGNORED));
        client(cloud).createSnapshots(r -> r.instanceSpecification(i -> i.instanceId(INSTANCE_A))
                .copyTagsFromSource("volume")
                .tagSpecifications(t -> t.resourceType("snapshot").tags(k -> k.key("mine").value("x"))));
        assertEquals(Map.of("mine", "x"), snapshotOf(cloud, MAIN_A).tags());
    }

    @Test
    void a_stale_read_misses_what_was_just_made_for_a_while() {
        Cloud cloud = start(THREE);
        cloud.fault(Fault.stale("CreateSnapshot", Duration.ofSeconds(3)));
        Ec2Client ec2 = client(cloud);
        String id = ec2.createSnapshot(r -> r.volumeId(MAIN_A)).snapshotId();
        assertEquals("InvalidSnapshot.NotFound", code(() -> ec2.describeSnapshots(r -> r.snapshotIds(id))));
        assertEquals(0, ec2.describeSnapshots(r -> r.ownerIds("self")).snapshots().size());
        assertEquals(0, ec2.describeTags(r -> r.filters(f -> f.name("resource-id").values(id))).tags().size());
        assertEquals(1, cloud.snapshots().size());
        cloud.clock().advance(Duration.ofSeconds(3));
        assertEquals(1, ec2.describeSnapshots(r -> r.snapshotIds(id)).snapshots().size());
    }

    @Test
    void a_fault_that_cannot_happen_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> Fault.next("DescribeVolumes", Fault.Kind.SNAPSHOT_FAILS));
        assertThrows(IllegalArgumentException.class, () -> Fault.next("CreateSnapshot", Fault.Kind.TAGS_IGNORED));
        assertThrows(IllegalArgumentException.class, () -> Fault.next("CreateSnapshot", Fault.Kind.STALE_READS));
        Cloud cloud = start(THREE);
        assertThrows(IllegalArgumentException.class,
                () -> cloud.fault(Fault.next("DescribeVolume", Fault.Kind.THROTTLED)));
    }

    @Test
    void the_journal_tells_what_was_asked_but_no_secret() throws Exception {
        Cloud cloud = start(THREE);
        ask(cloud, "Action=DescribeVolumes&VolumeId.1={main-a}&X-Amz-Signature=secret&AWSAccessKeyId=secret");
        client(cloud).describeInstances();
        assertEquals(List.of("DescribeVolumes {VolumeId.1=" + MAIN_A + "} ok 200 ", "DescribeInstances {} ok 200 practice"),
                cloud.journal().stream().map(r -> r.action() + " " + r.parameters() + " " + r.outcome() + " "
                        + r.status() + " " + r.caller()).toList());
        assertEquals(START, cloud.journal().get(0).at());
        assertTrue(cloud.journal().get(0).reply().contains("<volumeId>" + MAIN_A), cloud.journal().get(0).reply());
    }

    /** Compares names and types with AWS's own model: the SDK's response classes are made of it. */
    @Test
    void every_element_is_one_that_the_sdk_knows() throws Exception {
        Cloud cloud = start(crowded());
        Map<String, SdkPojo> replies = new LinkedHashMap<>();
        replies.put("CreateSnapshot&VolumeId={main-b}", CreateSnapshotResponse.builder().build());
        replies.put("CreateSnapshots&{of}{i-a}&CopyTagsFromSource=volume", CreateSnapshotsResponse.builder().build());
        replies.put("DescribeAvailabilityZones", DescribeAvailabilityZonesResponse.builder().build());
        replies.put("DescribeInstances", DescribeInstancesResponse.builder().build());
        replies.put("DescribeSnapshots", DescribeSnapshotsResponse.builder().build());
        replies.put("DescribeTags&MaxResults=5", DescribeTagsResponse.builder().build());
        replies.put("DescribeVolumes", DescribeVolumesResponse.builder().build());
        replies.put("LockSnapshot&SnapshotId={old}&LockMode=compliance&LockDuration=1&CoolOffPeriod=1",
                LockSnapshotResponse.builder().build());
        replies.put("DescribeLockedSnapshots", DescribeLockedSnapshotsResponse.builder().build());
        Map<String, SdkPojo> filled = new LinkedHashMap<>();
        replies.forEach((asked, shape) -> filled.put(ids(asked), shape));
        check(cloud, filled);
    }

    @Test
    void the_aws_cli_accepts_it(@TempDir Path folder) throws Exception {
        assumeTrue(isInstalled("aws"), "the AWS CLI is not installed: pip install awscli");
        Ran ran = foreign(start(THREE, Settings.defaults().snapshotTakes(Duration.ZERO)), folder, "sh", "-ec", """
                aws sts get-caller-identity --query Account --output text
                aws ec2 describe-volumes --page-size 5 --query 'length(Volumes)'
                aws ec2 describe-instances --filters Name=tag-key,Values=k8s.io/role/master \
                    --query 'length(Reservations)'
                snaps=$(aws ec2 create-snapshots --copy-tags-from-source volume --output text \
                    --instance-specification InstanceId={i-a},ExcludeBootVolume=true --query 'Snapshots[].SnapshotId')
                aws ec2 wait snapshot-completed --snapshot-ids $snaps
                aws ec2 create-tags --resources $snaps --tags Key=set,Value=1
                aws ec2 describe-snapshots --owner-ids self --filters Name=tag:set,Values=1 Name=tag-key,Values=Name \
                    --query 'length(Snapshots)'
                ! aws ec2 create-snapshot --dry-run --volume-id {main-a} 2>&1 | grep -o DryRunOperation
                """);
        assertEquals("123456789012\n9\n3\n2\nDryRunOperation\n", ran.output());
    }

    @Test
    void boto3_accepts_it(@TempDir Path folder) throws Exception {
        Cloud cloud = start(THREE);
        assumeTrue(isInstalled("python3") && foreign(cloud, folder, "python3", "-c", "import boto3").code() == 0,
                "boto3 is not installed: pip install boto3");
        Ran ran = foreign(cloud, folder, "python3", "-c", """
                import boto3
                from botocore.exceptions import ClientError
                ec2 = boto3.client('ec2')
                pages = ec2.get_paginator('describe_volumes').paginate(PaginationConfig={'PageSize': 5})
                print([len(page['Volumes']) for page in pages])
                snapshot = ec2.create_snapshot(VolumeId='{main-a}', TagSpecifications=[
                    {'ResourceType': 'snapshot', 'Tags': [{'Key': 'a', 'Value': '1'}]}])
                print(snapshot['State'], snapshot['Tags'])
                ec2.delete_tags(Resources=[snapshot['SnapshotId']], Tags=[{'Key': 'a'}])
                print(ec2.describe_tags(Filters=[{'Name': 'resource-id', 'Values': [snapshot['SnapshotId']]}])['Tags'])
                print(ec2.lock_snapshot(SnapshotId=snapshot['SnapshotId'], LockMode='governance',
                    LockDuration=1)['LockState'])
                try:
                    ec2.create_snapshot(VolumeId='{main-a}')
                except ClientError as e:
                    print(e.response['Error']['Code'])
                """);
        assertEquals("""
                [5, 4]
                pending [{'Key': 'a', 'Value': '1'}]
                []
                governance
                SnapshotCreationPerVolumeRateExceeded
                """, ran.output());
    }

    @ParameterizedTest
    @CsvSource({"three-masters,6,3", "one-volume-gone,5,3", "two-volumes-gone,4,3", "tags-wrong,6,3", "duplicate-volume,7,3",
        "single-master,2,1", "five-masters,10,5", "kops-1.8,6,3", "kops-1.25,6,3", "with-noise,12,7", "cilium-and-leases,12,3",
        "nodes-gone,6,0", "quorum-lost,4,0"})
    void a_world_is_served_with_its_etcd_volumes_and_running_instances(String name, int volumes, int instances) {
        World world = Worlds.named(name);
        assertEquals(world, Worlds.named(name), "the same on every run");
        Ec2Client ec2 = client(start(world));
        assertEquals(volumes, ec2.describeVolumes(r -> r.filters(f -> f.name("tag-key").values("k8s.io/etcd/*")))
                .volumes().size());
        assertEquals(instances, ec2.describeInstances(r -> r.filters(f -> f.name("instance-state-name")
                .values("running"))).reservations().size());
        assertTrue(world.volumes().stream().allMatch(v -> v.id().matches("vol-0[0-9a-f]{16}")));
    }

    @Test
    void every_world_is_tried_above() {
        assertEquals(List.of("three-masters", "one-volume-gone", "two-volumes-gone", "tags-wrong", "duplicate-volume",
                "single-master", "five-masters", "kops-1.8", "kops-1.25", "with-noise", "cilium-and-leases", "nodes-gone",
                "quorum-lost"),
                Worlds.all().stream().map(World::name).toList());
    }

    @Test
    void a_world_is_found_by_its_former_name_too() {
        assertEquals("duplicate-volume", Worlds.named("old-twin").name());
    }

    @Test
    void kops_1_8_tagged_four_things() {
        assertEquals(Map.of("KubernetesCluster", Worlds.CLUSTER, "Name", "a.etcd-main." + Worlds.CLUSTER,
                "k8s.io/etcd/main", "a/a,b,c", "k8s.io/role/master", "1"),
                Worlds.named("kops-1.8").volume(MAIN_A).tags());
    }

    @Test
    void an_edit_of_what_is_not_there_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> THREE.without("vol-0123456789abcdef1"));
        assertThrows(IllegalArgumentException.class, () -> THREE.withVolume("vol-1", v -> v));
        assertThrows(IllegalArgumentException.class, () -> THREE.plus(THREE.volume(MAIN_A)));
        assertThrows(IllegalArgumentException.class, () -> THREE.withoutInstance("i-1"));
        assertThrows(IllegalArgumentException.class, () -> THREE.withoutSnapshot("snap-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--world nowhere", "--port 70000", "--snapshot-seconds -1", "--nope"})
    void the_script_refuses_wrong_usage_in_two_lines(String args) {
        Ran ran = script(args.split(" "));
        assertEquals(2, ran.code());
        assertTrue(ran.output().matches("Error: .*\nTry: \\./jbang practice-cloud .*\n"), ran.output());
    }

    @Test
    void the_script_lists_the_worlds() {
        Ran ran = script("--list-worlds");
        assertEquals(0, ran.code());
        assertEquals(Worlds.all().size(), ran.output().lines().count());
        assertTrue(ran.output().contains("kops-1.8"));
    }

    @Test
    void the_script_says_when_its_port_is_taken() {
        Ran ran = script("--port", String.valueOf(start(THREE).endpoint().getPort()));
        assertEquals(22, ran.code());
        assertTrue(ran.output().matches("Error: .*in use.*\nTry: \\./jbang practice-cloud .*\n"), ran.output());
    }

    @Test
    void a_command_runs_against_it_only_and_its_code_is_passed_on(@TempDir Path folder) throws Exception {
        Path seen = folder.resolve("env");
        ProcessBuilder builder = process("--world", "single-master", "--", "sh", "-c",
                "env | grep -e ^AWS_ -e ^KOPS_ | sort > '" + seen + "'; exit 7");
        builder.environment().put("AWS_ENDPOINT_URL_EC2", "https://ec2.eu-central-1.amazonaws.com");
        builder.environment().put("AWS_PROFILE", "production");
        Process process = builder.redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(2, TimeUnit.MINUTES).execute(process::destroyForcibly); // a hang is red
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(7, process.waitFor(), output);
        String env = Files.readString(seen);
        assertTrue(env.matches("""
                AWS_ACCESS_KEY_ID=practice
                AWS_DEFAULT_REGION=eu-central-1
                AWS_ENDPOINT_URL=http://127.0.0.1:[0-9]+
                AWS_REGION=eu-central-1
                AWS_SECRET_ACCESS_KEY=practice
                KOPS_CLUSTER_NAME=k8s.mycompany.tld
                """), env);
    }

    @Test
    void without_a_command_it_prints_what_to_paste_and_serves_until_stopped() throws Exception {
        Process process = process().redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader lines = process.inputReader()) {
            String first = lines.readLine();
            assertTrue(first.startsWith("export AWS_ENDPOINT_URL=http://127.0.0.1:"), first);
            HttpURLConnection connection = (HttpURLConnection) URI.create(
                    first.split("=", 2)[1] + "/?Action=DescribeVolumes&Version=2016-11-15").toURL().openConnection();
            assertEquals(200, connection.getResponseCode());
            List<String> rest = Stream.generate(() -> line(lines)).limit(6).toList();
            assertEquals("export KOPS_CLUSTER_NAME=k8s.mycompany.tld", rest.get(4));
            assertTrue(rest.get(5).startsWith("unset AWS_PROFILE "), rest.toString());
            process.toHandle().destroy();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            assertEquals(143, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void the_cloud_outlives_the_command_that_is_stopped_with_it(@TempDir Path folder) throws Exception {
        assumeTrue(isInstalled("curl"), "curl is not installed: apt-get install curl");
        Path last = folder.resolve("last");
        Process process = process("--", "sh", "-c", "trap 'curl -s -o \"" + last + "\" "
                + "-d \"Action=DescribeVolumes&Version=2016-11-15\" $AWS_ENDPOINT_URL; exit 0' TERM; "
                + "echo ready; while :; do sleep 0.05; done").redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader lines = process.inputReader()) {
            assertEquals("ready", lines.readLine());
            process.toHandle().destroy();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            assertTrue(Files.readString(last).contains("<volumeSet>"));
        } finally {
            process.destroyForcibly();
        }
    }

    /** The world three-masters with one of everything that a case needs. */
    private static World crowded() {
        Map<String, String> fifty = new TreeMap<>(Map.of("aws:system", "x"));
        IntStream.rangeClosed(1, 50).forEach(n -> fifty.put("t" + n, ""));
        World.Volume plain = World.Volume.gp3(CREATING, "eu-central-1a", 8, START);
        return THREE
                .plus(new World.Instance(I_FULL, "eu-central-1a", "stopped", "/dev/xvda", Map.of(), START),
                        new World.Instance(TERMINATED, "eu-central-1a", "terminated", "/dev/xvda", Map.of(), START))
                .plus(plain.state("creating"), plain.id(ERROR).state("error"),
                        plain.id(FULL).tags(fifty).attachedTo(I_FULL),
                        plain.id(Worlds.id("vol", "star")).type("st1", 0, 0).tag("star", "*"),
                        plain.id(Worlds.id("vol", "x")).zone("eu-central-1b").fromSnapshot(OLD.id()).tag("star", "x"))
                .plus(OLD, World.Snapshot.of(FAILED, THREE.volume(EVENTS_A), START.minus(Duration.ofDays(2)))
                        .state("error", "10%").tags(Map.of()));
    }

    private static String progress(Ec2Client ec2, String id) {
        Snapshot snapshot = ec2.describeSnapshots(r -> r.snapshotIds(id)).snapshots().get(0);
        return snapshot.stateAsString() + " " + snapshot.progress();
    }

    private static String lockState(Ec2Client ec2, String id) {
        return ec2.describeLockedSnapshots(r -> r.snapshotIds(id)).snapshots().get(0).lockStateAsString();
    }

    private static World.Snapshot snapshotOf(Cloud cloud, String volume) {
        return cloud.snapshots().stream().filter(s -> s.volumeId().equals(volume)).findFirst().orElseThrow();
    }

    private static void assertTags(Cloud cloud, Map<String, String> expected) {
        assertEquals(expected, cloud.volumes().stream().filter(v -> v.id().equals(MAIN_A)).findFirst().orElseThrow()
                .tags());
    }

    private static Answer ask(Cloud cloud, String form) throws IOException {
        return send(cloud, ids(form), "");
    }

    private static String ids(String text) {
        String filled = text
                .replace("{201-values}", "Filter.1.Name=size&" + many(201, "Filter.1.Value.%d=%1$d"))
                .replace("{51-spec-tags}", many(51, "TagSpecification.1.Tag.%d.Key=%1$d"))
                .replace("{41-excluded}", many(41, "InstanceSpecification.ExcludeDataVolumeId.%d=" + MAIN_A))
                .replace("{1001-resources}", many(1001, "ResourceId.%d=" + MAIN_A))
                .replace("{129}", "x".repeat(129))
                .replace("{tag-main-a}", "Action=CreateTags&ResourceId.1={main-a}&")
                .replace("{lock}", "Action=LockSnapshot&SnapshotId={old}&LockMode=")
                .replace("{exclude-data}", "{exclude}1={main-a}&{exclude}2={events-a}")
                .replace("{copy}", "CopyTagsFromSource=volume")
                .replace("{no-volume}", "vol-0123456789abcdef1")
                .replace("{spec}", "TagSpecification.1.ResourceType=")
                .replace("{spec-tag}", "TagSpecification.1.Tag.1.Key=")
                .replace("{of}", "InstanceSpecification.InstanceId=")
                .replace("{exclude}", "InstanceSpecification.ExcludeDataVolumeId.")
                .replace("{no-root}", "InstanceSpecification.ExcludeBootVolume=true");
        Map<String, String> ids = Map.ofEntries(Map.entry("main-a", MAIN_A), Map.entry("events-a", EVENTS_A),
                Map.entry("root-a", ROOT_A), Map.entry("i-a", INSTANCE_A), Map.entry("creating", CREATING),
                Map.entry("error", ERROR), Map.entry("full", FULL), Map.entry("i-full", I_FULL),
                Map.entry("terminated", TERMINATED), Map.entry("old", OLD.id()), Map.entry("failed", FAILED),
                Map.entry("main-b", Worlds.volumeId(Worlds.CLUSTER, "main", "b")));
        for (Map.Entry<String, String> id : ids.entrySet()) {
            filled = filled.replace("{" + id.getKey() + "}", id.getValue());
        }
        return filled;
    }

    private static String many(int n, String format) {
        return IntStream.rangeClosed(1, n).mapToObj(i -> String.format(format, i)).collect(Collectors.joining("&"));
    }

    private static Ran script(String... args) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(both, true, StandardCharsets.UTF_8);
        Console console = new Console(stream, stream, false, false, Map.of(), InstantSource.system());
        return new Ran(PracticeCloud.run(args, console), both.toString(StandardCharsets.UTF_8));
    }

    /** The script as a process of its own. */
    private static ProcessBuilder process(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "PracticeCloud"));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    private static String line(BufferedReader lines) {
        try {
            return lines.readLine();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Ran foreign(Cloud cloud, Path folder, String... command) throws Exception {
        return PracticeFixture.foreign(cloud, folder, Stream.of(command).map(PracticeCloudTest::ids).toList());
    }
}
