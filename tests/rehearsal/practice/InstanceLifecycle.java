package practice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Starting, stopping and ending instances (EC2 User Guide, "Amazon EC2 instance state changes"). */
final class InstanceLifecycle {

    /** API reference, TerminateInstances: "approximately one hour". */
    private static final Duration VISIBLE = Duration.ofHours(1);
    /** The former quota of a new account, from memory. Today AWS counts vCPUs. */
    private static final int MOST = 20;
    private static final Set<String> ON = Set.of("pending", "running");
    private static final Set<String> GONE = Set.of("shutting-down", "terminated");

    private final Account account;
    private final Instances instances;
    private final Volumes volumes;

    InstanceLifecycle(Account account, Instances instances, Volumes volumes) {
        this.account = account;
        this.instances = instances;
        this.volumes = volumes;
    }

    void run(Call call, Xml out) {
        instances.write(account.tokens.made(call, account.instances).orElseGet(() -> launched(call)), out);
    }

    /** The practice cloud always has capacity, so it launches MaxCount instances. */
    private List<World.Instance> launched(Call call) {
        int least = count(call, "MinCount");
        int most = count(call, "MaxCount");
        if (least > most) {
            throw Ec2Error.value(String.valueOf(least), "MinCount", "It is more than MaxCount.");
        }
        if (most > MOST) {
            throw Ec2Error.of("InstanceLimitExceeded", "You have requested more instances (%d) than your limit of %d "
                    + "allows.", most, MOST);
        }
        String image = call.required("ImageId");
        if (!image.matches("ami-([0-9a-f]{8}|[0-9a-f]{17})")) {
            throw Ec2Error.of("InvalidAMIID.Malformed", "Invalid id: \"%s\"", image);
        }
        String type = call.text("InstanceType").orElse("m1.small"); // API reference, RunInstances: its default
        if (call.structure("Placement").text("AvailabilityZone").isEmpty()) {
            throw Ec2Error.of("VPCIdNotSpecified", "The practice cloud has no default VPC to choose a zone by: give "
                    + "Placement.AvailabilityZone");
        }
        String zone = Zones.asked(call.structure("Placement"), account.region);
        Map<Kind, Map<String, String>> tags = Tags.specified(call, Set.of(Kind.INSTANCE, Kind.VOLUME));
        Capacity.check(call, "InsufficientInstanceCapacity");
        List<World.Instance> made = Stream.generate(() -> new World.Instance(account.newId(Kind.INSTANCE), zone, "pending",
                "/dev/xvda", tags.getOrDefault(Kind.INSTANCE, Map.of()), call.now())).limit(most).toList();
        List<World.Volume> roots = made.stream().map(i -> World.Volume.gp3(account.newId(Kind.VOLUME), zone, 64, call.now())
                .tags(tags.getOrDefault(Kind.VOLUME, Map.of())).attachedTo(i.id(), i.rootDevice())).toList();
        account.disks(disks -> {
            for (World.Volume root : roots) {
                disks.blank(root.id(), root.sizeGib());
            }
        });
        made.forEach(i -> account.instances.put(i.id(), i, call.seenFrom()));
        for (World.Volume root : roots) {
            account.volumes.put(root.id(), root, call.seenFrom());
            account.attachments.startRoot(root);
        }
        account.tokens.keep(call, made.stream().map(World.Instance::id).toList());
        made.forEach(i -> instances.launched(i.id(), new Instances.Launch(made.get(0), image, type, profile(call),
                call.text("ClientToken").orElse(""))));
        made.forEach(i -> startRunning(i, call.now()));
        return made;
    }

    void start(Call call, Xml out) {
        change(call, out, Set.of("stopping", "shutting-down", "terminated"), "started", (instance, now) -> {
            if (instance.state().equals("stopped")) {
                Capacity.check(call, "InsufficientInstanceCapacity");
                account.instances.change(instance.id(), i -> i.state("pending"));
                startRunning(instance.state("pending"), now);
            }
        });
    }

