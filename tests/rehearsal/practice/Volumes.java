package practice;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import practice.Attachments.Attachment;
import practice.Initializations.Initialization;

/** EBS volumes, and how they show their attachments. */
final class Volumes {

    private final Account account;
    private final Listing<World.Volume> listing;

    Volumes(Account account) {
        this.account = account;
        this.listing = new Listing<>("volumeSet", World.Volume::id, new Filters<World.Volume>()
                .on("volume-id", World.Volume::id)
                .on("status", World.Volume::state)
                .on("availability-zone", World.Volume::zone)
                .on("availability-zone-id", v -> Zones.zoneId(v.zone()))
                .on("volume-type", World.Volume::type)
                .on("size", World.Volume::sizeGib)
                .on("encrypted", World.Volume::encrypted)
                .on("snapshot-id", World.Volume::snapshotId)
                .on("create-time", v -> Xml.time(v.createdAt()))
                .onEach("attachment.instance-id", attached(Attachment::instance))
                .onEach("attachment.device", attached(Attachment::device))
                .onEach("attachment.status", attached(Attachment::status))
                .onEach("attachment.attach-time", attached(a -> Xml.time(a.at())))
                .onEach("attachment.delete-on-termination", attached(a -> String.valueOf(a.deleteOnTermination())))
                .onTags(World.Volume::tags), this::writeAttached, account.settings.pageCap());
    }

    void describe(Call call, Xml out) {
        List<String> ids = call.list("VolumeId");
        listing.write(call, account.volumes.seen(ids, call.now()), !ids.isEmpty(), out);
    }

    void create(Call call, Xml out) {
        World.Volume volume = account.tokens.made(call, account.volumes).map(same -> same.get(0))
                .orElseGet(() -> made(call));
        write(volume, out);
    }

    private World.Volume made(Call call) {
        String zone = Zones.asked(call, account.region);
        Optional<World.Snapshot> snapshot = call.text("SnapshotId").filter(id -> !id.isEmpty())
                .map(id -> restorable(id, call.now()));
        Optional<Integer> size = call.integer("Size");
        if (size.isEmpty() && snapshot.isEmpty()) {
            throw Ec2Error.of("MissingParameter", "The request must contain the parameter size/snapshot");
        }
        VolumeType type = VolumeType.asked(call);
        int gib = type.gib(size.orElseGet(() -> snapshot.orElseThrow().sizeGib()));
        if (snapshot.filter(s -> gib < s.sizeGib()).isPresent()) {
            throw Ec2Error.of("InvalidParameterValue", "Volume of %dGiB is smaller than snapshot '%s', expect size >= "
                    + "%dGiB", gib, snapshot.get().id(), snapshot.get().sizeGib());
        }
        int iops = type.iops(call, gib);
        int throughput = type.throughput(call, iops);
        String key = Keys.of(call, account, snapshot.filter(World.Snapshot::encrypted).isPresent(),
                snapshot.map(World.Snapshot::kmsKeyId).orElse(""));
        Map<String, String> tags = Tags.specified(call, Kind.VOLUME);
        int rate = rate(call, snapshot.isPresent());
        Capacity.check(call, "InsufficientVolumeCapacity");
        World.Volume volume = new World.Volume(account.newId(Kind.VOLUME), zone, gib, type.word(), iops, throughput,
                !key.isEmpty(), key, snapshot.map(World.Snapshot::id).orElse(""), "creating", call.now(), tags, "", "");
        add(volume, call, disks -> {
            if (snapshot.isPresent()) {
                disks.copy(snapshot.get().id(), volume.id(), gib);
            } else {
                disks.blank(volume.id(), gib);
            }
        });
        snapshot.ifPresent(s -> account.initializations.fromSnapshot(volume.id(), gib, rate, call.now()));
        return volume;
    }

