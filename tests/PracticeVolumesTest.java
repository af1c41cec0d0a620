import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import disk.Disks;
import disk.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.Fault;
import practice.Workloads;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AttachVolumeResponse;
import software.amazon.awssdk.services.ec2.model.CopySnapshotResponse;
import software.amazon.awssdk.services.ec2.model.CopyVolumesResponse;
import software.amazon.awssdk.services.ec2.model.CreateVolumeResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVolumeStatusResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVolumesResponse;
import software.amazon.awssdk.services.ec2.model.DetachVolumeResponse;
import software.amazon.awssdk.services.ec2.model.LockSnapshotResponse;
import software.amazon.awssdk.services.ec2.model.ModifySnapshotTierResponse;
import software.amazon.awssdk.services.ec2.model.UnlockSnapshotResponse;
import software.amazon.awssdk.services.ec2.model.Volume;
import software.amazon.awssdk.services.ec2.model.VolumeStatusItem;

/** Volumes and snapshots: made, attached, copied, detached, deleted. */
class PracticeVolumesTest extends PracticeFixture {

    private static final World THREE = Worlds.named("three-masters");
    private static final String ZONE = "eu-central-1a";
    private static final String MAIN_A = Worlds.volumeId(Worlds.CLUSTER, "main", "a");
    private static final String I_A = Worlds.instanceId(Worlds.CLUSTER, "a");
    private static final String KEY = Worlds.kmsKey(Worlds.REGION);
    private static final String FREE = Worlds.id("vol", "free");
    private static final String FREE_B = Worlds.id("vol", "free-b");
    private static final String CREATING = Worlds.id("vol", "creating");
    private static final String DONE = Worlds.id("snap", "done");
    private static final String PLAIN = Worlds.id("snap", "plain");
    private static final String PENDING = Worlds.id("snap", "pending");
    private static final String ARCHIVED = Worlds.id("snap", "archived");
    /** If a test gives no URL, the SDK for Java presigns one itself, and needs an endpoint with the region in its name. */
    private static final String SIGNED = "https://ec2.eu-central-1.amazonaws.com/?X-Amz-Signature=secret";
    private static final String ENDED = Worlds.id("i", "ended");

    /** The world three-masters with snapshots in every state, free volumes in two zones and a terminated instance. */
    private static World world() {
        World.Volume main = THREE.volume(MAIN_A);
        World.Volume free = World.Volume.gp3(FREE, ZONE, 20, START);
        World.Snapshot done = World.Snapshot.of(DONE, main, START.minusSeconds(3600));
        return THREE.plus(free, free.id(FREE_B).zone("eu-central-1b"), free.id(CREATING).state("creating"))
                .plus(new World.Instance(ENDED, ZONE, "terminated", "/dev/xvda", Map.of(), START))
                .plus(done, World.Snapshot.of(PLAIN, free, START.minusSeconds(3600)),
                        World.Snapshot.of(PENDING, main, START).state("pending", "0%"),
                        World.Snapshot.of(ARCHIVED, main, START.minusSeconds(7200)).storageTier("archive"));
    }

