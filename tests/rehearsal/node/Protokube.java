package node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * protokube on one node (kops protokube/pkg/protokube and protokube/pkg/etcd at 1.11.0). protokube keeps no state and has no
 * controller. The members are named in the tag of the volume, and etcd is always told that the cluster is new.
 */
final class Protokube extends NodeProgram {

    Protokube(Assignment assignment, Shared shared, NodeEc2 ec2, NodeLog log) {
        super(assignment, shared, ec2, KopsGeneration.PROTOKUBE, log);
    }

    /** A volume whose tag has an unreadable value is not mounted: "Fail safe". */
    @Override
    boolean isWanted(NodeEc2.Volume volume) {
        return members(volume).isPresent();
    }

    @Override
    String etcdName(NodeEc2.Volume volume) {
        return EtcdManager.clusterName(assignment.etcd()) + "-" + value(volume).split("/")[0].trim();
    }

    @Override
    Optional<EtcdProcess.Launch> launch(Held volume) {
        List<EtcdState.Member> all = new ArrayList<>();
        for (String member : members(volume.volume()).orElseThrow()) {
            String name = EtcdManager.clusterName(assignment.etcd()) + "-" + member;
            Addresses.Address address = shared.addresses().of(assignment.cluster(), name);
            all.add(new EtcdState.Member(name, address.peerUrl(), address.clientUrl()));
        }
        String data = assignment.etcd().equals("main") ? "data" : "data-" + assignment.etcd();
        return Optional.of(new EtcdProcess.Launch(volume.etcdName(),
                volume.folder().resolve("var").resolve("etcd").resolve(data),
                "etcd-cluster-token-" + EtcdManager.clusterName(assignment.etcd()), true, all));
    }

    @Override
    void launched(Held volume) {
        // protokube keeps no state on the volume
    }

    private String value(NodeEc2.Volume volume) {
        return volume.tags().getOrDefault("k8s.io/etcd/" + assignment.etcd(), "");
    }

    private Optional<List<String>> members(NodeEc2.Volume volume) {
        String[] parts = value(volume).split("/", -1);
        if (parts.length != 2) {
            return Optional.empty();
        }
        List<String> members = List.of(parts[1].split(","));
        return members.contains(parts[0].trim()) ? Optional.of(members) : Optional.empty();
    }
}
