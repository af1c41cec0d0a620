package practice;

import java.util.List;
import java.util.Map;

/** EC2 instances, as far as volumes and their readers care: where they are, what they are, what is attached. */
final class Instances {

    private static final Map<String, Integer> CODES = Map.of("pending", 0, "running", 16, "shutting-down", 32,
            "terminated", 48, "stopping", 64, "stopped", 80);

    private final Account account;
    private final Listing<World.Instance> listing;

    Instances(Account account) {
        this.account = account;
        this.listing = new Listing<>("reservationSet", World.Instance::id, new Filters<World.Instance>()
                .on("instance-id", World.Instance::id)
                .on("instance-state-name", World.Instance::state)
                .on("instance-state-code", i -> CODES.get(i.state()))
                .on("availability-zone", World.Instance::zone)
                .on("availability-zone-id", i -> Zones.zoneId(i.zone()))
                .on("root-device-name", World.Instance::rootDevice)
                .on("launch-time", i -> Xml.time(i.launchedAt()))
                .on("reservation-id", Instances::reservation)
                .on("owner-id", i -> Account.ID)
                .onEach("block-device-mapping.volume-id", i -> attached(i).stream().map(World.Volume::id).toList())
                .onEach("block-device-mapping.device-name",
                        i -> attached(i).stream().map(World.Volume::device).toList())
                .onTags(World.Instance::tags), this::write, account.settings.pageCap());
    }

    void describe(Call call, Xml out) {
        List<String> ids = call.list("InstanceId");
        listing.write(call, account.instances.seen(ids, call.now()), !ids.isEmpty(), out);
    }

    private void write(World.Instance i, Xml out) {
        out.element("reservationId", reservation(i)).element("ownerId", Account.ID)
                .items("instancesSet", List.of(i), (one, item) -> item.element("instanceId", one.id())
                        .inside("instanceState", () -> item.element("code", CODES.get(one.state()))
                                .element("name", one.state()))
                        .element("launchTime", one.launchedAt())
                        .inside("placement", () -> item.element("availabilityZone", one.zone())
                                .element("availabilityZoneId", Zones.zoneId(one.zone())))
                        .element("rootDeviceType", "ebs").element("rootDeviceName", one.rootDevice())
                        .items("blockDeviceMapping", attached(one), (v, mapping) -> mapping
                                .element("deviceName", v.device())
                                .inside("ebs", () -> mapping.element("volumeId", v.id())
                                        .element("status", "attached")
                                        .element("deleteOnTermination", account.isRoot(v))))
                        .tags(one.tags()));
    }

    private List<World.Volume> attached(World.Instance i) {
        return account.volumes.all().stream().filter(v -> v.attachedTo().equals(i.id())).toList();
    }

    /** Every instance of a control plane is launched by its own group, so each has a reservation of its own. */
    private static String reservation(World.Instance i) {
        return "r-" + i.id().substring("i-".length());
    }
}
