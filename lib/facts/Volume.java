package facts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One EBS volume, as DescribeVolumes said. Absent strings are empty, never null.
 *
 * @param sizeGib    GiB
 * @param iops       provisioned or baseline I/O operations per second, 0 where the type has none
 * @param throughput MiB/s, 0 where the type has none
 * @param snapshot   the snapshot it was made from, or empty
 */
public record Volume(
        String id, String state, String zone, Instant createdAt, int sizeGib, String type, int iops, int throughput,
        boolean encrypted, String kmsKey, String snapshot, List<Attachment> attachments, Map<String, String> tags) {

    /** Where a volume is attached. EBS lists one attachment, and several only with Multi-Attach. */
    public record Attachment(String instance, String device, String state) {
        public boolean holds() {
            return !state.equals("detached");
        }
    }

    public Volume {
        attachments = List.copyOf(attachments);
        tags = Map.copyOf(tags);
    }

    public Optional<String> tag(String key) {
        return Optional.ofNullable(tags.get(key));
    }

    public boolean hasTag(String key, String value) {
        return value.equals(tags.get(key));
    }

    /** The same volume with other tags. */
    public Volume withTags(Map<String, String> all) {
        return new Volume(id, state, zone, createdAt, sizeGib, type, iops, throughput, encrypted, kmsKey, snapshot,
                attachments, all);
    }

    /** The instance that holds it, also while attaching or detaching. */
    public Optional<String> attachedTo() {
        return attachments.stream().filter(Attachment::holds).map(Attachment::instance).findFirst();
    }

    /** A deleted volume stays in DescribeVolumes for a while; no reader can use it any more. */
    public boolean exists() {
        return !state.equals("deleting") && !state.equals("deleted");
    }
}
