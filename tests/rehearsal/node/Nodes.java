package node;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import disk.Disks;
import practice.Workloads;
import practice.World;

/**
 * The control-plane nodes: every instance that is running and has the tags of such a node. A node runs one program for each
 * etcd cluster; its version of kops decides which program. Nodes reach EC2 only through its endpoint, and the bytes of a
 * volume only by mounting it.
 */
public final class Nodes implements Workloads, AutoCloseable {

    private static final String ETCD_TAG = "k8s.io/etcd/";

    private final URI endpoint;
    private final Path folder;
    private final NodeProgram.Shared shared;
    /** The members by kops cluster and etcd cluster, as in the spec of the kops cluster. */
    private final Map<String, Map<String, List<String>>> specs = new TreeMap<>();
    private final Map<String, List<NodeProgram>> byInstance = new TreeMap<>();
    private final List<Controller> controllers = new ArrayList<>();

    /** A member on a node. */
    public record Member(String cluster, String etcd, String name, String instance, String volume, String clientUrl,
                         boolean running) {
    }

    public Nodes(URI endpoint, World world, Disks disks, Path folder, EtcdBinary etcd, WaitTimes waitTimes) throws IOException {
        this.endpoint = endpoint;
        this.folder = Files.createDirectories(folder);
        this.shared = new NodeProgram.Shared(disks, new Addresses(), etcd, waitTimes);
        for (World.Volume volume : world.volumes()) {
            volume.tags().forEach((key, value) -> {
                if (key.startsWith(ETCD_TAG) && value.contains("/")) {
                    specs.computeIfAbsent(volume.tags().getOrDefault("KubernetesCluster", ""), c -> new TreeMap<>())
                            .put(key.substring(ETCD_TAG.length()), List.of(value.split("/")[1].split(",")));
                }
            });
        }
        specs.forEach((cluster, etcds) -> etcds.forEach((name, members) -> controllers.add(new Controller(cluster, name,
                members.size(), control(cluster, name),
                () -> managers(cluster, name), shared, new NodeLog(this.folder.resolve("controller.log"))))));
    }

    @Override
    public synchronized void started(World.Instance instance) {
        String cluster = instance.tags().getOrDefault("KubernetesCluster", "");
        boolean controlPlane = instance.tags().containsKey("k8s.io/role/master")
                || instance.tags().containsKey("k8s.io/role/control-plane");
        if (!controlPlane || !specs.containsKey(cluster) || byInstance.containsKey(instance.id())) {
            return;
        }
        KopsGeneration generation = KopsGeneration.of(instance.tags(), cluster);
        List<NodeProgram> programs = new ArrayList<>();
        for (String etcd : specs.get(cluster).keySet()) {
            NodeProgram.Assignment assignment = new NodeProgram.Assignment(instance.id(), instance.zone(), cluster, etcd);
            NodeEc2 ec2 = new NodeEc2(endpoint, instance.id());
            NodeLog log = new NodeLog(log(instance.id(), etcd));
            programs.add(generation == KopsGeneration.PROTOKUBE ? new Protokube(assignment, shared, ec2, log)
                    : new EtcdManager(assignment, shared, ec2, generation, log));
        }
        byInstance.put(instance.id(), programs);
        programs.forEach(NodeProgram::start);
    }

    @Override
    public void stopped(World.Instance instance) {
        List<NodeProgram> programs;
        synchronized (this) {
            programs = byInstance.remove(instance.id());
        }
        if (programs != null) {
            programs.forEach(NodeProgram::halt);
        }
    }

    @Override
    public boolean mounts(String volume) {
        return programs().stream().anyMatch(p -> p.held().filter(h -> h.volume().id().equals(volume)).isPresent());
    }

    /** The log of the program for an etcd cluster on an instance, with the output of etcd. */
    public Path log(String instance, String etcd) {
        return folder.resolve(instance + "-" + etcd + ".log");
    }

    /** Stands for the folder {@code control} of an etcd cluster in the backup store. */
    public Path control(String cluster, String etcd) {
        return folder.resolve("backups").resolve(cluster).resolve(etcd).resolve("control");
    }

    /** Every volume that a node has mounted now, sorted by etcd cluster and name. */
    public List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (NodeProgram program : programs()) {
            Optional<NodeProgram.Held> held = program.held();
            held.ifPresent(h -> members.add(new Member(program.assignment.cluster(), program.assignment.etcd(), h.etcdName(),
                    program.assignment.instance(), h.volume().id(), clientUrl(program.assignment.cluster(), h.etcdName()),
                    program.isRunning())));
        }
        members.sort(Comparator.comparing((Member m) -> m.etcd() + " " + m.name() + " " + m.instance()));
        return members;
    }

    /** The client URL of a member such as {@code etcd-a} or {@code etcd-events-a}, whether the member runs or not. */
    public String clientUrl(String cluster, String etcdName) {
        return shared.addresses().of(cluster, etcdName).clientUrl();
    }

    /** The client URLs of all members that the spec names, whether they run or not. */
    public List<String> specified(String cluster, String etcd) {
        return specs.getOrDefault(cluster, Map.of()).getOrDefault(etcd, List.of()).stream()
                .map(member -> clientUrl(cluster, EtcdManager.clusterName(etcd) + "-" + member)).toList();
    }

    /** The client URLs of all members of all etcd clusters. */
    public List<String> specified() {
        List<String> all = new ArrayList<>();
        specs.forEach((cluster, etcds) -> etcds.keySet().forEach(etcd -> all.addAll(specified(cluster, etcd))));
        return all;
    }

    public String etcdVersion() {
        return shared.etcd().version();
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        controllers.forEach(Controller::stop);
        List<NodeProgram> all = programs();
        synchronized (this) {
            byInstance.clear();
        }
        all.forEach(NodeProgram::halt);
    }

    private synchronized List<NodeProgram> programs() {
        return byInstance.values().stream().flatMap(List::stream).toList();
    }

    private List<EtcdManager> managers(String cluster, String etcd) {
        return programs().stream().filter(p -> p.assignment.cluster().equals(cluster) && p.assignment.etcd().equals(etcd))
                .filter(EtcdManager.class::isInstance).map(EtcdManager.class::cast).toList();
    }
}
