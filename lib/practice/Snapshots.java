package practice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** EBS snapshots. The point in time is fixed inside the call; being {@code completed} comes later. */
final class Snapshots {

    private final Account account;
    private final SplittableRandom ids = new SplittableRandom(1);
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

    /** A snapshot as it was when it was taken, and what becomes of it when. */
    record Taken(World.Snapshot first, Instant endsAt, boolean fails) {

        static Taken from(World.Snapshot s, Instant started, Settings settings) {
            return s.state().equals("pending") ? new Taken(s, started.plus(settings.snapshotTakes()), false)
                    : new Taken(s, s.startAt(), s.state().equals("error"));
        }

        Taken tags(Map<String, String> all) {
            return new Taken(first.tags(all), endsAt, fails);
        }

        boolean isPending(Instant now) {
            return first.state().equals("pending") && now.isBefore(endsAt);
        }

        /** The data is gone from the queue only when it completed: a failed one goes on counting until deleted. */
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
                // All of ours are private: the owner may restore them, "all" (public) brings nothing.
                && isAmong(call.list("RestorableBy"), Set.of("self", Account.ID));
        List<Taken> found = account.snapshots.seen(named, call.now());
        listing.write(call, ours ? found.stream().map(t -> t.at(call.now())).toList() : List.of(),
                !named.isEmpty(), out);
    }

    void create(Call call, Xml out) {
        World.Volume volume = account.volumes.get(call.required("VolumeId"));
        Map<String, String> tags = Tags.specified(call, Kind.SNAPSHOT);
        refuseTooMany(List.of(volume), call.now());
        write(take(volume, tags, call).at(call.now()), out);
    }

    /** All volumes of one instance at one instant, or none: a volume that cannot be snapshotted fails the call. */
    void createOfInstance(Call call, Xml out) {
        Call of = call.structure("InstanceSpecification");
        World.Instance instance = account.instances.get(of.required("InstanceId"));
        if (Set.of("terminated", "shutting-down").contains(instance.state())) {
            throw Refusal.of("IncorrectInstanceState", "The instance '%s' is %s", instance.id(), instance.state());
        }
        String source = call.text("CopyTagsFromSource").orElse("");
        if (!Set.of("", "volume").contains(source)) {
            throw Refusal.value(source, "CopyTagsFromSource", "Expected: 'volume'.");
        }
        List<World.Volume> volumes = included(instance, of);
        Map<String, String> tags = Tags.specified(call, Kind.SNAPSHOT);
        Map<World.Volume, Map<String, String>> all = new HashMap<>();
        for (World.Volume volume : volumes) {
            boolean copied = source.equals("volume") && !call.meets(Fault.Kind.TAGS_IGNORED);
            all.put(volume, Tags.limited(copied ? Tags.added(volume.tags(), tags) : tags));
        }
        refuseTooMany(volumes, call.now());
        List<World.Snapshot> made = new ArrayList<>();
        for (World.Volume volume : volumes) {
            made.add(take(volume, all.get(volume), call).at(call.now()));
        }
        // SnapshotInfo calls "state" what Snapshot calls "status".
        out.items("snapshotSet", made, (s, item) -> item.element("snapshotId", s.id())
                .element("volumeId", s.volumeId()).element("state", s.state()).element("startTime", s.startAt())
                .element("progress", s.progress()).element("ownerId", Account.ID)
                .element("description", s.description()).element("volumeSize", s.sizeGib())
                .element("encrypted", s.encrypted()).tags(s.tags()));
    }

    private List<World.Volume> included(World.Instance instance, Call of) {
        boolean withoutRoot = of.flag("ExcludeBootVolume");
        List<String> excluded = of.list("ExcludeDataVolumeId");
        if (excluded.size() > 40) { // API reference, InstanceSpecification: up to 40 volume ids per request
            throw Refusal.of("InvalidParameterValue", "At most 40 data volumes can be excluded");
        }
        List<World.Volume> attached = account.volumes.all().stream()
                .filter(v -> v.attachedTo().equals(instance.id())).toList();
        for (String id : new HashSet<>(excluded)) {
            World.Volume volume = account.volumes.get(id);
            if (!attached.contains(volume) || account.isRoot(volume)) { // same page: naming the root fails the request
                throw Refusal.value(id, "ExcludeDataVolumeId", "It is not a data volume of " + instance.id() + ".");
            }
        }
        List<World.Volume> included = attached.stream().filter(v -> !excluded.contains(v.id()))
                .filter(v -> !withoutRoot || !account.isRoot(v)).toList();
        if (included.isEmpty()) {
            throw Refusal.of("InvalidParameterValue", "No volumes of %s are left to snapshot", instance.id());
        }
        return included;
    }

    /** All are checked before any is taken. */
    private void refuseTooMany(List<World.Volume> volumes, Instant now) {
        for (World.Volume volume : volumes) {
            String state = account.now(volume, now).state();
            if (!Set.of("available", "in-use").contains(state)) {
                throw Refusal.of("IncorrectState", "Volume '%s' is in the '%s' state", volume.id(), state);
            }
            List<Taken> taken = account.snapshots.all().stream()
                    .filter(t -> t.first().volumeId().equals(volume.id())).toList();
            if (taken.stream().anyMatch(t -> now.isBefore(t.first().startAt()
                    .plus(account.settings.snapshotSpacing())))) {
                throw Refusal.of("SnapshotCreationPerVolumeRateExceeded", "The maximum per volume CreateSnapshot "
                        + "request rate has been exceeded. Use an increasing or variable sleep interval between "
                        + "requests.");
            }
            // One for the old hard-disk types: EBS quotas, "Concurrent snapshots per ... volume".
            int most = Set.of("st1", "sc1").contains(volume.type()) ? 1 : account.settings.pendingPerVolume();
            if (taken.stream().filter(t -> t.countsAsPending(now)).count() >= most) {
                throw Refusal.of("ConcurrentSnapshotLimitExceeded", "Maximum allowed in-progress snapshots for a "
                        + "single volume exceeded.");
            }
        }
    }

    private Taken take(World.Volume volume, Map<String, String> tags, Call call) {
        World.Snapshot first = new World.Snapshot(String.format("snap-0%016x", ids.nextLong()), volume.id(), "pending",
                "0%", call.now(), volume.sizeGib(), volume.encrypted(), volume.kmsKeyId(), "standard",
                call.text("Description").orElse(""), tags);
        Taken taken = new Taken(first, call.now().plus(account.settings.snapshotTakes()),
                call.meets(Fault.Kind.SNAPSHOT_FAILS));
        account.snapshots.put(first.id(), taken, call.seenFrom());
        return taken;
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
                throw Refusal.of("InvalidUserID.Malformed", "Invalid user id: \"%s\"", user);
            }
        }
        return asked.isEmpty() || asked.stream().anyMatch(ours::contains);
    }
}
