package node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import disk.Disks;

/** A program on a node that looks for one volume of one etcd cluster, mounts it and keeps an etcd running on it. */
abstract class NodeProgram {

    /** Where it runs and what for. */
    record Post(String instance, String zone, String cluster, String etcd) {
    }

    /** What all programs of a run share. */
    record Shop(Disks disks, Addresses addresses, EtcdBinary newest, WaitTimes pace) {
    }

    protected final Post post;
    protected final Shop shop;
    protected final NodeLog log;
    private final NodeEc2 ec2;
    private final VolumeSearch search;
    private final Thread thread;
    private volatile boolean off;
    private volatile Optional<Held> held = Optional.empty();
    private Optional<EtcdProcess> process = Optional.empty();

    /** The volume that was found, which is never let go of while the node runs, and its tags as they were then. */
    record Held(NodeEc2.Seen volume, Path folder, String etcdName) {
    }

    NodeProgram(Post post, Shop shop, NodeEc2 ec2, KopsGeneration generation, NodeLog log) {
        this.post = post;
        this.shop = shop;
        this.log = log;
        this.ec2 = ec2;
        this.search = new VolumeSearch(ec2, post.instance,
                generation.filters(post.cluster, post.etcd, post.zone), this::isWanted, log);
        this.thread = new Thread(this::run, post.instance + " " + post.etcd);
        thread.setDaemon(true);
    }

    /** What a program looks at itself, after the filters. */
    abstract boolean isWanted(NodeEc2.Seen volume);

    abstract String etcdName(NodeEc2.Seen volume);

    /** With what etcd is to be started by now, if it is. */
    abstract Optional<EtcdProcess.Launch> launch(Held volume) throws IOException;

    /** Called once etcd runs. */
    abstract void launched(Held volume) throws IOException;

    void start() {
        thread.start();
    }

    Optional<Held> held() {
        return held;
    }

    synchronized boolean isRunning() {
        return process.filter(EtcdProcess::isRunning).isPresent();
    }

    /** The power goes: etcd is killed where it stands, and the volume is at rest when this returns. */
    void halt() {
        off = true;
        synchronized (this) {
            // Not in the middle of a mount, which holds this lock: half a mount is nobody's.
            thread.interrupt();
        }
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        letGo();
    }

    private synchronized void letGo() {
        killEtcd();
        held.ifPresent(h -> {
            try {
                shop.disks.unmount(h.volume.id());
            } catch (IOException cannot) {
                log.line("unmounting " + h.volume.id() + ": " + cannot.getMessage());
            }
        });
        held = Optional.empty();
    }

    /** @throws IOException when the power went meanwhile */
    protected Held holding() throws IOException {
        return held.orElseThrow(() -> new IOException(post.instance + " holds no volume any more"));
    }

    synchronized void killEtcd() {
        process.ifPresent(EtcdProcess::kill);
        process = Optional.empty();
    }

    private void run() {
        try {
            boot();
            while (!off && held.isEmpty()) {
                find();
            }
            while (!off) {
                keepRunning();
                Thread.sleep(shop.pace.loop().toMillis());
            }
        } catch (InterruptedException powerOff) {
            log.line("the node is off");
        }
    }

    /** A machine takes longer to boot than its instance is pending. */
    private void boot() throws InterruptedException {
        boolean running = false;
        while (!off && !running) {
            try {
                running = ec2.isRunning();
            } catch (IOException notYet) {
                log.line("error while booting: " + notYet.getMessage());
            }
            Thread.sleep(100);
        }
    }

    private void find() throws InterruptedException {
        try {
            Optional<NodeEc2.Seen> volume = search.look();
            if (volume.isPresent()) {
                mount(volume.get());
                return;
            }
            log.line("waiting for volumes");
            Thread.sleep(shop.pace.search().toMillis());
        } catch (IOException failed) {
            log.line("error while looking for volumes: " + failed.getMessage());
            Thread.sleep(shop.pace.again().toMillis());
        }
    }

    private synchronized void mount(NodeEc2.Seen volume) throws IOException {
        if (off) {
            return;
        }
        Disks.Mount mount = shop.disks.mount(volume.id());
        log.line("mounted " + volume.id() + (mount.formatted() ? ", which had no file system and was formatted" : ""));
        held = Optional.of(new Held(volume, mount.folder(), etcdName(volume)));
    }

    private synchronized void keepRunning() {
        if (off || isRunning()) {
            return;
        }
        process.ifPresent(ended -> log.line("etcd process exited with " + ended.exitCode()));
        process = Optional.empty();
        try {
            startEtcd();
        } catch (IOException cannot) {
            log.line("starting etcd: " + cannot.getMessage());
        }
    }

    /** Also called by whoever has just given the volume something to start from. */
    protected synchronized void startEtcd() throws IOException {
        Held volume = holding();
        Optional<EtcdProcess.Launch> launch = launch(volume);
        if (launch.isPresent() && !off) {
            EtcdProcess started = EtcdProcess.start(binary(), launch.get(), log);
            process = Optional.of(started);
            shop.disks.writer(volume.volume.id(), started.handle());
            launched(volume);
        }
    }

    EtcdBinary binary() throws IOException {
        return shop.newest;
    }
}
