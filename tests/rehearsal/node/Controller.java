package node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What the peers of etcd-manager do together for one etcd cluster (pkg/controller). The peers form a new cluster when the
 * backup store knows of none, and add an empty member again while there is a quorum. Here one thread stands for the leader
 * of the peers.
 */
final class Controller {

    private final String cluster;
    private final String etcd;
    private final int memberCount;
    private final Path control;
    private final Supplier<List<EtcdManager>> peers;
    private final NodeProgram.Shared shared;
    private final NodeLog log;
    private final Map<String, Instant> downSince = new TreeMap<>();
    private final Thread thread;

    /** @param control stands for the folder of that name in etcd-manager's backup store in S3 */
    Controller(String cluster, String etcd, int memberCount, Path control, Supplier<List<EtcdManager>> peers,
               NodeProgram.Shared shared, NodeLog log) {
        this.cluster = cluster;
        this.etcd = etcd;
        this.memberCount = memberCount;
        this.control = control;
        this.peers = peers;
        this.shared = shared;
        this.log = log;
        this.thread = new Thread(this::run, "controller " + etcd);
        thread.setDaemon(true);
        thread.start();
    }

    void stop() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(shared.waitTimes().loop().toMillis());
                try {
                    step();
                } catch (IOException failed) {
                    log.line(etcd + ": " + failed.getMessage());
                }
            }
        } catch (InterruptedException stopped) {
            log.line(etcd + ": the controller is stopped");
        }
    }

    private void step() throws IOException {
        List<EtcdManager> present = peers.get().stream().filter(peer -> peer.held().isPresent()).toList();
        // The marker counts, not the members: without the marker, all data on the volumes is moved to the trashcan.
        if (!Files.exists(control.resolve("etcd-cluster-created"))) {
            if (present.size() >= memberCount) {
                create(present);
            }
            return;
        }
        Optional<EtcdClient> quorum = answering(present);
        if (quorum.isPresent()) {
            readmit(present, quorum.get());
        }
    }

    private void create(List<EtcdManager> present) throws IOException {
        for (EtcdManager peer : present) {
            peer.discardData();
        }
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        List<EtcdState.Member> members = new ArrayList<>();
        for (EtcdManager peer : present) {
            members.add(peer.self());
        }
        EtcdState state = new EtcdState(true, memberCount, token, members, shared.etcd().version());
        for (EtcdManager peer : present) {
            peer.join(state);
        }
        Files.createDirectories(control);
        Files.writeString(control.resolve("etcd-cluster-spec"),
                "{\"memberCount\":" + memberCount + ",\"etcdVersion\":\"" + shared.etcd().version() + "\"}\n");
        Files.writeString(control.resolve("etcd-cluster-created"), "");
        log.line(etcd + ": a new cluster of " + memberCount + " was created for " + cluster);
    }

    /**
     * A member whose volume is empty is removed and added again, as etcd-manager v3.0.20260531 and later do
     * (pkg/controller/replacement.go): only while one peer is empty, and only if all members are registered.
     */
    private void readmit(List<EtcdManager> present, EtcdClient quorum) throws IOException {
        List<EtcdManager> empty = new ArrayList<>();
        for (EtcdManager peer : present) {
            if (peer.state().isEmpty()) {
                empty.add(peer);
            }
        }
        if (empty.size() != 1) {
            downSince.clear();
            return;
        }
        EtcdManager peer = empty.get(0);
        EtcdState.Member self = peer.self();
        List<EtcdClient.Member> registered = quorum.members();
        Optional<EtcdClient.Member> stale = registered.stream().filter(m -> m.name().equals(self.name())).findFirst();
        if (stale.isPresent() && registered.size() == memberCount) {
            Instant since = downSince.computeIfAbsent(self.name(), name -> Instant.now());
            if (Instant.now().isAfter(since.plus(shared.waitTimes().unhealthy()))) {
                quorum.removeMember(stale.get().id());
                log.line(etcd + ": removed " + self.name() + ", whose volume is empty");
            }
            return;
        }
        if (stale.isEmpty()) {
            if (registered.stream().noneMatch(m -> m.peerUrl().equals(self.peerUrl()))) {
                // etcd refuses with "unhealthy cluster" for the first seconds; the next step asks again.
                quorum.addMember(self.peerUrl());
            }
            peer.join(joining(present, peer, self));
            log.line(etcd + ": " + self.name() + " was added again, with an empty volume");
        }
    }

    private EtcdState joining(List<EtcdManager> present, EtcdManager joining, EtcdState.Member self) throws IOException {
        for (EtcdManager peer : present) {
            Optional<EtcdState> known = peer == joining ? Optional.empty() : peer.state();
            if (known.isPresent()) {
                List<EtcdState.Member> members = new ArrayList<>(known.get().members());
                members.removeIf(m -> m.name().equals(self.name()));
                members.add(self);
                return new EtcdState(false, memberCount, known.get().token(), members, known.get().etcdVersion());
            }
        }
        throw new IOException("no peer knows the cluster that " + self.name() + " is to join");
    }

    /** A member that answers a linearizable read, which proves a quorum with a leader. */
    private Optional<EtcdClient> answering(List<EtcdManager> present) {
        for (EtcdManager peer : present) {
            if (peer.isRunning()) {
                try {
                    EtcdClient client = new EtcdClient(peer.self().clientUrl(), Duration.ofSeconds(2));
                    client.get("health");
                    return Optional.of(client);
                } catch (IOException silent) {
                    // the next member is asked
                }
            }
        }
        return Optional.empty();
    }
}
