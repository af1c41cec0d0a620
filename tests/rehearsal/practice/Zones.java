package practice;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The zones of the region: three, named as in any region of AWS. */
final class Zones {

    private static final List<String> LETTERS = List.of("a", "b", "c");

    private final Account account;
    private final Filters<String> filters;

    Zones(Account account) {
        this.account = account;
        this.filters = new Filters<String>().on("zone-name", z -> z).on("zone-id", Zones::zoneId)
                .on("region-name", z -> account.region).on("state", z -> "available")
                .on("opt-in-status", z -> "opt-in-not-required").on("zone-type", z -> "availability-zone");
    }

    /** {@code euc1-az1} for {@code eu-central-1a}. In AWS the digit differs per account; here a is 1. */
    static String zoneId(String zone) {
        String[] parts = zone.split("-");
        String compass = parts[1].replaceAll("(north|south|central|east|west)", "$1 ");
        String letters = Stream.of(compass.trim().split(" ")).map(word -> word.substring(0, 1))
                .reduce("", String::concat);
        int last = parts[2].length() - 1;
        return parts[0] + letters + parts[2].substring(0, last) + "-az" + (parts[2].charAt(last) - 'a' + 1);
    }

    /** The zone in which a call makes its resource. The call gives its name or its id, but not both. */
    static String asked(Call call, String region) {
        Optional<String> name = call.text("AvailabilityZone").filter(zone -> !zone.isEmpty());
        Optional<String> id = call.text("AvailabilityZoneId").filter(zone -> !zone.isEmpty());
        if (name.isPresent() && id.isPresent()) {
            throw Ec2Error.of("InvalidParameterCombination", "Give either AvailabilityZone or AvailabilityZoneId");
        }
        String asked = name.or(() -> id).orElseThrow(() -> Ec2Error.missing("AvailabilityZone"));
        return LETTERS.stream().map(letter -> region + letter)
                .filter(zone -> asked.equals(name.isPresent() ? zone : zoneId(zone))).findFirst()
                .orElseThrow(() -> Ec2Error.of("InvalidZone.NotFound", "The zone '%s' does not exist.", asked));
    }

    void describe(Call call, Xml out) {
        List<String> all = LETTERS.stream().map(letter -> account.region + letter).toList();
        List<String> ids = all.stream().map(Zones::zoneId).toList();
        Set<String> named = Set.copyOf(call.list("ZoneName"));
        Set<String> numbered = Set.copyOf(call.list("ZoneId"));
        Stream.concat(named.stream().filter(z -> !all.contains(z)), numbered.stream().filter(z -> !ids.contains(z)))
                .findFirst().ifPresent(unknown -> {
                    throw Ec2Error.of("InvalidParameterValue", "Invalid availability zone: [%s]", unknown);
                });
        out.items("availabilityZoneInfo", all.stream()
                .filter(z -> named.isEmpty() || named.contains(z))
                .filter(z -> numbered.isEmpty() || numbered.contains(zoneId(z)))
                .filter(filters.asked(call)).toList(), (zone, item) -> item
                .element("optInStatus", "opt-in-not-required").element("regionName", account.region)
                .element("zoneName", zone).element("zoneId", zoneId(zone)).element("groupName", account.region)
                .element("networkBorderGroup", account.region).element("zoneType", "availability-zone")
                .element("zoneState", "available"));
    }
}
