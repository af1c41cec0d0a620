package practice;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which volume is attached to which instance, from {@code attaching} until the detachment is over. */
final class Attachments {

    /**
     * EC2 User Guide, "Device names for volumes on Amazon EC2 instances", for HVM: sd and xvd mean the same device.
     * EC2 refuses partitions (sous-chefs/aws#134) and accepts a name without /dev/ (mantl/mantl#819).
     */
    private static final Pattern DEVICE = Pattern.compile("(/dev/)?(sd[a-z]|sda1|xvd[a-z]|xvd[a-d][a-z])");

    private final Account account;
    private final Map<String, Attachment> byVolume = new HashMap<>();

    Attachments(Account account) {
        this.account = account;
    }

    /**
     * @param leavesAt when the detachment ends, if nothing holds the volume; {@link Instant#MAX} while nobody asked for one
     * @param isStuck  whether a fault keeps the detachment busy until it is forced
     */
    record Attachment(String volume, String instance, String device, String status, Instant at,
                      boolean deleteOnTermination, Instant leavesAt, boolean isStuck, boolean isForced) {

        Attachment status(String s) {
            return new Attachment(volume, instance, device, s, at, deleteOnTermination, leavesAt, isStuck, isForced);
        }

        Attachment leaving(Instant when, boolean stuck, boolean forced) {
            return new Attachment(volume, instance, device, "detaching", at, deleteOnTermination, when, stuck, forced);
        }
    }

    /** For a volume of the world: attached since the instance was launched or the volume was made, whichever came later. */
    void start(World.Volume v) {
        if (!v.attachedTo().isEmpty()) {
            Instant at = account.instances.find(v.attachedTo()).map(World.Instance::launchedAt)
                    .filter(launched -> launched.isAfter(v.createdAt())).orElse(v.createdAt());
            byVolume.put(v.id(), attached(v.id(), v.attachedTo(), v.device(), at, account.isRoot(v)));
        }
    }

    /** A root volume is attached by the launch of its instance, so it is never {@code attaching}. */
    void startRoot(World.Volume v) {
        byVolume.put(v.id(), attached(v.id(), v.attachedTo(), v.device(), v.createdAt(), true));
    }

    Optional<Attachment> of(String volume) {
        return Optional.ofNullable(byVolume.get(volume));
    }

    void attach(Call call, Xml out) {
        World.Volume volume = account.volumes.get(call.required("VolumeId"));
        World.Instance instance = account.instances.get(call.required("InstanceId"));
        String device = call.required("Device");
        if (!DEVICE.matcher(device).matches()) {
            throw Ec2Error.value(device, "device", device + " is not a valid EBS device name.");
        }
        if (!volume.attachedTo().isEmpty()) {
            throw Ec2Error.of("VolumeInUse", "%s is already attached to an instance", volume.id());
        }
        if (!volume.state().equals("available")) {
            throw Ec2Error.of("IncorrectState", "The volume '%s' is not 'available'.", volume.id());
        }
        if (!Set.of("running", "stopped").contains(instance.state())) { // API reference, AttachVolume
            throw Ec2Error.of("IncorrectState", "Instance '%s' is not 'running'.", instance.id());
        }
        if (!volume.zone().equals(instance.zone())) {
            throw Ec2Error.of("InvalidVolume.ZoneMismatch", "The volume '%s' is not in the same availability zone as "
                    + "instance '%s'", volume.id(), instance.id());
        }
        if (byVolume.values().stream().anyMatch(a -> a.instance.equals(instance.id())
                && sameDevice(a.device).equals(sameDevice(device)))) {
            // etcd-manager looks for exactly these words of EC2 (kopeio/etcd-manager#323).
            throw Ec2Error.of("InvalidParameterValue", "Invalid value '%s' for unixDevice. Attachment point %s is "
                    + "already in use", device, device);
        }
        Attachment made = attached(volume.id(), instance.id(), device, call.now(), false).status("attaching");
        byVolume.put(volume.id(), made);
        account.volumes.change(volume.id(), v -> v.attachedTo(instance.id(), device));
        account.dueChanges.at(call.now().plus(account.settings.attaching()),
                () -> byVolume.computeIfPresent(volume.id(), (id, now) -> now == made ? now.status("attached") : now));
        write(made, out);
    }

    void detach(Call call, Xml out) {
        World.Volume volume = account.volumes.get(call.required("VolumeId"));
        call.text("InstanceId").ifPresent(account.instances::get);
        Attachment old = byVolume.get(volume.id());
        boolean forced = call.flag("Force");
        if (old == null) {
            throw Ec2Error.of("IncorrectState", "Volume '%s' is in the '%s' state.", volume.id(), volume.state());
        }
        if (call.text("InstanceId").filter(id -> !id.equals(old.instance)).isPresent()
                || call.text("Device").filter(d -> !sameDevice(d).equals(sameDevice(old.device))).isPresent()) {
            throw Ec2Error.of("InvalidAttachment.NotFound", "The volume '%s' is not attached to instance '%s' as "
                    + "device '%s'.", volume.id(), call.text("InstanceId").orElse(old.instance),
                    call.text("Device").orElse(old.device));
        }
        if (account.isRoot(volume) && account.instances.get(old.instance).state().equals("running")) {
            throw Ec2Error.of("OperationNotPermitted", "Unable to detach root volume '%s' from instance '%s'",
                    volume.id(), old.instance);
        }
        if (old.leavesAt != Instant.MAX && !forced) {
            throw Ec2Error.of("IncorrectState", "Volume '%s' is in the '%s' state.", volume.id(), old.status);
        }
        Attachment leaving = old.leaving(call.now().plus(account.settings.detaching()),
                call.meets(Fault.Kind.STAYS_BUSY), forced);
        byVolume.put(volume.id(), leaving);
        write(leaving, out);
    }

    /** A detachment is {@code busy} until the instance has unmounted the volume (API reference, DetachVolume). */
    void advanceTo(Instant now) {
        for (Attachment a : Set.copyOf(byVolume.values())) {
            if (a.leavesAt != Instant.MAX) {
                if (!a.isForced && (a.isStuck || account.workloads.mounts(a.volume))) {
                    byVolume.put(a.volume, a.status("busy"));
                } else if (now.isBefore(a.leavesAt)) {
                    byVolume.put(a.volume, a.status("detaching"));
                } else {
                    release(a.volume);
                }
            }
        }
    }

    void release(String volume) {
        byVolume.remove(volume);
        account.volumes.change(volume, World.Volume::detached);
    }

    static void write(Attachment a, Xml out) {
        out.element("volumeId", a.volume).element("instanceId", a.instance).element("device", a.device)
                .element("status", a.status).element("attachTime", a.at)
                .element("deleteOnTermination", a.deleteOnTermination);
    }

    private static Attachment attached(String volume, String instance, String device, Instant at, boolean deleteOnTermination) {
        return new Attachment(volume, instance, device, "attached", at, deleteOnTermination, Instant.MAX, false, false);
    }

    private static String sameDevice(String device) {
        String name = device.replaceFirst("^/dev/", "").replaceFirst("^sd", "xvd");
        return name.equals("xvda1") ? "xvda" : name;
    }
}
