package practice;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import practice.Attachments.Attachment;

/** EC2 instances, as far as volumes need them: zone, state, tags, and what is attached. */
final class Instances {

    static final Map<String, Integer> CODES = Map.of("pending", 0, "running", 16, "shutting-down", 32,
            "terminated", 48, "stopping", 64, "stopped", 80);

    private final Account account;
    private final Filters<World.Instance> filters;
    private final Map<String, Launch> launches = new HashMap<>();

    /** The parameters of the call that launched an instance. {@code first} is the first instance of that call. */
    record Launch(World.Instance first, String image, String type, String profile, String token) {
    }

    Instances(Account account) {
        this.account = account;
        this.filters = new Filters<World.Instance>()
                .on("instance-id", World.Instance::id)
                .on("instance-state-name", World.Instance::state)
                .on("instance-state-code", i -> CODES.get(i.state()))
                .on("availability-zone", World.Instance::zone)
                .on("availability-zone-id", i -> Zones.zoneId(i.zone()))
                .on("root-device-name", World.Instance::rootDevice)
                .on("launch-time", i -> Xml.time(i.launchedAt()))
                .on("reservation-id", this::reservation)
                .on("owner-id", i -> Account.ID)
                .onEach("block-device-mapping.volume-id", i -> attached(i).stream().map(Attachment::volume).toList())
                .onEach("block-device-mapping.device-name",
                        i -> attached(i).stream().map(Attachment::device).toList())
                .onTags(World.Instance::tags);
    }

    void describe(Call call, Xml out) {
        List<String> ids = call.list("InstanceId");
        Paging<World.Instance> page = Paging.page(call, account.instances.seen(ids, call.now()).stream()
                .filter(filters.asked(call)).toList(), World.Instance::id, !ids.isEmpty(), account.settings.pageCap());
        Map<String, List<World.Instance>> reservations = page.items().stream()
                .collect(Collectors.groupingBy(this::reservation, TreeMap::new, Collectors.toList()));
        out.items("reservationSet", reservations.values(), this::write).unlessEmpty("nextToken", page.nextToken());
    }

    void launched(String id, Launch launch) {
        launches.put(id, launch);
    }

    /** A reservation holds the instances that one call launched. */
    void write(List<World.Instance> together, Xml out) {
        out.element("reservationId", reservation(together.get(0))).element("ownerId", Account.ID)
                .items("instancesSet", together, (one, item) -> {
                    item.element("instanceId", one.id())
                            .inside("instanceState", () -> item.element("code", CODES.get(one.state()))
                                    .element("name", one.state()))
                            .element("launchTime", one.launchedAt())
                            .inside("placement", () -> item.element("availabilityZone", one.zone())
                                    .element("availabilityZoneId", Zones.zoneId(one.zone())))
                            .element("rootDeviceType", "ebs").element("rootDeviceName", one.rootDevice())
                            .items("blockDeviceMapping", attached(one), (a, mapping) -> mapping
                                    .element("deviceName", a.device())
                                    .inside("ebs", () -> mapping.element("volumeId", a.volume())
                                            .element("status", a.status()).element("attachTime", a.at())
                                            .element("deleteOnTermination", a.deleteOnTermination())))
                            .tags(one.tags());
                    Optional.ofNullable(launches.get(one.id())).ifPresent(launch -> write(launch, item));
                });
    }

    private static void write(Launch launch, Xml out) {
        out.element("imageId", launch.image).element("instanceType", launch.type)
                .unlessEmpty("clientToken", launch.token);
        if (!launch.profile.isEmpty()) {
            out.inside("iamInstanceProfile", () -> out.element("arn", launch.profile));
        }
    }

    private List<Attachment> attached(World.Instance i) {
        return account.volumes.all().stream().filter(v -> v.attachedTo().equals(i.id()))
                .flatMap(v -> account.attachments.of(v.id()).stream()).toList();
    }

    /** Instances of the world have a reservation each: kops launches every master by an Auto Scaling group of its own. */
    private String reservation(World.Instance i) {
        World.Instance first = launches.containsKey(i.id()) ? launches.get(i.id()).first : i;
        return "r-" + first.id().substring("i-".length());
    }
}