    /** Adds a new volume with its bytes, first {@code creating}, later {@code available}, or gone if its key is unusable. */
    void add(World.Volume volume, Call call, Account.DiskChange bytes) {
        // EC2 checks the key after it has answered the call (API reference, CreateVolume: KmsKeyId).
        boolean vanishes = call.meets(Fault.Kind.VOLUME_VANISHES)
                || volume.encrypted() && !account.settings.keyState(volume.kmsKeyId()).equals("Enabled");
        if (!vanishes) {
            account.disks(bytes);
        }
        account.volumes.put(volume.id(), volume, call.seenFrom());
        account.dueChanges.at(call.now().plus(account.settings.volumeCreating()), () -> {
            if (vanishes) {
                forget(volume.id());
            } else {
                account.available(volume.id());
            }
        });
        account.tokens.keep(call, List.of(volume.id()));
    }

    void delete(Call call, Xml out) {
        World.Volume volume = account.volumes.get(call.required("VolumeId"));
        if (!volume.attachedTo().isEmpty()) {
            throw Ec2Error.of("VolumeInUse", "Volume %s is currently attached to %s", volume.id(), volume.attachedTo());
        }
        if (!List.of("available", "error").contains(volume.state())) { // EBS User Guide, "Delete an Amazon EBS volume"
            throw Ec2Error.of("IncorrectState", "The volume '%s' is not 'available'.", volume.id());
        }
        account.disks(disks -> disks.delete(volume.id()));
        startDeleting(volume.id(), call.now());
        out.element("return", true);
    }

    /** The volume, whose bytes are gone, is {@code deleting} for about as long as a new one is {@code creating}. */
    void startDeleting(String id, Instant now) {
        account.volumes.change(id, v -> v.state("deleting"));
        account.dueChanges.at(now.plus(account.settings.volumeCreating()), () -> forget(id));
    }

    private void forget(String id) {
        account.volumes.remove(id);
        account.initializations.forget(id);
    }

    private World.Snapshot restorable(String id, Instant now) {
        World.Snapshot snapshot = account.snapshots.get(id).at(now);
        if (!snapshot.state().equals("completed")) { // EC2's words, vmware-tanzu/velero#1799
            throw Ec2Error.of("IncorrectState", "Snapshot is in invalid state - %s", snapshot.state());
        }
        if (!snapshot.storageTier().equals("standard")) { // "Archive Amazon EBS snapshots"; the code is a guess
            throw Ec2Error.of("IncorrectState", "Snapshot is in the storage tier %s", snapshot.storageTier());
        }
        return snapshot;
    }

    /** EBS User Guide, "Initialize Amazon EBS volumes": the range, and 5,000 MiB/s for all volumes of a region together. */
    private int rate(Call call, boolean isFromSnapshot) {
        int rate = call.integer("VolumeInitializationRate", 100, 300).orElse(0);
        if (rate > 0 && !isFromSnapshot) {
            throw Ec2Error.of("InvalidParameterDependency", "The parameter VolumeInitializationRate requires the "
                    + "parameter SnapshotId to be set.");
        }
        if (rate > 0 && rate + account.initializations.running(call.now()).mapToInt(Initialization::rate).sum() > 5_000) {
            throw Ec2Error.of("ResourceLimitExceeded", "The volume initialization rate of all volumes would be above "
                    + "5000 MiB/s");
        }
        return rate;
    }

    private void writeAttached(World.Volume v, Xml out) {
        write(v, out.items("attachmentSet", account.attachments.of(v.id()).map(List::of).orElse(List.of()),
                Attachments::write));
    }

    void write(World.Volume v, Xml out) {
        out.element("volumeId", v.id()).element("size", v.sizeGib()).element("snapshotId", v.snapshotId())
                .element("availabilityZone", v.zone()).element("availabilityZoneId", Zones.zoneId(v.zone()))
                .element("status", v.state()).element("createTime", v.createdAt())
                .tags(v.tags()).element("volumeType", v.type()).unlessZero("iops", v.iops())
                .unlessZero("throughput", v.throughput()).element("encrypted", v.encrypted())
                .unlessEmpty("kmsKeyId", v.kmsKeyId()).element("multiAttachEnabled", false);
        account.initializations.of(v.id()).ifPresent(i -> out.unlessEmpty("sourceVolumeId", i.sourceVolume())
                .unlessZero("volumeInitializationRate", i.rate()));
    }

    private Function<World.Volume, Collection<String>> attached(Function<Attachment, String> fact) {
        return v -> account.attachments.of(v.id()).map(fact).map(List::of).orElse(List.of());
    }
}
