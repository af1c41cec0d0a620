package node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** etcd-manager's part on one node: what it does with a volume, and what its controller can have it do. */
final class EtcdManager extends NodeProgram {

    EtcdManager(Post post, Shop shop, NodeEc2 ec2, KopsGeneration generation, NodeLog log) {
        super(post, shop, ec2, generation, log);
    }

    @Override
    boolean isWanted(NodeEc2.Seen volume) {
        return true;
    }

    /** The part before the slash alone; the rest of the value is never read (pkg/volumes/aws/volumes.go). */
    @Override
    String etcdName(NodeEc2.Seen volume) {
        String value = volume.tags().getOrDefault("k8s.io/etcd/" + post.etcd(), "");
        return value.isEmpty() ? volume.id() : clusterName(post.etcd()) + "-" + value.split("/", 2)[0];
    }

    static String clusterName(String etcd) {
        return etcd.equals("main") ? "etcd" : "etcd-" + etcd;
    }

    @Override
    Optional<EtcdProcess.Launch> launch(Held volume) throws IOException {
        Optional<EtcdState> state = EtcdState.read(volume.folder());
        if (state.isEmpty()) {
            log.line("no cluster in the state of " + volume.volume().id() + "; waiting to be told of one");
            return Optional.empty();
        }
        EtcdState known = state.get();
        if (!shop.newest().line().equals(line(known.etcdVersion()))) {
            throw new IOException("unknown etcd version " + known.etcdVersion() + ": here is only "
                    + shop.newest().version());
        }
        return Optional.of(new EtcdProcess.Launch(volume.etcdName(), known.dataDir(volume.folder()), known.token(),
                known.newCluster(), known.members()));
    }

    @Override
    void launched(Held volume) throws IOException {
        EtcdState state = EtcdState.read(volume.folder()).orElseThrow();
        if (state.newCluster()) {
            state.started().write(volume.folder());
        }
    }

    /** The cluster that the volume it has belongs to, if it belongs to one. */
    synchronized Optional<EtcdState> state() throws IOException {
        return EtcdState.read(holding().folder());
    }

    EtcdState.Member self() throws IOException {
        String name = holding().etcdName();
        Addresses.Address address = shop.addresses().of(post.cluster(), name);
        return new EtcdState.Member(name, address.peerUrl(), address.clientUrl());
    }

    synchronized void join(EtcdState state) throws IOException {
        state.write(holding().folder());
        startEtcd();
    }

    /** What the forming of a new cluster begins with: etcd is stopped and its data put into the trashcan. */
    synchronized void leave() throws IOException {
        killEtcd();
        Path folder = holding().folder();
        Optional<EtcdState> state = EtcdState.read(folder);
        if (state.isPresent()) {
            Path trashcan = Files.createDirectories(folder.resolve("data-trashcan"));
            if (Files.exists(state.get().dataDir(folder))) {
                Files.move(state.get().dataDir(folder), trashcan.resolve(state.get().token()));
            }
            Files.delete(EtcdState.file(folder));
            log.line("stopped etcd; its data is in " + trashcan.resolve(state.get().token()));
        }
    }

    private static String line(String version) {
        return version.substring(0, Math.max(0, version.lastIndexOf('.')));
    }
}
