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
 * The control-plane nodes: whatever instance has the power on and the tags of one runs, per etcd cluster, the program
 * of its kops generation. They see EC2 only through its endpoint, and the bytes only by mounting.
 */
public final class Nodes implements Workloads, AutoCloseable {

    private static final String ETCD_TAG = "k8s.io/etcd/";

    private final URI endpoint;
    private final Path folder;
    private final NodeProgram.Shop shop;
    /** Per kops cluster its etcd clusters and their members: what the cluster's spec says. */
    private final Map<String, Map<String, List<String>>> specs = new TreeMap<>();
    private final Map<String, List<NodeProgram>> byInstance = new TreeMap<>();
    private final List<Controller> controllers = new ArrayList<>();

    /** A member as it is found on a node. */
    public record Member(String cluster, String etcd, String name, String instance, String volume, String clientUrl,
                         boolean running) {
    }

    public Nodes(URI endpoint, World world, Disks disks, Path folder, EtcdBinary etcd, WaitTimes pace) throws IOException {
        this.endpoint = endpoint;
        this.folder = Files.createDirectories(folder);
        this.shop = new NodeProgram.Shop(disks, new Addresses(), etcd, pace);
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
                () -> managers(cluster, name), shop, new NodeLog(this.folder.resolve("controller.log"))))));
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
            NodeProgram.Post post = new NodeProgram.Post(instance.id(), instance.zone(), cluster, etcd);
            NodeEc2 ec2 = new NodeEc2(endpoint, instance.id());
            NodeLog log = new NodeLog(log(instance.id(), etcd));
            programs.add(generation == KopsGeneration.PROTOKUBE ? new Protokube(post, shop, ec2, log)
                    : new EtcdManager(post, shop, ec2, generation, log));
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
        return keepers().stream().anyMatch(k -> k.held().filter(h -> h.volume().id().equals(volume)).isPresent());
    }

    /** The log of the program that looks after an etcd cluster on an instance, with etcd's own output. */
    public Path log(String instance, String etcd) {
        return folder.resolve(instance + "-" + etcd + ".log");
    }

    /** What stands for the {@code control} folder of an etcd cluster in the backup store. */
    public Path control(String cluster, String etcd) {
        return folder.resolve("backups").resolve(cluster).resolve(etcd).resolve("control");
    }

    /** Every volume that a node holds by now, sorted by its etcd cluster and name. */
    public List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (NodeProgram keeper : keepers()) {
            Optional<NodeProgram.Held> held = keeper.held();
            held.ifPresent(h -> members.add(new Member(keeper.post.cluster(), keeper.post.etcd(), h.etcdName(),
                    keeper.post.instance(), h.volume().id(), clientUrl(keeper.post.cluster(), h.etcdName()),
                    keeper.isRunning())));
        }
        members.sort(Comparator.comparing((Member m) -> m.etcd() + " " + m.name() + " " + m.instance()));
        return members;
    }

    /** Where the members of an etcd cluster answer, whether they run or not: {@code etcd-a}, {@code etcd-events-a}. */
    public String clientUrl(String cluster, String etcdName) {
        return shop.addresses().of(cluster, etcdName).clientUrl();
    }

    /** Where the members of an etcd cluster that the spec names answer, or are to. */
    public List<String> specified(String cluster, String etcd) {
        return specs.getOrDefault(cluster, Map.of()).getOrDefault(etcd, List.of()).stream()
                .map(member -> clientUrl(cluster, EtcdManager.clusterName(etcd) + "-" + member)).toList();
    }

    /** The same of all etcd clusters. */
    public List<String> specified() {
        List<String> all = new ArrayList<>();
        specs.forEach((cluster, etcds) -> etcds.keySet().forEach(etcd -> all.addAll(specified(cluster, etcd))));
        return all;
    }

    public String etcdVersion() {
        return shop.newest().version();
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        controllers.forEach(Controller::stop);
        List<NodeProgram> all = keepers();
        synchronized (this) {
            byInstance.clear();
        }
        all.forEach(NodeProgram::halt);
    }

    private synchronized List<NodeProgram> keepers() {
        return byInstance.values().stream().flatMap(List::stream).toList();
    }

    private List<EtcdManager> managers(String cluster, String etcd) {
        return keepers().stream().filter(k -> k.post.cluster().equals(cluster) && k.post.etcd().equals(etcd))
                .filter(EtcdManager.class::isInstance).map(EtcdManager.class::cast).toList();
    }
}