    void stop(Call call, Xml out) {
        change(call, out, Set.of("pending", "shutting-down", "terminated"), "stopped", (instance, now) -> {
            if (instance.state().equals("running")) {
                account.workloads.stopped(instance);
                become(instance.id(), "stopping", "stopped", now);
            }
        });
    }

    void terminate(Call call, Xml out) {
        change(call, out, Set.of(), "terminated", (instance, now) -> {
            if (!GONE.contains(instance.state())) {
                if (ON.contains(instance.state())) {
                    account.workloads.stopped(instance);
                }
                releaseVolumes(instance, now);
                become(instance.id(), "shutting-down", "terminated", now);
                account.dueChanges.at(now.plus(account.settings.instanceChanging()).plus(VISIBLE),
                        () -> account.instances.remove(instance.id()));
            }
        });
    }

    /** All instances are checked before the first is changed. An instance that is in the wanted state already is left alone. */
    private void change(Call call, Xml out, Set<String> wrong, String wanted, BiConsumer<World.Instance, Instant> to) {
        List<String> ids = call.list("InstanceId").stream().distinct().toList();
        if (ids.isEmpty()) {
            throw Ec2Error.missing("InstanceId");
        }
        List<World.Instance> before = new ArrayList<>();
        for (String id : ids) {
            World.Instance instance = account.instances.get(id);
            if (wrong.contains(instance.state())) {
                throw Ec2Error.of("IncorrectInstanceState", "The instance '%s' is not in a state from which it can be "
                        + "%s.", id, wanted);
            }
            before.add(instance);
        }
        before.forEach(instance -> to.accept(instance, call.now()));
        out.items("instancesSet", before, (old, item) -> {
            String now = account.instances.get(old.id()).state();
            item.element("instanceId", old.id())
                    .inside("currentState", () -> item.element("code", Instances.CODES.get(now)).element("name", now))
                    .inside("previousState", () -> item.element("code", Instances.CODES.get(old.state()))
                            .element("name", old.state()));
        });
    }

    private void startRunning(World.Instance instance, Instant now) {
        account.workloads.started(instance);
        become(instance.id(), "pending", "running", now);
    }

    /** The second state follows only if the instance is still in the first one by then. */
    private void become(String id, String first, String then, Instant now) {
        account.instances.change(id, i -> i.state(first));
        account.dueChanges.at(now.plus(account.settings.instanceChanging()),
                () -> account.instances.change(id, i -> i.state().equals(first) ? i.state(then) : i));
    }

    /**
     * A volume that is deleted on termination loses its bytes now and its id later. Any other volume is detached once the
     * instance is terminated.
     */
    private void releaseVolumes(World.Instance instance, Instant now) {
        for (World.Volume volume : account.volumes.all()) {
            if (volume.attachedTo().equals(instance.id())) {
                boolean deletes = account.attachments.of(volume.id()).orElseThrow().deleteOnTermination();
                if (deletes) {
                    account.disks(disks -> disks.delete(volume.id()));
                }
                account.dueChanges.at(now.plus(account.settings.instanceChanging()), () -> {
                    if (account.volumes.find(volume.id()).filter(v -> v.attachedTo().equals(instance.id())).isPresent()) {
                        account.attachments.release(volume.id());
                        if (deletes) {
                            volumes.startDeleting(volume.id(), now.plus(account.settings.instanceChanging()));
                        }
                    }
                });
            }
        }
    }

    private static int count(Call call, String name) {
        call.required(name);
        return call.integer(name, 1, Integer.MAX_VALUE).orElseThrow();
    }

    private static String profile(Call call) {
        Call profile = call.structure("IamInstanceProfile");
        return profile.text("Arn").or(() -> profile.text("Name").map(name ->
                "arn:aws:iam::" + Account.ID + ":instance-profile/" + name)).orElse("");
    }
}
