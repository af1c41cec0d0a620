package practice;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The actions of EC2 that the cloud models: for each one its version, all its parameters, and the code that answers. */
final class Actions {

    private static final Set<String> COMMON = Set.of("Action", "Version");
    private static final List<String> LISTING =
            List.of("Filter.N.Name", "Filter.N.Value.N", "MaxResults", "NextToken", "DryRun");
    private static final List<String> MADE_TAGS = List.of("TagSpecification.N.ResourceType",
            "TagSpecification.N.Tag.N.Key", "TagSpecification.N.Tag.N.Value", "DryRun");
    private static final List<String> VOLUME = Stream.concat(MADE_TAGS.stream(),
            Stream.of("Size", "VolumeType", "Iops", "Throughput", "ClientToken")).toList();
    private static final List<String> TAGS = List.of("ResourceId.N", "Tag.N.Key", "Tag.N.Value", "DryRun");

    @FunctionalInterface
    interface Handler {
        void write(Call call, Xml out);
    }

    private record Action(String version, Set<String> parameters, Handler handler) {
    }

    private final Map<String, Action> actions = new HashMap<>();

    Actions(Account account) {
        Volumes volumes = new Volumes(account);
        Instances instances = new Instances(account);
        Snapshots snapshots = new Snapshots(account);
        Tags tags = new Tags(account);
        Zones zones = new Zones(account);
        Locks locks = account.locks;
        VolumeCopies copies = new VolumeCopies(account, volumes);
        InstanceLifecycle lifecycle = new InstanceLifecycle(account, instances, volumes);
        add("DescribeVolumes", volumes::describe, LISTING, "VolumeId.N");
        add("DescribeInstances", instances::describe, LISTING, "InstanceId.N");
        add("DescribeSnapshots", snapshots::describe, LISTING, "SnapshotId.N", "Owner.N", "RestorableBy.N");
        add("DescribeTags", tags::describe, LISTING);
        add("DescribeAvailabilityZones", zones::describe, List.of("Filter.N.Name", "Filter.N.Value.N", "DryRun"),
                "ZoneName.N", "ZoneId.N");
        add("DescribeLockedSnapshots", locks::describe, LISTING, "SnapshotId.N");
        add("CreateSnapshot", snapshots::create, MADE_TAGS, "Description", "VolumeId");
        add("CreateSnapshots", snapshots::createOfInstance, MADE_TAGS, "Description", "CopyTagsFromSource",
                "InstanceSpecification.InstanceId", "InstanceSpecification.ExcludeBootVolume",
                "InstanceSpecification.ExcludeDataVolumeId.N");
        add("CreateTags", tags::create, TAGS);
        add("DeleteTags", tags::delete, TAGS);
        add("LockSnapshot", locks::lock, List.of("DryRun"), "SnapshotId", "LockMode", "CoolOffPeriod", "LockDuration",
                "ExpirationDate");
        add("UnlockSnapshot", locks::unlock, List.of("DryRun"), "SnapshotId");
        // PresignedUrl: accepted and not used; the SDKs send one with every copy, even within a region.
        add("CopySnapshot", snapshots::copy, MADE_TAGS, "Description", "SourceRegion", "SourceSnapshotId", "Encrypted",
                "KmsKeyId", "PresignedUrl", "DestinationRegion");
        add("DeleteSnapshot", snapshots::delete, List.of("DryRun"), "SnapshotId");
        add("ModifySnapshotTier", snapshots::archive, List.of("DryRun"), "SnapshotId", "StorageTier");
        add("CreateVolume", volumes::create, VOLUME, "AvailabilityZone", "AvailabilityZoneId", "SnapshotId",
                "Encrypted", "KmsKeyId", "VolumeInitializationRate");
        add("CopyVolumes", copies::copy, VOLUME, "SourceVolumeId");
        add("DeleteVolume", volumes::delete, List.of("DryRun"), "VolumeId");
        add("AttachVolume", account.attachments::attach, List.of("DryRun"), "VolumeId", "InstanceId", "Device");
        add("DetachVolume", account.attachments::detach, List.of("DryRun"), "VolumeId", "InstanceId", "Device",
                "Force");
        add("DescribeVolumeStatus", new VolumeStatuses(account)::describe, LISTING, "VolumeId.N");
        // UserData: accepted and not used; the programs on practice instances read none.
        add("RunInstances", lifecycle::run, MADE_TAGS, "ImageId", "InstanceType", "MinCount", "MaxCount", "ClientToken",
                "Placement.AvailabilityZone", "IamInstanceProfile.Name", "IamInstanceProfile.Arn", "UserData");
        add("StartInstances", lifecycle::start, List.of("DryRun"), "InstanceId.N");
        add("StopInstances", lifecycle::stop, List.of("DryRun"), "InstanceId.N", "Force");
        add("TerminateInstances", lifecycle::terminate, List.of("DryRun"), "InstanceId.N", "Force");
        actions.put("GetCallerIdentity", new Action(QueryProtocol.STS_VERSION, COMMON, (call, out) -> out
                .element("Arn", "arn:aws:iam::" + Account.ID + ":user/practice").element("UserId", "AIDAPRACTICE")
                .element("Account", Account.ID)));
    }

    /** An action, a version or a parameter that is not modelled is an error. A cloud that guesses would hide bugs. */
    Handler handlerFor(Map<String, String> form) {
        String action = form.getOrDefault("Action", "");
        if (action.isEmpty()) {
            throw Ec2Error.of("MissingAction", "The request is missing an action or a required parameter.");
        }
        Action found = actions.get(action);
        if (found == null) {
            throw Ec2Error.of("InvalidAction", "The action %s is not valid for this web service.", action);
        }
        if (!found.version.equals(form.get("Version"))) {
            throw Ec2Error.of("NoSuchVersion", "The specified API version does not exist: %s", form.get("Version"));
        }
        for (String key : form.keySet()) {
            if (!found.parameters.contains(key.replaceAll("\\.[0-9]{1,6}(?=\\.|$)", ".N"))) {
                throw Ec2Error.of("UnknownParameter", "The parameter %s is not recognized", key);
            }
        }
        return found.handler;
    }

    boolean has(String action) {
        return actions.containsKey(action);
    }

    private void add(String action, Handler handler, List<String> shared, String... own) {
        Set<String> parameters = new HashSet<>(COMMON);
        parameters.addAll(shared);
        parameters.addAll(List.of(own));
        actions.put(action, new Action(QueryProtocol.EC2_VERSION, Set.copyOf(parameters), handler));
    }
}
