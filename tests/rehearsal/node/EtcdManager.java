package node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** etcd-manager on one node: what it does with its volume, and what the controller can tell it to do. */
final class EtcdManager extends NodeProgram {

    EtcdManager(Assignment assignment, Shared shared, NodeEc2 ec2, KopsGeneration generation, NodeLog log) {
        super(assignment, shared, ec2, generation, log);
    }

    @Override
    boolean isWanted(NodeEc2.Volume volume) {
        return true;
    }

    /** From the part of the tag before the slash; etcd-manager reads nothing after it (pkg/volumes/aws/volumes.go). */
    @Override
    String etcdName(NodeEc2.Volume volume) {
        String value = volume.tags().getOrDefault("k8s.io/etcd/" + assignment.etcd(), "");
        return value.isEmpty() ? volume.id() : clusterName(assignment.etcd()) + "-" + value.split("/", 2)[0];
    }

    static String clusterName(String etcd) {
        return etcd.equals("main") ? "etcd" : "etcd-" + etcd;
    }

    @Override
    Optional<EtcdProcess.Launch> launch(Held volume) throws IOException {
        Optional<EtcdState> state = EtcdState.read(volume.folder());
        if (state.isEmpty()) {
            log.line("no cluster in the state of " + volume.volume().id() + "; waiting for the controller");
            return Optional.empty();
        }
        EtcdState known = state.get();
        if (!shared.etcd().line().equals(line(known.etcdVersion()))) {
            throw new IOException("unknown etcd version " + known.etcdVersion() + ": here is only "
                    + shared.etcd().version());
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

    /** The cluster that the mounted volume belongs to, if any. */
    synchronized Optional<EtcdState> state() throws IOException {
        return EtcdState.read(holding().folder());
    }

    EtcdState.Member self() throws IOException {
        String name = holding().etcdName();
        Addresses.Address address = shared.addresses().of(assignment.cluster(), name);
        return new EtcdState.Member(name, address.peerUrl(), address.clientUrl());
    }

    synchronized void join(EtcdState state) throws IOException {
        state.write(holding().folder());
        startEtcd();
    }

    /** The first step of a new cluster: etcd is stopped, and its data is moved to the trashcan. */
    synchronized void discardData() throws IOException {
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
