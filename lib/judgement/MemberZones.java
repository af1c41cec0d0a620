package judgement;

import java.util.ArrayList;
import java.util.List;

import facts.Volume;

/**
 * In which zone a member's volumes must be. Kops runs main and events of one member on one node, and a node looks for volumes
 * in its own zone only. So all volumes of a member share one zone. No name is ever derived from a zone. But where kops named
 * members after their zones (`a` in eu-central-1a), a volume that alone breaks the pattern is in the wrong zone.
 */
final class MemberZones {
    private record Sighting(String member, Volume volume, boolean heldByNode) {
    }

    private final List<Sighting> sightings = new ArrayList<>();

    /** @param heldByNode whether a running control-plane node of the cluster holds it, which proves its zone */
    void saw(String member, Volume volume, boolean heldByNode) {
        sightings.add(new Sighting(member, volume, heldByNode));
    }

    boolean isWrong(String member, Volume volume) {
        List<Sighting> same = sightings.stream().filter(s -> s.member.equals(member)).toList();
        if (same.stream().anyMatch(s -> s.heldByNode && s.volume.id().equals(volume.id()))) {
            return false;
        }
        List<String> proven = same.stream().filter(Sighting::heldByNode).map(s -> s.volume.zone()).distinct().toList();
        if (proven.size() == 1) {
            return !proven.get(0).equals(volume.zone());
        }
        long here = same.stream().filter(s -> s.volume.zone().equals(volume.zone())).count();
        long elsewhere = same.size() - here;
        List<Sighting> others = sightings.stream().filter(s -> !s.volume.id().equals(volume.id())).toList();
        boolean mine = isNamedAfterZone(member, volume);
        boolean breaksPattern = !mine && others.size() >= 2
                && others.stream().allMatch(s -> isNamedAfterZone(s.member, s.volume));
        boolean keepsPattern = mine && others.stream().filter(s -> isNamedAfterZone(s.member, s.volume)).count() >= 2;
        return breaksPattern || elsewhere > here || elsewhere == here && elsewhere > 0 && !keepsPattern;
    }

    private static boolean isNamedAfterZone(String member, Volume volume) {
        String letter = member.split("-")[0];
        return volume.zone().equals(member) || letter.length() == 1 && volume.zone().endsWith(letter);
    }
}
