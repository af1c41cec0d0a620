package node;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How a node comes by a volume (etcd-manager pkg/volumes/mounter.go and aws/volumes.go): what is attached here already
 * is taken; else the first match that is attached nowhere, in EC2's order, whatever its age or state.
 */
final class VolumeSearch {

    /** The names kops' nodes hand out. One stands twice in the original, so there are five of them. */
    private static final List<String> DEVICES = List.of("/dev/xvdu", "/dev/xvdv", "/dev/xvdx", "/dev/xvdy", "/dev/xvdz");
    private static final Set<String> ROOT = Set.of("/dev/sda1", "/dev/xvda");

    private final NodeEc2 ec2;
    private final String instance;
    private final Map<String, String> filters;
    private final Predicate<NodeEc2.Seen> wanted;
    private final NodeLog log;
    private final Map<String, String> given = new TreeMap<>();

    VolumeSearch(NodeEc2 ec2, String instance, Map<String, String> filters, Predicate<NodeEc2.Seen> wanted,
                 NodeLog log) {
        this.ec2 = ec2;
        this.instance = instance;
        this.filters = filters;
        this.wanted = wanted;
        this.log = log;
    }

    /** One look; the volume that is attached by the end of it. */
    Optional<NodeEc2.Seen> look() throws IOException, InterruptedException {
        List<NodeEc2.Seen> matching = ec2.volumes(filters).stream().filter(wanted)
                .filter(v -> !(v.attachedTo().equals(instance) && ROOT.contains(v.device()))).toList();
        Optional<NodeEc2.Seen> here = matching.stream().filter(v -> v.attachedTo().equals(instance)).findFirst();
        if (here.isPresent()) {
            return here;
        }
        for (NodeEc2.Seen volume : matching.stream().filter(v -> v.attachedTo().isEmpty()).toList()) {
            try {
                attach(volume.id());
                return Optional.of(ec2.volume(volume.id()));
            } catch (IOException notThisOne) {
                log.line("error attaching volume " + volume.id() + ": " + notThisOne.getMessage());
            }
        }
        return Optional.empty();
    }

    /** A failure other than "device in use" keeps its device name for good: five of them and none is left. */
    private void attach(String volume) throws IOException, InterruptedException {
        while (true) {
            String device = DEVICES.stream().filter(d -> !given.containsKey(d)).findFirst()
                    .orElseThrow(() -> new IOException("all devices in use"));
            given.put(device, volume);
            try {
                ec2.attach(volume, device);
                break;
            } catch (UnsignedEc2.Denied denied) {
                if (!denied.code().equals("InvalidParameterValue")) {
                    throw denied;
                }
            }
        }
        while (ec2.volume(volume).attachedTo().isEmpty()) {
            Thread.sleep(100);
        }
        String holder = ec2.volume(volume).attachedTo();
        if (!holder.equals(instance)) {
            given.values().remove(volume);
            throw new IOException("it was attached to " + holder);
        }
    }
}
