package practice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** EBS snapshots. The call itself fixes the point in time; the snapshot is {@code completed} later. */
final class Snapshots {

    /** The volume id that EC2 gives for every copy. */
    private static final String COPIED = "vol-ffffffff";
    /** EBS quotas, "Pending snapshots per account": not adjustable. */
    private static final int PENDING = 100;

    private final Account account;
    private final Set<String> deleting = new HashSet<>();
    private final Listing<World.Snapshot> listing;

    Snapshots(Account account) {
        this.account = account;
        this.listing = new Listing<>("snapshotSet", World.Snapshot::id, new Filters<World.Snapshot>()
                .on("snapshot-id", World.Snapshot::id)
                .on("volume-id", World.Snapshot::volumeId)
                .on("status", World.Snapshot::state)
                .on("progress", World.Snapshot::progress)
                .on("start-time", s -> Xml.time(s.startAt()))
                .on("volume-size", World.Snapshot::sizeGib)
                .on("encrypted", World.Snapshot::encrypted)
                .on("storage-tier", World.Snapshot::storageTier)
                .on("description", World.Snapshot::description)
                .on("owner-id", s -> Account.ID)
                .onTags(World.Snapshot::tags), Snapshots::write, account.settings.pageCap());
    }

    /** A snapshot as it was when it was taken, the time at which it ends, and whether it ends in {@code error}. */
    record Taken(World.Snapshot first, Instant endsAt, boolean fails) {

        static Taken from(World.Snapshot s, Instant started, Settings settings) {
            return s.state().equals("pending") ? new Taken(s, started.plus(settings.snapshotTakes()), false)
                    : new Taken(s, s.startAt(), s.state().equals("error"));
        }

        Taken storageTier(String tier) {
            return new Taken(first.storageTier(tier), endsAt, fails);
        }

        Taken tags(Map<String, String> all) {
            return new Taken(first.tags(all), endsAt, fails);
        }

        boolean isPending(Instant now) {
            return first.state().equals("pending") && now.isBefore(endsAt);
        }

        /** A failed snapshot counts as pending until it is deleted. */
        boolean countsAsPending(Instant now) {
            return isPending(now) || at(now).state().equals("error");
        }

        World.Snapshot at(Instant now) {
            if (!first.state().equals("pending")) {
                return first;
            }
            if (!isPending(now)) {
                return fails ? first.state("error", first.progress()) : first.state("completed", "100%");
            }
            long total = Duration.between(first.startAt(), endsAt).toMillis();
            return first.state("pending", 100 * Duration.between(first.startAt(), now).toMillis() / total + "%");
        }
    }

    void describe(Call call, Xml out) {
        List<String> named = call.list("SnapshotId");
        boolean ours = isAmong(call.list("Owner"), Set.of("self", Account.ID))
                // All snapshots here are private: only the owner may restore them, so "all" (public) finds none.
                && isAmong(call.list("RestorableBy"), Set.of("self", Account.ID));
        List<Taken> found = account.snapshots.seen(named, call.now());
        listing.write(call, ours ? found.stream().map(t -> t.at(call.now())).toList() : List.of(),
                !named.isEmpty(), out);
    }

    void create(Call call, Xml out) {
        World.Volume volume = account.volumes.get(call.required("VolumeId"));
        Map<String, String> tags = Tags.specified(call, Kind.SNAPSHOT);
        refuseTooMany(List.of(volume), call.now());
        write(take(Map.of(volume, tags), call).get(0), out);
    }

    /** All volumes of one instance at one instant, or none: a volume that cannot be snapshotted fails the call. */
    void createOfInstance(Call call, Xml out) {
        Call of = call.structure("InstanceSpecification");
        World.Instance instance = account.instances.get(of.required("InstanceId"));
        if (Set.of("terminated", "shutting-down").contains(instance.state())) {
            throw Ec2Error.of("IncorrectInstanceState", "The instance '%s' is %s", instance.id(), instance.state());
        }
        String source = call.text("CopyTagsFromSource").orElse("");
        if (!Set.of("", "volume").contains(source)) {
            throw Ec2Error.value(source, "CopyTagsFromSource", "Expected: 'volume'.");
        }
        List<World.Volume> volumes = included(instance, of);
        Map<String, String> tags = Tags.specified(call, Kind.SNAPSHOT);
        Map<World.Volume, Map<String, String>> all = new LinkedHashMap<>();
        for (World.Volume volume : volumes) {
            boolean copied = source.equals("volume") && !call.meets(Fault.Kind.TAGS_IGNORED);
            all.put(volume, Tags.limited(copied ? Tags.added(volume.tags(), tags) : tags));
        }
        refuseTooMany(volumes, call.now());
        // The field that Snapshot calls "status" is called "state" in SnapshotInfo.
        out.items("snapshotSet", take(all, call), (s, item) -> item.element("snapshotId", s.id())
                .element("volumeId", s.volumeId()).element("state", s.state()).element("startTime", s.startAt())
                .element("progress", s.progress()).element("ownerId", Account.ID)
                .element("description", s.description()).element("volumeSize", s.sizeGib())
                .element("encrypted", s.encrypted()).tags(s.tags()));
    }

