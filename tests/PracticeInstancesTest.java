import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import practice.Cloud;
import practice.Fault;
import practice.Settings;
import practice.Workloads;
import practice.World;
import practice.Worlds;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.StartInstancesResponse;
import software.amazon.awssdk.services.ec2.model.StopInstancesResponse;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesResponse;

/** Instances from launch to termination, what runs on them, and what their role allows. */
class PracticeInstancesTest extends PracticeFixture {

    private static final World THREE = Worlds.named("three-masters");
    private static final String MAIN_A = Worlds.volumeId(Worlds.CLUSTER, "main", "a");
    private static final String EVENTS_A = Worlds.volumeId(Worlds.CLUSTER, "events", "a");
    private static final String I_A = Worlds.instanceId(Worlds.CLUSTER, "a");
    private static final String I_B = Worlds.instanceId(Worlds.CLUSTER, "b");
    private static final String IMAGE = "ami-0123456789abcdef0";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {run}&ImageId=ami-12345678                                 | 400 | VPCIdNotSpecified
            {run}&{zone}                                               | 400 | MissingParameter
            {run}&{zone}&ImageId=debian                                | 400 | InvalidAMIID.Malformed
            {run}&ImageId=ami-12345678&Placement.AvailabilityZone=x    | 400 | InvalidZone.NotFound
            {run}&{zone}&ImageId=ami-12345678&SubnetId=subnet-1        | 400 | UnknownParameter
            {run}&{zone}&ImageId=ami-12345678&KeyName=mine             | 400 | UnknownParameter
            {run}&{zone}&ImageId=ami-12345678&DryRun=true              | 412 | DryRunOperation
            {run}&{zone}&ImageId=ami-12345678&TagSpecification.1.ResourceType=snapshot | 400 | InvalidParameterValue
            Action=RunInstances&{zone}&ImageId=ami-12345678&MinCount=1 | 400 | MissingParameter
            Action=RunInstances&{zone}&ImageId=ami-12345678&MinCount=2&MaxCount=1 | 400 | InvalidParameterValue
            Action=RunInstances&{zone}&ImageId=ami-12345678&MinCount=1&MaxCount=21 | 400 | InstanceLimitExceeded
            Action=StartInstances                                      | 400 | MissingParameter
            Action=StartInstances&InstanceId.1=i-0123456789abcdef1     | 400 | InvalidInstanceID.NotFound
            Action=StartInstances&InstanceId.1={ended}                 | 400 | IncorrectInstanceState
            Action=StopInstances&InstanceId.1={a}&InstanceId.2={ended} | 400 | IncorrectInstanceState
            Action=StopInstances&InstanceId.1={a}&Hibernate=true       | 400 | UnknownParameter
            Action=TerminateInstances&InstanceId.1={a}&InstanceId.2=i-0123456789abcdef1 | 400 | InvalidInstanceID.NotFound
            """)
    void refuses_in_EC2s_words_and_changes_nothing(String form, int status, String code) throws Exception {
        String ended = Worlds.id("i", "ended");
        Cloud cloud = start(THREE.plus(new World.Instance(ended, "eu-central-1a", "terminated", "/dev/xvda", Map.of(),
                START)));
        Running workloads = new Running();
        cloud.workloads(workloads);
        List<World.Instance> instances = cloud.instances();
        Answer answer = send(cloud, form.replace("{run}", "Action=RunInstances&MinCount=1&MaxCount=1")
                .replace("{zone}", "Placement.AvailabilityZone=eu-central-1a").replace("{a}", I_A)
                .replace("{ended}", ended), "");
        assertEquals(status + " " + code, answer.status() + " " + answer.text("Code"), answer.body());
        assertEquals(instances, cloud.instances());
        assertEquals(THREE.volumes(), cloud.volumes());
        assertEquals(List.of(), workloads.seen);
    }

    @Test
    void an_instance_is_launched_with_a_root_volume_in_its_zone() {
        Cloud cloud = start(THREE);
        Running workloads = new Running();
        cloud.workloads(workloads);
        Ec2Client ec2 = client(cloud);
        RunInstancesResponse made = ec2.runInstances(launch("once").tagSpecifications(
                t -> t.resourceType("instance").tags(k -> k.key("a").value("1")),
                t -> t.resourceType("volume").tags(k -> k.key("b").value("2"))).userData("c2VjcmV0").build());
        Instance instance = made.instances().get(0);
        String id = instance.instanceId();
        assertEquals("pending eu-central-1a t3.medium " + IMAGE + " once", instance.state().nameAsString() + " "
                + instance.placement().availabilityZone() + " " + instance.instanceTypeAsString() + " "
                + instance.imageId() + " " + instance.clientToken());
        assertEquals("arn:aws:iam::123456789012:instance-profile/masters", instance.iamInstanceProfile().arn());
        assertEquals(List.of("started " + id + " {a=1}"), workloads.seen, "inside the call");
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("running", state(ec2, id));
        World.Volume root = cloud.volumes().stream().filter(v -> v.attachedTo().equals(id)).findFirst().orElseThrow();
        assertEquals("/dev/xvda 64 gp3 {b=2} in-use", root.device() + " " + root.sizeGib() + " " + root.type() + " "
                + root.tags() + " " + root.state());
        assertEquals(true, ec2.describeInstances(r -> r.instanceIds(id)).reservations().get(0).instances().get(0)
                .blockDeviceMappings().get(0).ebs().deleteOnTermination());
        assertEquals(id, ec2.runInstances(launch("once").tagSpecifications(
                t -> t.resourceType("instance").tags(k -> k.key("a").value("1")),
                t -> t.resourceType("volume").tags(k -> k.key("b").value("2"))).userData("c2VjcmV0").build())
                .instances().get(0).instanceId());
        assertEquals("IdempotentParameterMismatch", code(() -> ec2.runInstances(launch("once").build())));
        assertTrue(!cloud.journal().toString().contains("c2VjcmV0"), "user data may hold secrets");
    }

    @Test
    void instances_that_are_launched_together_share_a_reservation() {
        Cloud cloud = start(THREE);
        Ec2Client ec2 = client(cloud);
        RunInstancesResponse made = ec2.runInstances(launch("once").minCount(2).maxCount(3).build());
        assertEquals(3, made.instances().size());
        assertEquals(List.of(made.reservationId()), ec2.describeInstances(r -> r.instanceIds(made.instances().stream()
                .map(Instance::instanceId).toList())).reservations().stream().map(r -> r.reservationId()).toList());
        assertEquals(made.instances(), ec2.runInstances(launch("once").minCount(2).maxCount(3).build()).instances());
        assertEquals(12, cloud.volumes().size());
    }

    @Test
    void stopping_keeps_the_volumes_and_starting_needs_a_stopped_instance() {
        Cloud cloud = start(THREE);
        Running workloads = new Running();
        cloud.workloads(workloads);
        Ec2Client ec2 = client(cloud);
        StopInstancesResponse stopping = ec2.stopInstances(r -> r.instanceIds(I_A));
        assertEquals("running stopping", stopping.stoppingInstances().get(0).previousState().nameAsString() + " "
                + stopping.stoppingInstances().get(0).currentState().nameAsString());
        assertEquals("IncorrectInstanceState", code(() -> ec2.startInstances(r -> r.instanceIds(I_A))));
        assertEquals("IncorrectState", code(() -> ec2.attachVolume(r -> r.instanceId(I_A).device("/dev/xvdx")
                .volumeId(ec2.createVolume(v -> v.availabilityZone("eu-central-1a").size(1)).volumeId()))));
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("stopped", state(ec2, I_A));
        assertEquals(3, cloud.volumes().stream().filter(v -> v.attachedTo().equals(I_A)).count());
        ec2.stopInstances(r -> r.instanceIds(I_A));
        StartInstancesResponse starting = ec2.startInstances(r -> r.instanceIds(I_A, I_B));
        assertEquals(List.of("stopped pending", "running running"), Stream.of(I_A, I_B).map(id -> starting
                .startingInstances().stream().filter(i -> i.instanceId().equals(id)).findFirst().orElseThrow())
                .map(i -> i.previousState().nameAsString() + " " + i.currentState().nameAsString()).toList());
        assertEquals("IncorrectInstanceState", code(() -> ec2.stopInstances(r -> r.instanceIds(I_A))));
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("running", state(ec2, I_A));
        assertEquals(List.of("stopped " + I_A, "started " + I_A), workloads.seen.stream()
                .map(s -> s.replaceFirst(" \\{.*", "")).toList());
    }

    @Test
    void the_root_volume_can_be_detached_only_while_the_instance_is_stopped() {
        Cloud cloud = start(THREE);
        Ec2Client ec2 = client(cloud);
        String root = cloud.volumes().stream().filter(v -> v.attachedTo().equals(I_A) && v.device().equals("/dev/xvda"))
                .findFirst().orElseThrow().id();
        assertEquals("OperationNotPermitted", code(() -> ec2.detachVolume(r -> r.volumeId(root))));
        ec2.stopInstances(r -> r.instanceIds(I_A));
        cloud.clock().advance(Duration.ofSeconds(1));
        ec2.detachVolume(r -> r.volumeId(root));
    }

    @Test
    void ending_an_instance_takes_its_root_volume_and_leaves_the_others_detached() {
        Cloud cloud = start(THREE);
        Running workloads = new Running();
        cloud.workloads(workloads);
        Ec2Client ec2 = client(cloud);
        TerminateInstancesResponse ending = ec2.terminateInstances(r -> r.instanceIds(I_A));
        assertEquals("shutting-down", ending.terminatingInstances().get(0).currentState().nameAsString());
        assertEquals(List.of("stopped " + I_A), workloads.seen.stream().map(s -> s.replaceFirst(" \\{.*", "")).toList());
        assertEquals("in-use", volume(cloud, MAIN_A).state());
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals("terminated", state(ec2, I_A));
        assertEquals("available available", volume(cloud, MAIN_A).state() + " " + volume(cloud, EVENTS_A).state());
        assertEquals(0, ec2.describeInstances(r -> r.instanceIds(I_A)).reservations().get(0).instances().get(0)
                .blockDeviceMappings().size());
        cloud.clock().advance(Duration.ofSeconds(1));
        assertEquals(8, cloud.volumes().size(), "the root volume is gone");
        ec2.terminateInstances(r -> r.instanceIds(I_A));
        assertEquals(1, workloads.seen.size(), "nothing is left to stop");
        cloud.clock().advance(Duration.ofMinutes(59));
        assertEquals("terminated", state(ec2, I_A));
        cloud.clock().advance(Duration.ofMinutes(1));
        assertEquals("InvalidInstanceID.NotFound", code(() -> state(ec2, I_A)));
    }

    @Test
    void a_zone_may_have_no_room() {
        Cloud cloud = start(THREE);
        Ec2Client ec2 = client(cloud);
        cloud.fault(Fault.next("RunInstances", Fault.Kind.NO_CAPACITY));
        cloud.fault(Fault.next("CreateVolume", Fault.Kind.NO_CAPACITY));
        assertEquals("InsufficientInstanceCapacity", code(() -> ec2.runInstances(launch("a").build())));
        assertEquals("InsufficientVolumeCapacity",
                code(() -> ec2.createVolume(r -> r.availabilityZone("eu-central-1a").size(1))));
        assertEquals(3, cloud.instances().size());
        assertEquals(9, cloud.volumes().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            k8s.io/role/master=1, KubernetesCluster=k8s.mycompany.tld |
            k8s.io/role/master=1                                      | UnauthorizedOperation
            KubernetesCluster=k8s.mycompany.tld                       | UnauthorizedOperation
            k8s.io/role/master=1, KubernetesCluster=staging           | UnauthorizedOperation
            k8s.io/role/master=0, KubernetesCluster=k8s.mycompany.tld | UnauthorizedOperation
            """)
    void a_node_may_attach_the_volumes_of_its_own_control_plane_only(String tags, String code) {
        String free = Worlds.id("vol", "free");
        World.Volume volume = World.Volume.gp3(free, "eu-central-1a", 20, START);
        for (String tag : tags.split(", ")) {
            volume = volume.tag(tag.split("=")[0], tag.split("=")[1]);
        }
        Cloud cloud = start(THREE.plus(volume));
        Ec2Client node = client(cloud, I_A);
        assertEquals(code == null ? "" : code,
                code(() -> node.attachVolume(r -> r.volumeId(free).instanceId(I_A).device("/dev/xvdx"))));
        assertEquals(I_A, cloud.journal().get(0).caller());
    }

    @Test
    void a_node_may_look_and_attach_and_nothing_else() {
        Cloud cloud = start(THREE);
        Ec2Client node = client(cloud, I_A);
        node.describeVolumes();
        node.describeInstances();
        assertEquals("UnauthorizedOperation", code(() -> node.createSnapshot(r -> r.volumeId(MAIN_A))));
        assertEquals("UnauthorizedOperation", code(() -> node.createSnapshot(r -> r.volumeId(MAIN_A).dryRun(true))));
        assertEquals("UnauthorizedOperation", code(() -> node.attachVolume(r -> r.volumeId("vol-0123456789abcdef1")
                .instanceId(I_A).device("/dev/xvdx"))), "permission comes before existence");
        assertEquals("", code(() -> client(cloud, "i-0123456789abcdef1").createSnapshot(r -> r.volumeId(MAIN_A))),
                "no instance of this account");
    }

    @Test
    void a_node_may_not_read_the_blocks_of_a_snapshot() throws Exception {
        Cloud cloud = start(THREE);
        HttpURLConnection read = (HttpURLConnection) cloud.endpoint().resolve("/snapshots/snap-0123456789abcdef0/blocks")
                .toURL().openConnection();
        read.setRequestProperty("Authorization", "AWS4-HMAC-SHA256 Credential=" + I_A + "/20261121/x/ebs/aws4_request");
        assertEquals("403 AccessDeniedException",
                read.getResponseCode() + " " + read.getHeaderField("x-amzn-errortype"));
    }

    @Test
    void what_calls_made_and_left_to_nobody_is_listed_by_id() {
        Cloud cloud = start(THREE);
        Ec2Client ec2 = client(cloud);
        String instance = ec2.runInstances(launch("a").build()).instances().get(0).instanceId();
        String kept = ec2.createVolume(r -> r.availabilityZone("eu-central-1a").size(1)).volumeId();
        String free = ec2.createVolume(r -> r.availabilityZone("eu-central-1a").size(1)).volumeId();
        String snapshot = ec2.createSnapshot(r -> r.volumeId(MAIN_A)).snapshotId();
        cloud.clock().advance(Duration.ofSeconds(1));
        ec2.attachVolume(r -> r.volumeId(kept).instanceId(I_A).device("/dev/xvdx"));
        assertEquals(List.of("instance " + instance + " is running", "snapshot " + snapshot + " is pending",
                "volume " + free + " is available and attached nowhere"), cloud.leftBehind().stream().sorted().toList());
        ec2.terminateInstances(r -> r.instanceIds(instance));
        ec2.deleteVolume(r -> r.volumeId(free));
        cloud.clock().advance(Duration.ofSeconds(8));
        assertEquals(List.of(), cloud.leftBehind());
    }

    @Test
    void every_element_is_one_that_the_sdk_knows() throws Exception {
        Map<String, SdkPojo> replies = new LinkedHashMap<>();
        replies.put("RunInstances&MinCount=1&MaxCount=1&ImageId=ami-12345678&ClientToken=a&IamInstanceProfile.Name=x"
                + "&Placement.AvailabilityZone=eu-central-1a", RunInstancesResponse.builder().build());
        replies.put("DescribeInstances", DescribeInstancesResponse.builder().build());
        replies.put("StopInstances&InstanceId.1=" + I_A, StopInstancesResponse.builder().build());
        replies.put("StartInstances&InstanceId.1=" + I_B, StartInstancesResponse.builder().build());
        replies.put("TerminateInstances&InstanceId.1=" + I_A, TerminateInstancesResponse.builder().build());
        check(start(THREE), replies);
    }

    @Test
    void the_aws_cli_restores_a_volume_with_it(@TempDir Path folder) throws Exception {
        assumeTrue(isInstalled("aws"), "the AWS CLI is not installed: pip install awscli");
        Settings fast = Settings.defaults().snapshotTakes(Duration.ZERO).volumeCreating(Duration.ZERO)
                .attaching(Duration.ZERO).detaching(Duration.ZERO).instanceChanging(Duration.ZERO);
        Ran ran = foreign(start(THREE, fast), folder, List.of("sh", "-ec", """
                snap=$(aws ec2 create-snapshot --volume-id {main-a} --query SnapshotId --output text)
                copy=$(aws ec2 copy-snapshot --source-region eu-central-1 --source-snapshot-id $snap \
                    --query SnapshotId --output text)
                vol=$(aws ec2 create-volume --availability-zone eu-central-1a --snapshot-id $copy --volume-type gp3 \
                    --tag-specifications 'ResourceType=volume,Tags=[{Key=a,Value=1}]' --query VolumeId --output text)
                aws ec2 wait volume-available --volume-ids $vol
                aws ec2 attach-volume --volume-id $vol --instance-id {a} --device /dev/xvdx --query State --output text
                aws ec2 wait volume-in-use --volume-ids $vol
                aws ec2 describe-volume-status --volume-ids $vol --output text \
                    --query 'VolumeStatuses[0].InitializationStatusDetails.InitializationType'
                aws ec2 detach-volume --volume-id $vol --query State --output text
                aws ec2 wait volume-available --volume-ids $vol
                aws ec2 delete-volume --volume-id $vol
                aws ec2 wait volume-deleted --volume-ids $vol
                aws ec2 delete-snapshot --snapshot-id $copy
                run=$(aws ec2 run-instances --image-id ami-12345678 --instance-type t3.medium --count 1 \
                    --placement AvailabilityZone=eu-central-1a --query 'Instances[0].InstanceId' --output text)
                aws ec2 wait instance-running --instance-ids $run
                aws ec2 stop-instances --instance-ids $run --query 'StoppingInstances[0].CurrentState.Name' --output text
                aws ec2 wait instance-stopped --instance-ids $run
                aws ec2 terminate-instances --instance-ids $run --query 'TerminatingInstances[0].PreviousState.Code'
                aws ec2 wait instance-terminated --instance-ids $run
                """.replace("{main-a}", MAIN_A).replace("{a}", I_A)));
        assertEquals("attaching\ndefault\ndetaching\nstopping\n80\n", ran.output());
    }

    @Test
    void boto3_restores_a_volume_with_it(@TempDir Path folder) throws Exception {
        Cloud cloud = start(THREE, Settings.defaults().volumeCreating(Duration.ZERO));
        assumeTrue(isInstalled("python3") && foreign(cloud, folder, List.of("python3", "-c", "import boto3")).code() == 0,
                "boto3 is not installed: pip install boto3");
        Ran ran = foreign(cloud, folder, List.of("python3", "-c", """
                import boto3
                from botocore.exceptions import ClientError
                ec2 = boto3.client('ec2')
                copy = ec2.copy_volumes(SourceVolumeId='{main-a}', VolumeType='gp3')['Volumes'][0]
                print(copy['SourceVolumeId'] == '{main-a}', copy['State'], copy['Throughput'])
                try:
                    ec2.create_volume(AvailabilityZone='eu-central-1a', Size=8, Throughput=125)
                except ClientError as e:
                    print(e.response['Error']['Code'])
                volume = ec2.create_volume(AvailabilityZone='eu-central-1a', Size=8)
                ec2.get_waiter('volume_available').wait(VolumeIds=[volume['VolumeId']])
                try:
                    ec2.attach_volume(VolumeId=volume['VolumeId'], InstanceId='{a}', Device='/dev/xvdu')
                except ClientError as e:
                    print(e.response['Error']['Message'])
                print(ec2.delete_volume(VolumeId=volume['VolumeId'])['ResponseMetadata']['HTTPStatusCode'])
                """.replace("{main-a}", MAIN_A).replace("{a}", I_A)));
        assertEquals("""
                True creating 125
                InvalidParameterCombination
                Invalid value '/dev/xvdu' for unixDevice. Attachment point /dev/xvdu is already in use
                200
                """, ran.output());
    }

    private static RunInstancesRequest.Builder launch(String token) {
        return RunInstancesRequest.builder().imageId(IMAGE).instanceType("t3.medium").minCount(1).maxCount(1)
                .placement(p -> p.availabilityZone("eu-central-1a")).iamInstanceProfile(p -> p.name("masters"))
                .clientToken(token);
    }

    private static String state(Ec2Client ec2, String id) {
        return ec2.describeInstances(r -> r.instanceIds(id)).reservations().get(0).instances().get(0).state()
                .nameAsString();
    }

    private static World.Volume volume(Cloud cloud, String id) {
        return cloud.volumes().stream().filter(v -> v.id().equals(id)).findFirst().orElseThrow();
    }

    /** Workloads that only record the calls. */
    private static final class Running implements Workloads {
        private final List<String> seen = new ArrayList<>();

        @Override
        public void started(World.Instance instance) {
            seen.add("started " + instance.id() + " " + instance.tags());
        }

        @Override
        public void stopped(World.Instance instance) {
            seen.add("stopped " + instance.id() + " " + instance.tags());
        }

        @Override
        public boolean mounts(String volume) {
            return false;
        }
    }
}