    private static String ids(String text) {
        return text.replace("{zone}", "AvailabilityZone=" + ZONE).replace("{free}", FREE).replace("{free-b}", FREE_B)
                .replace("{creating}", CREATING).replace("{main-a}", MAIN_A).replace("{i-a}", I_A)
                .replace("{done}", DONE).replace("{plain}", PLAIN).replace("{pending}", PENDING)
                .replace("{archived}", ARCHIVED).replace("{ended}", ENDED).replace("{65}", "x".repeat(65))
                .replace("{attach}", "Action=AttachVolume&InstanceId=" + I_A + "&")
                .replace("{lock}", "Action=LockSnapshot&SnapshotId=" + DONE + "&LockDuration=1&LockMode=");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # CreateVolume
            Action=CreateVolume&Size=20                                        | MissingParameter
            Action=CreateVolume&{zone}                                         | MissingParameter
            Action=CreateVolume&{zone}&AvailabilityZoneId=euc1-az1&Size=20     | InvalidParameterCombination
            Action=CreateVolume&AvailabilityZone=eu-central-1z&Size=20         | InvalidZone.NotFound
            Action=CreateVolume&AvailabilityZoneId=euc1-az9&Size=20            | InvalidZone.NotFound
            Action=CreateVolume&{zone}&Size=20&VolumeType=gp9                  | UnknownVolumeType
            Action=CreateVolume&{zone}&Size=0                                  | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=65537&VolumeType=gp3               | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=16385&VolumeType=gp2               | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=124&VolumeType=st1                 | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=3&VolumeType=io1&Iops=100          | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=1025&VolumeType=standard           | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&VolumeType=gp3&Iops=2999        | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&VolumeType=gp3&Iops=80001       | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&VolumeType=gp3&Iops=10001       | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&VolumeType=gp3&Throughput=124   | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&VolumeType=gp3&Throughput=2001&Iops=9000 | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&VolumeType=gp3&Throughput=751   | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&VolumeType=io1                  | MissingParameter
            Action=CreateVolume&{zone}&Size=20&VolumeType=io1&Iops=1001        | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&Iops=3000                       | InvalidParameterCombination
            Action=CreateVolume&{zone}&Size=20&Throughput=125                  | InvalidParameterCombination
            Action=CreateVolume&{zone}&SnapshotId=snap-0123456789abcdef1       | InvalidSnapshot.NotFound
            Action=CreateVolume&{zone}&SnapshotId={pending}                    | IncorrectState
            Action=CreateVolume&{zone}&SnapshotId={archived}                   | IncorrectState
            Action=CreateVolume&{zone}&SnapshotId={done}&Size=19               | InvalidParameterValue
            Action=CreateVolume&{zone}&SnapshotId={done}&Encrypted=false       | InvalidParameterCombination
            Action=CreateVolume&{zone}&Size=20&KmsKeyId=alias/mine             | InvalidParameterDependency
            Action=CreateVolume&{zone}&Size=20&VolumeInitializationRate=100    | InvalidParameterDependency
            Action=CreateVolume&{zone}&SnapshotId={done}&VolumeInitializationRate=99 | InvalidParameterValue
            Action=CreateVolume&{zone}&SnapshotId={done}&VolumeInitializationRate=301 | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&ClientToken={65}                | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&TagSpecification.1.ResourceType=snapshot | InvalidParameterValue
            Action=CreateVolume&{zone}&Size=20&MultiAttachEnabled=true         | UnknownParameter
            # CopyVolumes
            Action=CopyVolumes                                                 | MissingParameter
            Action=CopyVolumes&SourceVolumeId=vol-0123456789abcdef1            | InvalidVolume.NotFound
            Action=CopyVolumes&SourceVolumeId={creating}                       | IncorrectState
            Action=CopyVolumes&SourceVolumeId={free}&Size=19                   | InvalidParameterValue
            Action=CopyVolumes&SourceVolumeId={free}&Throughput=125            | InvalidParameterCombination
            # AttachVolume
            {attach}VolumeId={free}                                            | MissingParameter
            {attach}VolumeId={free}&Device=/dev/sdf1                           | InvalidParameterValue
            {attach}VolumeId={free}&Device=disk                                | InvalidParameterValue
            {attach}VolumeId={free}&Device=/dev/xvdu                           | InvalidParameterValue
            {attach}VolumeId={free}&Device=/dev/sdu                            | InvalidParameterValue
            {attach}VolumeId={free-b}&Device=/dev/sdf                          | InvalidVolume.ZoneMismatch
            {attach}VolumeId={main-a}&Device=/dev/sdf                          | VolumeInUse
            {attach}VolumeId={creating}&Device=/dev/sdf                        | IncorrectState
            {attach}VolumeId=vol-0123456789abcdef1&Device=/dev/sdf             | InvalidVolume.NotFound
            Action=AttachVolume&InstanceId={ended}&VolumeId={free}&Device=/dev/sdf | IncorrectState
            Action=AttachVolume&InstanceId=i-0123456789abcdef1&VolumeId={free}&Device=/dev/sdf | InvalidInstanceID.NotFound
            # DetachVolume
            Action=DetachVolume&VolumeId={free}                                | IncorrectState
            Action=DetachVolume&VolumeId={main-a}&InstanceId={ended}           | InvalidAttachment.NotFound
            Action=DetachVolume&VolumeId={main-a}&Device=/dev/xvdv             | InvalidAttachment.NotFound
            Action=DetachVolume&VolumeId={root-a}                              | OperationNotPermitted
            # DeleteVolume
            Action=DeleteVolume&VolumeId={main-a}                              | VolumeInUse
            Action=DeleteVolume&VolumeId={creating}                            | IncorrectState
            Action=DeleteVolume&VolumeId=vol-0123456789abcdef1                 | InvalidVolume.NotFound
            # snapshots
            Action=DeleteSnapshot&SnapshotId=snap-0123456789abcdef1            | InvalidSnapshot.NotFound
            Action=CopySnapshot&SourceSnapshotId={done}                        | MissingParameter
            Action=CopySnapshot&SourceSnapshotId={done}&SourceRegion=eu-west-1 | InvalidParameterValue
            Action=CopySnapshot&SourceSnapshotId={pending}&SourceRegion=eu-central-1 | IncorrectState
            Action=CopySnapshot&SourceSnapshotId={archived}&SourceRegion=eu-central-1 | IncorrectState
            Action=CopySnapshot&SourceSnapshotId={done}&SourceRegion=eu-central-1&DestinationOutpostArn=x | UnknownParameter
            Action=ModifySnapshotTier&SnapshotId={pending}&StorageTier=archive | IncorrectState
            Action=ModifySnapshotTier&SnapshotId={archived}&StorageTier=archive | IncorrectState
            Action=ModifySnapshotTier&SnapshotId={done}&StorageTier=standard   | InvalidParameterValue
            Action=UnlockSnapshot&SnapshotId={done}                            | IncorrectState
            """)
    void refuses_in_EC2s_words_and_changes_nothing(String form, String code) throws Exception {
        Recorded disks = new Recorded();
        Cloud cloud = start(world(), settings().disks(disks));
        List<World.Volume> volumes = cloud.volumes();
        List<World.Snapshot> snapshots = cloud.snapshots();
        disks.done.clear();
        Answer answer = send(cloud, ids(form).replace("{root-a}", root()), "");
        assertEquals("400 " + code, answer.status() + " " + answer.text("Code"), answer.body());
        assertEquals(volumes, cloud.volumes());
        assertEquals(snapshots, cloud.snapshots());
        assertEquals(List.of(), disks.done);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Size=20                                       | gp2 20 100 null false null
            Size=100                                      | gp2 100 300 null false null
            Size=16384                                    | gp2 16384 16000 null false null
            Size=1&VolumeType=gp3                         | gp3 1 3000 125 false null
            Size=160&VolumeType=gp3&Iops=80000&Throughput=2000 | gp3 160 80000 2000 false null
            Size=4&VolumeType=io1&Iops=200                | io1 4 200 null false null
            Size=4&VolumeType=io2&Iops=4000               | io2 4 4000 null false null
            Size=125&VolumeType=sc1                       | sc1 125 null null false null
            Size=1&VolumeType=standard                    | standard 1 null null false null
            Size=1&Encrypted=true                         | gp2 1 100 null true {arn}alias/aws/ebs
            Size=1&Encrypted=true&KmsKeyId=alias/mine     | gp2 1 100 null true {arn}alias/mine
            Size=1&Encrypted=true&KmsKeyId=1234abcd       | gp2 1 100 null true {arn}key/1234abcd
            SnapshotId={done}                             | gp2 20 100 null true {key}
            SnapshotId={done}&Size=50                     | gp2 50 150 null true {key}
            SnapshotId={done}&Encrypted=true&KmsKeyId={arn}key/other | gp2 20 100 null true {arn}key/other
            SnapshotId={plain}                            | gp2 20 100 null false null
            SnapshotId={plain}&Encrypted=true             | gp2 20 100 null true {arn}alias/aws/ebs
            """)
    void a_volume_has_what_was_asked_and_what_its_snapshot_gives(String asked, String expected) throws Exception {
        Cloud cloud = start(world());
        String arn = "arn:aws:kms:eu-central-1:123456789012:";
        Answer made = send(cloud, ids("Action=CreateVolume&{zone}&" + asked.replace("{arn}", arn)), "");
        assertEquals(200, made.status(), made.body());
        Volume v = volume(client(cloud), made.text("volumeId"));
        assertEquals(expected.replace("{arn}", arn).replace("{key}", KEY), v.volumeTypeAsString() + " " + v.size() + " "
                + v.iops() + " " + v.throughput() + " " + v.encrypted() + " " + v.kmsKeyId());
        assertEquals(asked.contains("done") ? DONE : asked.contains("plain") ? PLAIN : "", v.snapshotId());
    }

