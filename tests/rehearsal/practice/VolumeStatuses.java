package practice;

import java.util.List;
import java.util.Map;

/** DescribeVolumeStatus: the health of volumes, and how far EBS has filled them. */
final class VolumeStatuses {

    private final Account account;

    VolumeStatuses(Account account) {
        this.account = account;
    }

    /** Volumes here are never impaired. A volume in the error state has insufficient data (API reference). */
    void describe(Call call, Xml out) {
        List<String> ids = call.list("VolumeId");
        Listing<World.Volume> listing = new Listing<>("volumeStatusSet", World.Volume::id, new Filters<World.Volume>()
                .on("availability-zone", World.Volume::zone)
                .on("volume-status.status", VolumeStatuses::status), (v, item) -> write(v, call, item),
                account.settings.pageCap());
        listing.write(call, account.volumes.seen(ids, call.now()), !ids.isEmpty(), out);
    }

    private void write(World.Volume v, Call call, Xml out) {
        boolean isKnown = status(v).equals("ok");
        out.element("volumeId", v.id()).element("availabilityZone", v.zone())
                .element("availabilityZoneId", Zones.zoneId(v.zone()))
                .inside("volumeStatus", () -> out.element("status", status(v)).items("details",
                        List.of(Map.entry("io-enabled", isKnown ? "passed" : "insufficient-data"),
                                Map.entry("io-performance", "not-applicable")),
                        (detail, item) -> item.element("name", detail.getKey()).element("status", detail.getValue())))
                .items("eventsSet", List.of(), (none, item) -> { })
                .items("actionsSet", List.of(), (none, item) -> { });
        account.initializations.of(v.id()).ifPresent(i -> out.inside("initializationStatusDetails", () -> {
            out.element("initializationType", i.type()).element("progress", i.progress(call.now()));
            if (i.rate() > 0) { // API reference: only with a provisioned rate
                out.element("estimatedTimeToCompleteInSeconds", i.secondsLeft(call.now()));
            }
        }));
    }

    private static String status(World.Volume v) {
        return v.state().equals("error") || v.state().equals("creating") ? "insufficient-data" : "ok";
    }
}
