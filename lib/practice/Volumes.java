package practice;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** EBS volumes, and what an attachment looks like from their side. */
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
                .onEach("attachment.instance-id", attached(World.Volume::attachedTo))
                .onEach("attachment.device", attached(World.Volume::device))
                .onEach("attachment.status", attached(v -> "attached"))
                .onEach("attachment.attach-time", attached(v -> Xml.time(attachedAt(v))))
                .onEach("attachment.delete-on-termination", attached(v -> String.valueOf(account.isRoot(v))))
                .onTags(World.Volume::tags), this::write, account.settings.pageCap());
    }

    void describe(Call call, Xml out) {
        List<String> ids = call.list("VolumeId");
        listing.write(call, account.volumes.seen(ids, call.now()).stream().map(v -> account.now(v, call.now()))
                .toList(), !ids.isEmpty(), out);
    }

    private void write(World.Volume v, Xml out) {
        out.element("volumeId", v.id()).element("size", v.sizeGib()).element("snapshotId", v.snapshotId())
                .element("availabilityZone", v.zone()).element("availabilityZoneId", Zones.zoneId(v.zone()))
                .element("status", v.state()).element("createTime", v.createdAt())
                .items("attachmentSet", v.attachedTo().isEmpty() ? List.of() : List.of(v), (a, item) -> item
                        .element("volumeId", a.id()).element("instanceId", a.attachedTo())
                        .element("device", a.device()).element("status", "attached")
                        .element("attachTime", attachedAt(a))
                        .element("deleteOnTermination", account.isRoot(a)))
                .tags(v.tags()).element("volumeType", v.type()).unlessZero("iops", v.iops())
                .unlessZero("throughput", v.throughput()).element("encrypted", v.encrypted())
                .unlessEmpty("kmsKeyId", v.kmsKeyId()).element("multiAttachEnabled", false);
    }

    private Instant attachedAt(World.Volume v) {
        return account.instances.find(v.attachedTo()).map(World.Instance::launchedAt)
                .filter(launched -> launched.isAfter(v.createdAt())).orElse(v.createdAt());
    }

    private static Function<World.Volume, Collection<String>> attached(Function<World.Volume, String> fact) {
        return v -> v.attachedTo().isEmpty() ? List.of() : List.of(fact.apply(v));
    }
}