    @Test
    void a_volume_is_made_attached_detached_and_deleted() {
        Cloud cloud = start(world());
        Ec2Client ec2 = client(cloud);
        CreateVolumeResponse made = ec2.createVolume(r -> r.availabilityZoneId("euc1-az1").snapshotId(DONE)
                .volumeType("gp3").tagSpecifications(t -> t.resourceType("volume").tags(k -> k.key("a").value("1"))));
        String id = made.volumeId();
        assertEquals("creating eu-central-1a " + DONE + " [Tag(Key=a, Value=1)]", made.stateAsString() + " "
                + made.availabilityZone() + " " + made.snapshotId() + " " + made.tags());
        cloud.clock().advance(Duration.ofMillis(999));
        assertEquals("creating", volume(ec2, id).stateAsString());
        cloud.clock().advance(Duration.ofMillis(1));
        assertEquals("available", volume(ec2, id).stateAsString());

        AttachVolumeResponse attaching = ec2.attachVolume(r -> r.volumeId(id).instanceId(I_A).device("/dev/xvdx"));
        assertEquals("attaching " + cloud.clock().now(), attaching.stateAsString() + " " + attaching.attachTime());
        assertEquals("in-use attaching", states(ec2, id));
        assertEquals("VolumeInUse", code(() -> ec2.deleteVolume(r -> r.volumeId(id))));
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("in-use attached", states(ec2, id));
        assertEquals(4, ec2.describeInstances(r -> r.instanceIds(I_A)).reservations().get(0).instances().get(0)
                .blockDeviceMappings().size());
        assertEquals(1, ec2.describeVolumes(r -> r.filters(f -> f.name("attachment.delete-on-termination")
                .values("false"), f -> f.name("attachment.device").values("/dev/xvdx"))).volumes().size());

        DetachVolumeResponse detaching = ec2.detachVolume(r -> r.volumeId(id));
        assertEquals("detaching", detaching.stateAsString());
        assertEquals("in-use detaching", states(ec2, id));
        assertEquals("IncorrectState", code(() -> ec2.detachVolume(r -> r.volumeId(id))));
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("available", states(ec2, id));

        ec2.createSnapshot(r -> r.volumeId(id));
        ec2.deleteVolume(r -> r.volumeId(id));
        assertEquals("deleting", states(ec2, id));
        assertEquals("IncorrectState", code(() -> ec2.deleteVolume(r -> r.volumeId(id))));
        assertEquals("IncorrectState", code(() -> ec2.createSnapshot(r -> r.volumeId(id))));
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("InvalidVolume.NotFound", code(() -> ec2.describeVolumes(r -> r.volumeIds(id))));
        assertEquals(1, ec2.describeSnapshots(r -> r.filters(f -> f.name("volume-id").values(id))).snapshots().size());
    }

