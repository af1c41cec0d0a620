package node;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How a node finds its volume (etcd-manager pkg/volumes/mounter.go and aws/volumes.go). A node takes a matching volume that is
 * attached to its instance already. Else the node takes the first match that is not attached, in EC2's order, whatever the
 * age or state of that volume.
 */
final class VolumeSearch {

    /** The device names that kops' nodes use. One name is twice in the original list, so there are five names. */
    private static final List<String> DEVICES = List.of("/dev/xvdu", "/dev/xvdv", "/dev/xvdx", "/dev/xvdy", "/dev/xvdz");
    private static final Set<String> ROOT = Set.of("/dev/sda1", "/dev/xvda");

    private final NodeEc2 ec2;
    private final String instance;
    private final Map<String, String> filters;
    private final Predicate<NodeEc2.Volume> wanted;
    private final NodeLog log;
    private final Map<String, String> takenDevices = new TreeMap<>();

    VolumeSearch(NodeEc2 ec2, String instance, Map<String, String> filters, Predicate<NodeEc2.Volume> wanted,
                 NodeLog log) {
        this.ec2 = ec2;
        this.instance = instance;
        this.filters = filters;
        this.wanted = wanted;
        this.log = log;
    }

    /** Searches once. Returns the volume that is attached afterwards, if any. */
    Optional<NodeEc2.Volume> look() throws IOException, InterruptedException {
        List<NodeEc2.Volume> matching = ec2.volumes(filters).stream().filter(wanted)
                .filter(v -> !(v.attachedTo().equals(instance) && ROOT.contains(v.device()))).toList();
        Optional<NodeEc2.Volume> here = matching.stream().filter(v -> v.attachedTo().equals(instance)).findFirst();
        if (here.isPresent()) {
            return here;
        }
        for (NodeEc2.Volume volume : matching.stream().filter(v -> v.attachedTo().isEmpty()).toList()) {
            try {
                attach(volume.id());
                return Optional.of(ec2.volume(volume.id()));
            } catch (IOException failed) {
                log.line("error attaching volume " + volume.id() + ": " + failed.getMessage());
            }
        }
        return Optional.empty();
    }

    /** After any failure but "device in use" the device name stays taken, so after five failures no name is left. */
    private void attach(String volume) throws IOException, InterruptedException {
        while (true) {
            String device = DEVICES.stream().filter(d -> !takenDevices.containsKey(d)).findFirst()
                    .orElseThrow(() -> new IOException("all devices in use"));
            takenDevices.put(device, volume);
            try {
                ec2.attach(volume, device);
                break;
            } catch (UnsignedEc2.ErrorReply error) {
                if (!error.code().equals("InvalidParameterValue")) {
                    throw error;
                }
            }
        }
        while (ec2.volume(volume).attachedTo().isEmpty()) {
            Thread.sleep(100);
        }
        String holder = ec2.volume(volume).attachedTo();
        if (!holder.equals(instance)) {
            takenDevices.values().remove(volume);
            throw new IOException("it was attached to " + holder);
        }
    }
}