    private List<World.Volume> included(World.Instance instance, Call of) {
        boolean withoutRoot = of.flag("ExcludeBootVolume");
        List<String> excluded = of.list("ExcludeDataVolumeId");
        if (excluded.size() > 40) { // API reference, InstanceSpecification: up to 40 volume ids per request
            throw Ec2Error.of("InvalidParameterValue", "At most 40 data volumes can be excluded");
        }
        List<World.Volume> attached = account.volumes.all().stream()
                .filter(v -> v.attachedTo().equals(instance.id())).toList();
        for (String id : new HashSet<>(excluded)) {
            World.Volume volume = account.volumes.get(id);
            if (!attached.contains(volume) || account.isRoot(volume)) { // same page: the root is refused here
                throw Ec2Error.value(id, "ExcludeDataVolumeId", "It is not a data volume of " + instance.id() + ".");
            }
        }
        List<World.Volume> included = attached.stream().filter(v -> !excluded.contains(v.id()))
                .filter(v -> !withoutRoot || !account.isRoot(v)).toList();
        if (included.isEmpty()) {
            throw Ec2Error.of("InvalidParameterValue", "No volumes of %s are left to snapshot", instance.id());
        }
        return included;
    }

    private void refuseTooManyPending(int more, Instant now) {
        if (account.snapshots.all().stream().filter(t -> t.isPending(now)).count() + more > PENDING) {
            throw Ec2Error.of("PendingSnapshotLimitExceeded", "Maximum allowed pending snapshots of %d exceeded.",
                    PENDING);
        }
    }

    /** Every volume is checked before the first snapshot is taken. */
    private void refuseTooMany(List<World.Volume> volumes, Instant now) {
        refuseTooManyPending(volumes.size(), now);
        for (World.Volume volume : volumes) {
            String state = volume.state();
            if (!Set.of("available", "in-use").contains(state)) {
                throw Ec2Error.of("IncorrectState", "Volume '%s' is in the '%s' state", volume.id(), state);
            }
            List<Taken> taken = account.snapshots.all().stream()
                    .filter(t -> t.first().volumeId().equals(volume.id())).toList();
            if (taken.stream().anyMatch(t -> now.isBefore(t.first().startAt()
                    .plus(account.settings.snapshotSpacing())))) {
                throw Ec2Error.of("SnapshotCreationPerVolumeRateExceeded", "The maximum per volume CreateSnapshot "
                        + "request rate has been exceeded. Use an increasing or variable sleep interval between "
                        + "requests.");
            }
            // EBS quotas, "Concurrent snapshots per ... volume": one for the hard-disk types st1 and sc1.
            int most = Set.of("st1", "sc1").contains(volume.type()) ? 1 : account.settings.pendingPerVolume();
            if (taken.stream().filter(t -> t.countsAsPending(now)).count() >= most) {
                throw Ec2Error.of("ConcurrentSnapshotLimitExceeded", "Maximum allowed in-progress snapshots for a "
                        + "single volume exceeded.");
            }
        }
    }

    /** Snapshots of all these volumes at one instant. Their bytes are copied when the call returns. */
    private List<World.Snapshot> take(Map<World.Volume, Map<String, String>> tagsByVolume, Call call) {
        Map<String, String> copies = new LinkedHashMap<>();
        List<World.Snapshot> taken = new ArrayList<>();
        tagsByVolume.forEach((volume, tags) -> {
            World.Snapshot first = new World.Snapshot(account.newId(Kind.SNAPSHOT), volume.id(), "pending", "0%",
                    call.now(), volume.sizeGib(), volume.encrypted(), volume.kmsKeyId(), "standard",
                    call.text("Description").orElse(""), tags);
            copies.put(volume.id(), first.id());
            taken.add(first);
        });
        account.disks(disks -> disks.cut(copies));
        return taken.stream().map(first -> keep(first, call)).toList();
    }

