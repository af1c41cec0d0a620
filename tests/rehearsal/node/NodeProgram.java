package node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import disk.Disks;

/** A program on a node that searches for one volume of one etcd cluster, mounts it, and keeps an etcd running on it. */
abstract class NodeProgram {

    /** On which instance the program runs, and for which etcd cluster. */
    record Assignment(String instance, String zone, String cluster, String etcd) {
    }

    /** What all programs of a practice cluster share. */
    record Shared(Disks disks, Addresses addresses, EtcdBinary etcd, WaitTimes waitTimes) {
    }

    protected final Assignment assignment;
    protected final Shared shared;
    protected final NodeLog log;
    private final NodeEc2 ec2;
    private final VolumeSearch search;
    private final Thread thread;
    private volatile boolean isOff;
    private volatile Optional<Held> held = Optional.empty();
    private Optional<EtcdProcess> process = Optional.empty();

    /** The volume that the program mounted, with the tags of that moment. The volume stays mounted while the node runs. */
    record Held(NodeEc2.Volume volume, Path folder, String etcdName) {
    }

    NodeProgram(Assignment assignment, Shared shared, NodeEc2 ec2, KopsGeneration generation, NodeLog log) {
        this.assignment = assignment;
        this.shared = shared;
        this.log = log;
        this.ec2 = ec2;
        this.search = new VolumeSearch(ec2, assignment.instance,
                generation.filters(assignment.cluster, assignment.etcd, assignment.zone), this::isWanted, log);
        this.thread = new Thread(this::run, assignment.instance + " " + assignment.etcd);
        thread.setDaemon(true);
    }

    /** What the program checks itself, after the filters. */
    abstract boolean isWanted(NodeEc2.Volume volume);

    abstract String etcdName(NodeEc2.Volume volume);

    /** How to start etcd; empty when it is not to be started yet. */
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

    /** The instance stops: etcd is killed, and when this returns the volume is not mounted any more. */
    void halt() {
        isOff = true;
        synchronized (this) {
            // A mount holds this lock, so it is never interrupted: nobody would unmount half a mount.
            thread.interrupt();
        }
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        release();
    }

    private synchronized void release() {
        killEtcd();
        held.ifPresent(h -> {
            try {
                shared.disks.unmount(h.volume.id());
            } catch (IOException cannot) {
                log.line("unmounting " + h.volume.id() + ": " + cannot.getMessage());
            }
        });
        held = Optional.empty();
    }

    /** @throws IOException when the instance was stopped meanwhile */
    protected Held holding() throws IOException {
        return held.orElseThrow(() -> new IOException(assignment.instance + " holds no volume any more"));
    }

    synchronized void killEtcd() {
        process.ifPresent(EtcdProcess::kill);
        process = Optional.empty();
    }

    private void run() {
        try {
            boot();
            while (!isOff && held.isEmpty()) {
                find();
            }
            while (!isOff) {
                keepRunning();
                Thread.sleep(shared.waitTimes.loop().toMillis());
            }
        } catch (InterruptedException stopped) {
            log.line("the node is off");
        }
    }

    /** A machine is still booting when its instance is {@code running} already. */
    private void boot() throws InterruptedException {
        boolean running = false;
        while (!isOff && !running) {
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
            Optional<NodeEc2.Volume> volume = search.look();
            if (volume.isPresent()) {
                mount(volume.get());
                return;
            }
            log.line("waiting for volumes");
            Thread.sleep(shared.waitTimes.search().toMillis());
        } catch (IOException failed) {
            log.line("error while looking for volumes: " + failed.getMessage());
            Thread.sleep(shared.waitTimes.again().toMillis());
        }
    }

    private synchronized void mount(NodeEc2.Volume volume) throws IOException {
        if (isOff) {
            return;
        }
        Disks.Mount mount = shared.disks.mount(volume.id());
        log.line("mounted " + volume.id() + (mount.formatted() ? ", which had no file system and was formatted" : ""));
        held = Optional.of(new Held(volume, mount.folder(), etcdName(volume)));
    }

    private synchronized void keepRunning() {
        if (isOff || isRunning()) {
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

    /** Also called as soon as the volume has been given a cluster. */
    protected synchronized void startEtcd() throws IOException {
        Held volume = holding();
        Optional<EtcdProcess.Launch> launch = launch(volume);
        if (launch.isPresent() && !isOff) {
            EtcdProcess started = EtcdProcess.start(binary(), launch.get(), log);
            process = Optional.of(started);
            shared.disks.writer(volume.volume.id(), started.handle());
            launched(volume);
        }
    }

    EtcdBinary binary() throws IOException {
        return shared.etcd;
    }
}
