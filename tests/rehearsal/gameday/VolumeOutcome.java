package gameday;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import practice.World;

/** What happened to an etcd volume. */
public record VolumeOutcome(String etcd, String member, String zone, String volume, String snapshot, Kind kind) {

    /** {@code LIVE}: nodes find it by its tags. {@code RETIRED}: it is there, its live tags are parked. {@code LOST}: deleted. */
    public enum Kind {
        LIVE, RETIRED, LOST;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** All etcd volumes that were there at first or are there now, sorted by etcd cluster, member and kind. */
    static List<VolumeOutcome> of(ScenarioRun run) {
        List<World.Volume> now = run.ec2.volumes();
        List<VolumeOutcome> outcomes = new ArrayList<>();
        for (World.Volume volume : run.world.volumes()) {
            if (now.stream().noneMatch(v -> v.id().equals(volume.id()))) {
                add(outcomes, volume, Kind.LOST);
            }
        }
        now.forEach(volume -> add(outcomes, volume, Kind.LIVE));
        outcomes.sort(Comparator.comparing(VolumeOutcome::etcd).reversed().thenComparing(VolumeOutcome::member)
                .thenComparing(VolumeOutcome::kind).thenComparing(VolumeOutcome::volume));
        return List.copyOf(outcomes);
    }

    private static void add(List<VolumeOutcome> outcomes, World.Volume volume, Kind kind) {
        for (Map.Entry<String, String> tag : volume.tags().entrySet()) {
            String key = tag.getKey().replaceFirst("^etcd-ops/parked/", "");
            if (key.startsWith("k8s.io/etcd/") && tag.getValue().contains("/")) {
                outcomes.add(new VolumeOutcome(key.substring("k8s.io/etcd/".length()), tag.getValue().split("/")[0],
                        volume.zone(), volume.id(), volume.snapshotId(), key.equals(tag.getKey()) ? kind : Kind.RETIRED));
            }
        }
    }
}