    @Test
    void a_token_gives_the_same_volume_again_whatever_became_of_it() {
        Cloud cloud = start(world());
        Ec2Client ec2 = client(cloud);
        String id = ec2.createVolume(r -> r.availabilityZone(ZONE).size(8).clientToken("once")).volumeId();
        cloud.clock().advance(Duration.ofSeconds(1));
        ec2.attachVolume(r -> r.volumeId(id).instanceId(I_A).device("/dev/xvdx"));
        CreateVolumeResponse again = ec2.createVolume(r -> r.availabilityZone(ZONE).size(8).clientToken("once"));
        assertEquals(id + " in-use", again.volumeId() + " " + again.stateAsString());
        assertEquals("IdempotentParameterMismatch",
                code(() -> ec2.createVolume(r -> r.availabilityZone(ZONE).size(9).clientToken("once"))));
        ec2.createVolume(r -> r.availabilityZone(ZONE).size(9).clientToken("twice"));
        assertEquals(world().volumes().size() + 2, cloud.volumes().size());
    }

    @Test
    void a_volume_that_vanishes_burns_its_token() {
        Cloud cloud = start(world());
        cloud.fault(Fault.next("CreateVolume", Fault.Kind.VOLUME_VANISHES));
        Ec2Client ec2 = client(cloud);
        String id = ec2.createVolume(r -> r.availabilityZone(ZONE).size(8).clientToken("once")).volumeId();
        assertEquals("creating", states(ec2, id));
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("InvalidVolume.NotFound", code(() -> ec2.describeVolumes(r -> r.volumeIds(id))));
        assertEquals("IdempotentParameterMismatch",
                code(() -> ec2.createVolume(r -> r.availabilityZone(ZONE).size(8).clientToken("once"))));
    }

