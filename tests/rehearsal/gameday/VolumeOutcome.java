package gameday;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import practice.World;

/** What became of an etcd volume. */
public record VolumeOutcome(String etcd, String member, String zone, String volume, String snapshot, Kind kind) {

    /** {@code LOST} is deleted, {@code RETIRED} is there without its live tags, {@code LIVE} is what a node finds. */
    public enum Kind {
        LIVE, RETIRED, LOST;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Of those that were there at first and those that are there now, by etcd cluster, member and kind. */
    static List<VolumeOutcome> of(ScenarioRun scene) {
        List<World.Volume> now = scene.hand.volumes();
        List<VolumeOutcome> fates = new ArrayList<>();
        for (World.Volume volume : scene.world.volumes()) {
            if (now.stream().noneMatch(v -> v.id().equals(volume.id()))) {
                add(fates, volume, Kind.LOST);
            }
        }
        now.forEach(volume -> add(fates, volume, Kind.LIVE));
        fates.sort(Comparator.comparing(VolumeOutcome::etcd).reversed().thenComparing(VolumeOutcome::member)
                .thenComparing(VolumeOutcome::kind).thenComparing(VolumeOutcome::volume));
        return List.copyOf(fates);
    }

    private static void add(List<VolumeOutcome> fates, World.Volume volume, Kind kind) {
        for (Map.Entry<String, String> tag : volume.tags().entrySet()) {
            String key = tag.getKey().replaceFirst("^etcd-ops/parked/", "");
            if (key.startsWith("k8s.io/etcd/") && tag.getValue().contains("/")) {
                fates.add(new VolumeOutcome(key.substring("k8s.io/etcd/".length()), tag.getValue().split("/")[0], volume.zone(),
                        volume.id(), volume.snapshotId(), key.equals(tag.getKey()) ? kind : Kind.RETIRED));
            }
        }
    }
}
