package node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A running etcd. As in etcd-manager, its settings are environment variables (pkg/etcd/etcdprocess.go); but without TLS. */
final class EtcdProcess {

    private final Process process;

    private EtcdProcess(Process process) {
        this.process = process;
    }

    /** How etcd is started. If the data directory has a log already, etcd uses the log and ignores token and members. */
    record Launch(String name, Path dataDir, String token, boolean newCluster, List<EtcdState.Member> members) {
    }

    static EtcdProcess start(EtcdBinary binary, Launch launch, NodeLog log) throws IOException {
        EtcdState.Member self = launch.members.stream().filter(m -> m.name().equals(launch.name)).findFirst()
                .orElseThrow(() -> new IOException("self node was not included in cluster"));
        Map<String, String> settings = new TreeMap<>();
        settings.put("ETCD_NAME", launch.name);
        settings.put("ETCD_DATA_DIR", launch.dataDir.toString());
        settings.put("ETCD_LOGGER", "zap");
        settings.put("ETCD_LOG_OUTPUTS", "stdout");
        settings.put("ETCD_LISTEN_PEER_URLS", self.peerUrl());
        settings.put("ETCD_INITIAL_ADVERTISE_PEER_URLS", self.peerUrl());
        settings.put("ETCD_LISTEN_CLIENT_URLS", self.clientUrl());
        settings.put("ETCD_ADVERTISE_CLIENT_URLS", self.clientUrl());
        settings.put("ETCD_INITIAL_CLUSTER_STATE", launch.newCluster ? "new" : "existing");
        settings.put("ETCD_INITIAL_CLUSTER_TOKEN", launch.token);
        settings.put("ETCD_INITIAL_CLUSTER", launch.members.stream().map(m -> m.name() + "=" + m.peerUrl())
                .collect(Collectors.joining(",")));
        settings.put("ETCD_STRICT_RECONFIG_CHECK", "true");
        if (binary.line().equals("3.5")) {
            settings.put("ETCD_EXPERIMENTAL_INITIAL_CORRUPT_CHECK", "true");
        }
        ProcessBuilder builder = new ProcessBuilder(binary.file().toString()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
        builder.environment().keySet().removeIf(key -> key.startsWith("ETCD_"));
        builder.environment().putAll(settings);
        log.line("starting etcd " + binary.version() + " as " + launch.name + " in " + launch.dataDir);
        return new EtcdProcess(builder.start());
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** SIGKILL, as etcd-manager stops etcd. A power failure has the same effect. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