    @Test
    void a_detachment_is_busy_until_the_guest_unmounts() {
        Cloud cloud = start(world());
        Mounted mounted = new Mounted();
        mounted.volumes.add(MAIN_A);
        cloud.workloads(mounted);
        Ec2Client ec2 = client(cloud);
        ec2.detachVolume(r -> r.volumeId(MAIN_A));
        cloud.clock().advance(Duration.ofMinutes(5));
        assertEquals("in-use busy", states(ec2, MAIN_A));
        assertEquals("in-use", cloud.volumes().stream().filter(v -> v.id().equals(MAIN_A)).findFirst().orElseThrow()
                .state());
        mounted.volumes.clear();
        assertEquals("available", states(ec2, MAIN_A));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void force_ends_a_detachment_that_is_busy(boolean isMounted) {
        Cloud cloud = start(world());
        Mounted mounted = new Mounted();
        if (isMounted) {
            mounted.volumes.add(MAIN_A);
            cloud.workloads(mounted);
        } else {
            cloud.fault(Fault.next("DetachVolume", Fault.Kind.STAYS_BUSY));
        }
        Ec2Client ec2 = client(cloud);
        ec2.detachVolume(r -> r.volumeId(MAIN_A));
        cloud.clock().advance(Duration.ofHours(1));
        assertEquals("in-use busy", states(ec2, MAIN_A));
        ec2.detachVolume(r -> r.volumeId(MAIN_A).force(true));
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("available", states(ec2, MAIN_A));
    }

    @Test
    void a_copy_of_a_volume_has_its_source_its_zone_and_none_of_its_tags() {
        Cloud cloud = start(world());
        Ec2Client ec2 = client(cloud);
        CopyVolumesResponse made = ec2.copyVolumes(r -> r.sourceVolumeId(MAIN_A).clientToken("once"));
        Volume copy = made.volumes().get(0);
        assertEquals("gp2 20 true " + KEY + " eu-central-1a " + MAIN_A + " []", copy.volumeTypeAsString() + " "
                + copy.size() + " " + copy.encrypted() + " " + copy.kmsKeyId() + " " + copy.availabilityZone() + " "
                + copy.sourceVolumeId() + " " + copy.tags());
        assertEquals(copy.volumeId(), ec2.copyVolumes(r -> r.sourceVolumeId(MAIN_A).clientToken("once")).volumes()
                .get(0).volumeId());
        assertEquals("IncorrectState", code(() -> ec2.copyVolumes(r -> r.sourceVolumeId(MAIN_A))));
        assertEquals("volume-copy 0 null", initialization(ec2, copy.volumeId()));
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("IncorrectState", code(() -> ec2.copyVolumes(r -> r.sourceVolumeId(copy.volumeId()))));
        cloud.clock().advance(Duration.ofSeconds(20 * 6 * 3600 / 1024));
        assertEquals("volume-copy 100 null", initialization(ec2, copy.volumeId()));
        ec2.copyVolumes(r -> r.sourceVolumeId(MAIN_A));
        ec2.copyVolumes(r -> r.sourceVolumeId(copy.volumeId()));
    }

    @Test
    void five_copies_are_in_progress_at_most() {
        Cloud cloud = start(world());
        Ec2Client ec2 = client(cloud);
        List<String> sources = THREE.volumes().stream().map(World.Volume::id).toList();
        sources.subList(0, 5).forEach(id -> ec2.copyVolumes(r -> r.sourceVolumeId(id)));
        assertEquals("CopyVolumesLimitExceeded", code(() -> ec2.copyVolumes(r -> r.sourceVolumeId(sources.get(5)))));
    }

    @Test
    void a_volume_of_a_snapshot_is_initialized_at_the_rate_that_was_asked() {
        Cloud cloud = start(world());
        Ec2Client ec2 = client(cloud);
        String fast = ec2.createVolume(r -> r.availabilityZone(ZONE).snapshotId(DONE).volumeInitializationRate(200))
                .volumeId();
        String usual = ec2.createVolume(r -> r.availabilityZone(ZONE).snapshotId(DONE)).volumeId();
        String blank = ec2.createVolume(r -> r.availabilityZone(ZONE).size(1)).volumeId();
        assertEquals(200, volume(ec2, fast).volumeInitializationRate());
        cloud.clock().advance(Duration.ofSeconds(51));
        assertEquals("provisioned-rate 50 51", initialization(ec2, fast));
        assertTrue(initialization(ec2, usual).startsWith("default 1"), initialization(ec2, usual));
        assertEquals("none", initialization(ec2, blank));
        cloud.clock().advance(Duration.ofSeconds(51));
        assertEquals("provisioned-rate 100 0", initialization(ec2, fast));
        assertEquals("ok", ec2.describeVolumeStatus(r -> r.volumeIds(blank)).volumeStatuses().get(0).volumeStatus()
                .statusAsString());
    }

    @Test
    void initialization_rates_add_up_to_five_thousand() {
        Cloud cloud = start(world());
        Ec2Client ec2 = client(cloud);
        Runnable more = () -> ec2.createVolume(r -> r.availabilityZone(ZONE).snapshotId(DONE)
                .volumeInitializationRate(300));
        for (int n = 0; n < 16; n++) {
            more.run();
        }
        assertEquals("ResourceLimitExceeded", code(more));
        cloud.clock().advance(Duration.ofMinutes(2));
        more.run();
    }

    @Test
    void a_copy_of_a_snapshot_is_pending_and_keeps_neither_volume_nor_tags() {
        Cloud cloud = start(world());
        Ec2Client ec2 = client(cloud);
        CopySnapshotResponse made = ec2.copySnapshot(r -> r.sourceRegion("eu-central-1").sourceSnapshotId(DONE)
                .presignedUrl(SIGNED)
                .description("again").tagSpecifications(t -> t.resourceType("snapshot").tags(k -> k.key("a").value("1"))));
        World.Snapshot copy = snapshot(cloud, made.snapshotId());
        assertEquals("pending vol-ffffffff again {a=1} arn:aws:kms:eu-central-1:123456789012:alias/aws/ebs",
                copy.state() + " " + copy.volumeId() + " " + copy.description() + " " + copy.tags()
                + " " + copy.kmsKeyId());
        assertEquals("1", made.tags().get(0).value());
        cloud.clock().advance(Duration.ofSeconds(8));
        assertEquals("completed", snapshot(cloud, made.snapshotId()).state());
        assertTrue(!cloud.journal().get(0).toString().contains("secret"), cloud.journal().toString());
    }

    @Test
    void twenty_copies_of_snapshots_are_pending_at_most() throws Exception {
        Cloud cloud = start(world());
        String copy = ids("Action=CopySnapshot&SourceRegion=eu-central-1&SourceSnapshotId={done}");
        for (int n = 0; n < 20; n++) {
            assertEquals(200, send(cloud, copy, "").status());
        }
        assertEquals("ResourceLimitExceeded", send(cloud, copy, "").text("Code"));
    }

    @Test
    void a_hundred_snapshots_are_pending_at_most() {
        World world = THREE;
        for (int n = 0; n < 99; n++) {
            world = world.plus(World.Snapshot.of(Worlds.id("snap", "p" + n), THREE.volume(MAIN_A).id("vol-0123456789abcdef1"),
                    START.minusSeconds(60)).state("pending", "0%"));
        }
        Ec2Client ec2 = client(start(world));
        assertEquals("PendingSnapshotLimitExceeded", code(() -> ec2.createSnapshots(r -> r
                .instanceSpecification(i -> i.instanceId(I_A)))));
        ec2.createSnapshot(r -> r.volumeId(MAIN_A));
    }

    @Test
    void a_snapshot_that_is_pending_is_deleted_when_it_is_through_and_counts_until_then() {
        Cloud cloud = start(THREE, settings().snapshotSpacing(Duration.ZERO).pendingPerVolume(1));
        Ec2Client ec2 = client(cloud);
        String id = ec2.createSnapshot(r -> r.volumeId(MAIN_A)).snapshotId();
        ec2.deleteSnapshot(r -> r.snapshotId(id));
        ec2.deleteSnapshot(r -> r.snapshotId(id));
        assertEquals("ConcurrentSnapshotLimitExceeded", code(() -> ec2.createSnapshot(r -> r.volumeId(MAIN_A))));
        cloud.clock().advance(Duration.ofSeconds(8));
        assertEquals("InvalidSnapshot.NotFound", code(() -> ec2.describeSnapshots(r -> r.snapshotIds(id))));
        String next = ec2.createSnapshot(r -> r.volumeId(MAIN_A)).snapshotId();
        cloud.clock().advance(Duration.ofSeconds(8));
        ec2.deleteSnapshot(r -> r.snapshotId(next));
        assertEquals(List.of(), cloud.snapshots());
    }

    @ParameterizedTest
    @CsvSource({"governance,SnapshotLocked,''", "compliance&CoolOffPeriod=1,SnapshotLocked,''",
        "compliance,SnapshotLocked,IncorrectState"})
    void a_locked_snapshot_cannot_be_deleted(String mode, String deleting, String unlocking) throws Exception {
        Cloud cloud = start(world());
        Ec2Client ec2 = client(cloud);
        send(cloud, ids("{lock}" + mode), "");
        assertEquals(deleting, code(() -> ec2.deleteSnapshot(r -> r.snapshotId(DONE))));
        assertEquals(unlocking, code(() -> ec2.unlockSnapshot(r -> r.snapshotId(DONE))));
        cloud.clock().advance(Duration.ofDays(unlocking.isEmpty() ? 0 : 1));
        ec2.deleteSnapshot(r -> r.snapshotId(DONE));
        assertEquals(0, ec2.describeLockedSnapshots(r -> r.maxResults(5)).snapshots().size());
    }

    @Test
    void an_archived_snapshot_says_so_and_is_not_restored() {
        Cloud cloud = start(world());
        Ec2Client ec2 = client(cloud);
        assertEquals(START, ec2.modifySnapshotTier(r -> r.snapshotId(DONE).storageTier("archive")).tieringStartTime());
        assertEquals("archive", ec2.describeSnapshots(r -> r.snapshotIds(DONE)).snapshots().get(0)
                .storageTierAsString());
        assertEquals("IncorrectState", code(() -> ec2.createVolume(r -> r.availabilityZone(ZONE).snapshotId(DONE))));
    }

    @Test
    void bytes_are_made_cut_and_deleted_inside_the_calls() {
        Recorded disks = new Recorded();
        Cloud cloud = start(world(), settings().disks(disks));
        assertEquals(world().volumes().size() + world().snapshots().size(), disks.done.size());
        disks.done.clear();
        Ec2Client ec2 = client(cloud);
        String blank = ec2.createVolume(r -> r.availabilityZone(ZONE).size(8)).volumeId();
        String restored = ec2.createVolume(r -> r.availabilityZone(ZONE).snapshotId(DONE).size(30)).volumeId();
        String copied = ec2.copySnapshot(r -> r.sourceRegion("eu-central-1").sourceSnapshotId(DONE)
                .presignedUrl(SIGNED)).snapshotId();
        String cloned = ec2.copyVolumes(r -> r.sourceVolumeId(FREE)).volumes().get(0).volumeId();
        Map<String, String> set = new TreeMap<>();
        ec2.createSnapshots(r -> r.instanceSpecification(i -> i.instanceId(Worlds.instanceId(Worlds.CLUSTER, "b"))
                .excludeBootVolume(true))).snapshots()
                .forEach(s -> set.put(s.volumeId(), s.snapshotId()));
        ec2.deleteVolume(r -> r.volumeId(FREE));
        ec2.deleteSnapshot(r -> r.snapshotId(DONE));
        assertEquals(List.of("blank " + blank + " 8", "copy " + DONE + " " + restored + " 30",
                "copy " + DONE + " " + copied + " 20", "cut {" + FREE + "=" + cloned + "}", "cut " + set,
                "delete " + FREE, "delete " + DONE), disks.done);
    }

    @Test
    void a_copy_that_is_larger_is_cut_first_and_grown_then() {
        Recorded disks = new Recorded();
        Cloud cloud = start(world(), settings().disks(disks));
        disks.done.clear();
        String id = client(cloud).copyVolumes(r -> r.sourceVolumeId(FREE).size(21)).volumes().get(0).volumeId();
        assertEquals(List.of("cut {" + FREE + "=" + id + "-cut}", "copy " + id + "-cut " + id + " 21",
                "delete " + id + "-cut"), disks.done);
    }

    @Test
    void disks_that_fail_are_an_internal_error_that_says_so_and_nothing_is_made() throws Exception {
        Recorded disks = new Recorded();
        Cloud cloud = start(world(), settings().disks(disks));
        disks.isFull = true;
        Answer answer = send(cloud, ids("Action=CreateVolume&{zone}&Size=1"), "");
        assertEquals("500 InternalError", answer.status() + " " + answer.text("Code"));
        assertTrue(answer.text("Message").contains("no space left"), answer.body());
        assertEquals(world().volumes().size(), cloud.volumes().size());
    }

    @Test
    void every_element_is_one_that_the_sdk_knows() throws Exception {
        Cloud cloud = start(world());
        Map<String, SdkPojo> replies = new LinkedHashMap<>();
        replies.put(ids("CreateVolume&{zone}&SnapshotId={done}&VolumeInitializationRate=100&VolumeType=gp3"),
                CreateVolumeResponse.builder().build());
        replies.put(ids("CopyVolumes&SourceVolumeId={main-a}"), CopyVolumesResponse.builder().build());
        replies.put("DescribeVolumes", DescribeVolumesResponse.builder().build());
        replies.put("DescribeVolumeStatus", DescribeVolumeStatusResponse.builder().build());
        replies.put(ids("AttachVolume&InstanceId={i-a}&VolumeId={free}&Device=xvdf"),
                AttachVolumeResponse.builder().build());
        replies.put(ids("DetachVolume&VolumeId={free}"), DetachVolumeResponse.builder().build());
        replies.put(ids("CopySnapshot&SourceRegion=eu-central-1&SourceSnapshotId={done}"),
                CopySnapshotResponse.builder().build());
        replies.put(ids("LockSnapshot&SnapshotId={done}&LockMode=governance&LockDuration=1"),
                LockSnapshotResponse.builder().build());
        replies.put(ids("UnlockSnapshot&SnapshotId={done}"), UnlockSnapshotResponse.builder().build());
        replies.put(ids("ModifySnapshotTier&SnapshotId={done}&StorageTier=archive"),
                ModifySnapshotTierResponse.builder().build());
        check(cloud, replies);
    }

    private static String root() {
        return THREE.volumes().stream().filter(v -> v.attachedTo().equals(I_A) && v.device().equals("/dev/xvda"))
                .findFirst().orElseThrow().id();
    }

    private static Volume volume(Ec2Client ec2, String id) {
        return ec2.describeVolumes(r -> r.volumeIds(id)).volumes().get(0);
    }

    /** The state of the volume and, if it has one, the state of its attachment. */
    private static String states(Ec2Client ec2, String id) {
        Volume volume = volume(ec2, id);
        return volume.stateAsString() + (volume.attachments().isEmpty() ? ""
                : " " + volume.attachments().get(0).stateAsString());
    }

    private static String initialization(Ec2Client ec2, String id) {
        VolumeStatusItem status = ec2.describeVolumeStatus(r -> r.volumeIds(id)).volumeStatuses().get(0);
        return status.initializationStatusDetails() == null ? "none"
                : status.initializationStatusDetails().initializationTypeAsString() + " "
                + status.initializationStatusDetails().progress() + " "
                + status.initializationStatusDetails().estimatedTimeToCompleteInSeconds();
    }

    private static World.Snapshot snapshot(Cloud cloud, String id) {
        return cloud.snapshots().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
    }

    /** Workloads that only have volumes mounted. */
    private static final class Mounted implements Workloads {
        private final List<String> volumes = new ArrayList<>();

        @Override
        public void started(World.Instance instance) {
            throw new AssertionError("nothing is started here");
        }

        @Override
        public void stopped(World.Instance instance) {
            throw new AssertionError("nothing is stopped here");
        }

        @Override
        public boolean mounts(String volume) {
            return volumes.contains(volume);
        }
    }

    /** Disks that only record the calls, until they are full. */
    private static final class Recorded implements Disks {
        private final List<String> done = new ArrayList<>();
        private boolean isFull;

        private void did(String what) throws IOException {
            if (isFull) {
                throw new IOException(what + ": no space left");
            }
            done.add(what);
        }

        @Override
        public Tier tier() {
            return Tier.NONE;
        }

        @Override
        public void blank(String volume, int gib) throws IOException {
            did("blank " + volume + " " + gib);
        }

        @Override
        public void cut(Map<String, String> copyByVolume) throws IOException {
            did("cut " + new TreeMap<>(copyByVolume));
        }

        @Override
        public void copy(String from, String to, int gib) throws IOException {
            did("copy " + from + " " + to + " " + gib);
        }

        @Override
        public void delete(String id) throws IOException {
            did("delete " + id);
        }

        @Override
        public Mount mount(String volume) {
            throw new AssertionError("the cloud mounts nothing");
        }

        @Override
        public void writer(String volume, ProcessHandle process) {
            throw new AssertionError("the cloud writes nothing");
        }

        @Override
        public void unmount(String volume) {
            throw new AssertionError("the cloud unmounts nothing");
        }

        @Override
        public BitSet blocks(String snapshot) {
            return new BitSet();
        }

        @Override
        public byte[] block(String snapshot, int index) {
            return new byte[BLOCK_BYTES];
        }

        @Override
        public List<String> mounted() {
            return List.of();
        }

        @Override
        public void close() {
            throw new AssertionError("whoever opened the disks closes them");
        }
    }
}
