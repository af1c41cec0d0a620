package gameday;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import node.UnsignedEc2;
import org.w3c.dom.Element;
import practice.Cloud;
import practice.World;

/** What somebody does to the account by hand: calls to EC2's API of the practice cloud. A throttled call is made again. */
final class Ec2Actions {
    private static final int TRIES = 20;

    private final Cloud cloud;
    private final UnsignedEc2 ec2;

    Ec2Actions(Cloud cloud) {
        this.cloud = cloud;
        this.ec2 = new UnsignedEc2(cloud.endpoint(), "practice");
    }

    List<World.Volume> volumes() {
        return cloud.volumes();
    }

    World.Volume volume(String id) {
        return volumes().stream().filter(v -> v.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no volume " + id));
    }

    List<World.Instance> running() {
        return cloud.instances().stream().filter(i -> i.state().equals("running")).toList();
    }

    String stateOf(String instance) {
        return cloud.instances().stream().filter(i -> i.id().equals(instance)).map(World.Instance::state).findFirst().orElse("");
    }

    List<World.Snapshot> snapshots() {
        return cloud.snapshots();
    }

    void terminate(List<String> instances) throws IOException {
        ask("TerminateInstances", numbered("InstanceId", instances));
    }

    void stop(List<String> instances) throws IOException {
        ask("StopInstances", numbered("InstanceId", instances));
    }

    void start(List<String> instances) throws IOException {
        ask("StartInstances", numbered("InstanceId", instances));
    }

    /** A new instance like an earlier one, as its Auto Scaling group would launch it. */
    String launch(World.Instance like) throws IOException {
        Map<String, String> form = new LinkedHashMap<>(Map.of("ImageId", "ami-0123456789abcdef0", "MinCount", "1", "MaxCount",
                "1", "Placement.AvailabilityZone", like.zone()));
        form.putAll(tags("TagSpecification.1.Tag", like.tags()));
        form.put("TagSpecification.1.ResourceType", "instance");
        return ask("RunInstances", form).getElementsByTagName("instanceId").item(0).getTextContent();
    }

    void attach(String volume, String instance, String device) throws IOException {
        ask("AttachVolume", Map.of("VolumeId", volume, "InstanceId", instance, "Device", device));
    }

    void delete(String volume) throws IOException {
        ask("DeleteVolume", Map.of("VolumeId", volume));
    }

    /** A volume of a snapshot, with the kops tags of the snapshot's volume: every program that reads tags takes it for that. */
    String restore(World.Snapshot snapshot, String zone) throws IOException {
        Map<String, String> live = new LinkedHashMap<>(snapshot.tags());
        live.keySet().removeIf(key -> key.startsWith("etcd-ops/"));
        Map<String, String> form = new LinkedHashMap<>(Map.of("SnapshotId", snapshot.id(), "AvailabilityZone", zone,
                "VolumeType", "gp3", "TagSpecification.1.ResourceType", "volume"));
        form.putAll(tags("TagSpecification.1.Tag", live));
        return ask("CreateVolume", form).getElementsByTagName("volumeId").item(0).getTextContent();
    }

    void untag(String volume, String key) throws IOException {
        ask("DeleteTags", Map.of("ResourceId.1", volume, "Tag.1.Key", key));
    }

    private Element ask(String action, Map<String, String> form) throws IOException {
        for (int n = 1;; n++) {
            try {
                return ec2.ask(action, form);
            } catch (UnsignedEc2.ErrorReply error) {
                if (!error.code().equals("RequestLimitExceeded") || n == TRIES) {
                    throw error;
                }
                pause();
            } catch (InterruptedException interrupted) {
                throw interrupted();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(200);
        } catch (InterruptedException interrupted) {
            throw interrupted();
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }

    private static Map<String, String> numbered(String name, List<String> values) {
        Map<String, String> form = new LinkedHashMap<>();
        values.forEach(value -> form.put(name + "." + (form.size() + 1), value));
        return form;
    }

    private static Map<String, String> tags(String prefix, Map<String, String> tags) {
        Map<String, String> form = new LinkedHashMap<>();
        int n = 0;
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            n++;
            form.put(prefix + "." + n + ".Key", tag.getKey());
            form.put(prefix + "." + n + ".Value", tag.getValue());
        }
        return form;
    }
}
