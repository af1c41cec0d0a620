package node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * protokube's part (kops protokube/pkg/protokube and protokube/pkg/etcd at 1.11.0): no state, no controller. Who the
 * members are stands in the volume's tag, and etcd is always told that the cluster is new.
 */
final class Protokube extends NodeProgram {

    Protokube(Post post, Shop shop, NodeEc2 ec2, NodeLog log) {
        super(post, shop, ec2, KopsGeneration.PROTOKUBE, log);
    }

    /** A value that cannot be read makes the volume one that is not mounted: "Fail safe". */
    @Override
    boolean isWanted(NodeEc2.Seen volume) {
        return members(volume).isPresent();
    }

    @Override
    String etcdName(NodeEc2.Seen volume) {
        return EtcdManager.clusterName(post.etcd()) + "-" + value(volume).split("/")[0].trim();
    }

    @Override
    Optional<EtcdProcess.Launch> launch(Held volume) {
        List<EtcdState.Member> all = new ArrayList<>();
        for (String member : members(volume.volume()).orElseThrow()) {
            String name = EtcdManager.clusterName(post.etcd()) + "-" + member;
            Addresses.Address address = shop.addresses().of(post.cluster(), name);
            all.add(new EtcdState.Member(name, address.peerUrl(), address.clientUrl()));
        }
        String data = post.etcd().equals("main") ? "data" : "data-" + post.etcd();
        return Optional.of(new EtcdProcess.Launch(volume.etcdName(),
                volume.folder().resolve("var").resolve("etcd").resolve(data),
                "etcd-cluster-token-" + EtcdManager.clusterName(post.etcd()), true, all));
    }

    @Override
    void launched(Held volume) {
        // nothing is kept
    }

    private String value(NodeEc2.Seen volume) {
        return volume.tags().getOrDefault("k8s.io/etcd/" + post.etcd(), "");
    }

    private Optional<List<String>> members(NodeEc2.Seen volume) {
        String[] parts = value(volume).split("/", -1);
        if (parts.length != 2) {
            return Optional.empty();
        }
        List<String> members = List.of(parts[1].split(","));
        return members.contains(parts[0].trim()) ? Optional.of(members) : Optional.empty();
    }
}