    private World.Snapshot keep(World.Snapshot first, Call call) {
        Duration takes = account.settings.snapshotTakes();
        boolean isPartial = call.meets(Fault.Kind.PARTIAL);
        Taken taken = new Taken(first, call.now().plus(isPartial ? takes.dividedBy(2) : takes),
                isPartial || call.meets(Fault.Kind.SNAPSHOT_FAILS));
        account.snapshots.put(first.id(), taken, call.seenFrom());
        return taken.at(call.now());
    }

    /** A copy within the region has no tags of its source, and "an arbitrary ID" as volume (API reference, CopySnapshot). */
    void copy(Call call, Xml out) {
        String region = call.required("SourceRegion");
        if (!region.equals(account.region)) {
            throw Ec2Error.value(region, "SourceRegion", "The practice cloud has no region but " + account.region + ".");
        }
        World.Snapshot source = account.snapshots.get(call.required("SourceSnapshotId")).at(call.now());
        if (!source.state().equals("completed")) {
            throw Ec2Error.of("IncorrectState", "Snapshot is in invalid state - %s", source.state());
        }
        if (!source.storageTier().equals("standard")) { // "Archive Amazon EBS snapshots"; the code is a guess
            throw Ec2Error.of("IncorrectState", "Snapshot is in the storage tier %s", source.storageTier());
        }
        // API reference, CopySnapshot: without a KmsKeyId the copy gets the account's key, not the key of the source.
        String key = Keys.of(call, account, source.encrypted(), Keys.ofAccount(account));
        Map<String, String> tags = Tags.specified(call, Kind.SNAPSHOT);
        refuseTooManyPending(1, call.now());
        // EBS quotas: 20 copies at a time to a region.
        if (account.snapshots.all().stream().filter(t -> t.first().volumeId().equals(COPIED))
                .filter(t -> t.isPending(call.now())).count() >= 20) {
            throw Ec2Error.of("ResourceLimitExceeded", "Too many snapshot copies in progress");
        }
        World.Snapshot copy = new World.Snapshot(account.newId(Kind.SNAPSHOT), COPIED, "pending", "0%", call.now(),
                source.sizeGib(), !key.isEmpty(), key, "standard", call.text("Description").orElse(""), tags);
        account.disks(disks -> disks.copy(source.id(), copy.id(), copy.sizeGib()));
        keep(copy, call);
        out.element("snapshotId", copy.id()).tags(tags);
    }

    /** A pending snapshot is deleted when it completes, and counts until then (EBS User Guide, "Delete ... snapshot"). */
    void delete(Call call, Xml out) {
        Taken taken = account.snapshots.get(call.required("SnapshotId"));
        String id = taken.first().id();
        account.locks.refuseDeleting(id, call.now());
        if (!deleting.contains(id)) {
            account.disks(disks -> disks.delete(id));
        }
        if (!taken.isPending(call.now())) {
            account.snapshots.remove(id);
        } else if (deleting.add(id)) {
            account.dueChanges.at(taken.endsAt(), () -> account.snapshots.remove(id));
        }
        out.element("return", true);
    }

    /** EC2 takes up to a day or more to archive a snapshot. Here it is archived when the call returns. */
    void archive(Call call, Xml out) {
        World.Snapshot snapshot = account.snapshots.get(call.required("SnapshotId")).at(call.now());
        String tier = call.required("StorageTier");
        if (!tier.equals("archive")) {
            throw Ec2Error.value(tier, "StorageTier", "Expected: 'archive'.");
        }
        if (!snapshot.state().equals("completed") || !snapshot.storageTier().equals("standard")) {
            throw Ec2Error.of("IncorrectState", "Snapshot '%s' is in the '%s' state and the %s tier", snapshot.id(),
                    snapshot.state(), snapshot.storageTier());
        }
        account.snapshots.change(snapshot.id(), taken -> taken.storageTier("archive"));
        out.element("snapshotId", snapshot.id()).element("tieringStartTime", call.now());
    }

    private static void write(World.Snapshot s, Xml out) {
        out.element("snapshotId", s.id()).element("volumeId", s.volumeId()).element("status", s.state())
                .element("startTime", s.startAt()).element("progress", s.progress()).element("ownerId", Account.ID)
                .element("volumeSize", s.sizeGib()).element("description", s.description())
                .element("encrypted", s.encrypted()).unlessEmpty("kmsKeyId", s.kmsKeyId())
                .element("storageTier", s.storageTier()).tags(s.tags());
    }

    private static boolean isAmong(List<String> asked, Set<String> ours) {
        for (String user : asked) {
            if (!user.matches("self|all|amazon|aws-marketplace|[0-9]{12}")) {
                throw Ec2Error.of("InvalidUserID.Malformed", "Invalid user id: \"%s\"", user);
            }
        }
        return asked.isEmpty() || asked.stream().anyMatch(ours::contains);
    }
}
