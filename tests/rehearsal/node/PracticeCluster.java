package node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

import disk.Disks;
import disk.NoDisks;
import disk.Tier;
import disk.Tiers;
import practice.Cloud;
import practice.Settings;
import practice.World;

/**
 * A practice cloud for a rehearsal: the cloud alone, or the cloud with volumes that hold bytes and instances that run a real
 * etcd. Everything is opened and closed together.
 */
public final class PracticeCluster implements AutoCloseable {

    private static final Duration FIRST_START = Duration.ofSeconds(60);

    private final Cloud cloud;
    private final Disks disks;
    private final Optional<Nodes> nodes;
    /** A folder that this class made itself, so that it is deleted at the end. */
    private final Optional<Path> ownFolder;
    private Optional<Thread> onSignal = Optional.empty();
    private Runnable atEnd = () -> { };
    private boolean closed;

    private PracticeCluster(Cloud cloud, Disks disks, Optional<Nodes> nodes, Optional<Path> ownFolder) {
        this.cloud = cloud;
        this.disks = disks;
        this.nodes = nodes;
        this.ownFolder = ownFolder;
    }

    /** The cloud alone. */
    public static PracticeCluster open(World world, Settings settings) throws IOException {
        return new PracticeCluster(started(world, settings), new NoDisks(), Optional.empty(), Optional.empty());
    }

    /**
     * The volumes are blank at first, so the nodes form new etcd clusters, as after {@code kops create cluster}.
     *
     * @param disks  closed together with the cluster, and also when the cluster cannot be opened
     * @param folder for the logs, and for what stands for the backup store in S3
     */
    public static PracticeCluster open(World world, Settings settings, Disks disks, EtcdBinary etcd, WaitTimes waitTimes,
                                       Path folder) throws IOException {
        return open(world, settings, disks, etcd, waitTimes, folder, Optional.empty());
    }

    private static PracticeCluster open(World world, Settings settings, Disks disks, EtcdBinary etcd, WaitTimes waitTimes,
                                        Path folder, Optional<Path> ownFolder) throws IOException {
        Cloud cloud = null;
        try {
            cloud = started(world, settings.disks(disks));
            Nodes nodes = new Nodes(cloud.endpoint(), world, disks, folder, etcd, waitTimes);
            cloud.workloads(nodes);
            world.instances().stream().filter(i -> i.state().equals("running")).forEach(nodes::started);
            return new PracticeCluster(cloud, disks, Optional.of(nodes), ownFolder);
        } catch (IOException | RuntimeException cannot) {
            if (cloud != null) {
                cloud.close();
            }
            disks.close();
            throw cannot;
        }
    }

    /**
     * With the first etcd of the PATH, in a folder that is deleted at the end. Returns when every member serves, or after a
     * time limit.
     *
     * @param tier empty for the best tier that works here
     * @param say  gets the tier and its claim, what a better tier would need, and whether etcd serves
     */
    public static PracticeCluster withEtcd(World world, Settings settings, Optional<Tier> tier, Consumer<String> say)
            throws IOException {
        EtcdBinary etcd = EtcdBinary.installed().stream().findFirst()
                .orElseThrow(() -> new IOException("etcd is not installed: apt-get install etcd-server"));
        Path ownFolder = Files.createTempDirectory("etcd-ops-practice");
        try {
            Tiers.Choice choice = tier.isEmpty() ? Tiers.best(ownFolder.resolve("disks"))
                    : new Tiers.Choice(Tiers.open(tier.get(), ownFolder.resolve("disks")), List.of());
            choice.passedOver().forEach(better -> say.accept("Not " + better));
            Tier taken = choice.disks().tier();
            say.accept("Tier " + taken.name().toLowerCase(Locale.ROOT) + ": " + taken.claim());
            PracticeCluster cluster = open(world, settings, choice.disks(), etcd, WaitTimes.REHEARSAL, ownFolder.resolve("nodes"),
                    Optional.of(ownFolder));
            boolean serving = until(FIRST_START, () -> cluster.nodes().specified().stream().allMatch(PracticeCluster::answers));
            say.accept("etcd " + etcd.version() + (serving ? " serves" : " does not serve; its logs") + " in "
                    + ownFolder.resolve("nodes"));
            return cluster;
        } catch (IOException | RuntimeException cannot) {
            remove(ownFolder);
            throw cannot;
        }
    }

    public Cloud cloud() {
        return cloud;
    }

    /** How the volumes keep their bytes. */
    public Tier tier() {
        return disks.tier();
    }

    /** Whether the instances run etcd; false for a cloud alone. */
    public boolean hasNodes() {
        return nodes.isPresent();
    }

    /** @throws IllegalStateException for a cloud alone */
    public Nodes nodes() {
        return nodes.orElseThrow(() -> new IllegalStateException("this cloud has no nodes"));
    }

    /** The environment variables by which a command finds etcd; none for a cloud alone. */
    public Map<String, String> environment(String cluster) {
        return nodes.map(n -> Map.of("ETCDCTL_API", "3", "ETCDCTL_ENDPOINTS",
                String.join(",", n.specified(cluster, "main")), "PRACTICE_LOGS", n.folder().toString())).orElse(Map.of());
    }

    /** Whether all these members answer a linearizable read within this time. An open port alone would prove nothing. */
    public boolean serve(String cluster, List<String> etcdNames, Duration within) {
        return until(within, () -> etcdNames.stream().allMatch(name -> answers(nodes().clientUrl(cluster, name))));
    }

    /** Waits until the condition is true; false when it is not within this time. */
    public static boolean until(Duration within, BooleanSupplier condition) {
        Instant end = Instant.now().plus(within);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                return false;
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Runs this before the cluster closes. From now on the cluster also closes when the JVM is told to end. */
    public void atEnd(Runnable last) {
        Thread hook = new Thread(() -> {
            try {
                shut();
            } catch (IOException cannot) {
                throw new UncheckedIOException(cannot);
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        onSignal = Optional.of(hook);
        atEnd = last;
    }

    @Override
    public void close() throws IOException {
        try {
            onSignal.ifPresent(Runtime.getRuntime()::removeShutdownHook);
        } catch (IllegalStateException ending) {
            // The JVM is ending already: the hook does the same.
        }
        shut();
    }

    private synchronized void shut() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        atEnd.run();
        nodes.ifPresent(Nodes::close);
        cloud.close();
        disks.close();
        if (ownFolder.isPresent()) {
            remove(ownFolder.get());
        }
    }

    private static Cloud started(World world, Settings settings) throws IOException {
        try {
            return Cloud.start(world, settings);
        } catch (UncheckedIOException taken) {
            throw new IOException(taken.getMessage() + ": " + taken.getCause().getMessage(), taken);
        }
    }

    private static boolean answers(String clientUrl) {
        try {
            new EtcdClient(clientUrl, Duration.ofSeconds(2)).get("health");
            return true;
        } catch (IOException silent) {
            return false;
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
