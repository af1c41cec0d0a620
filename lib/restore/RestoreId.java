package restore;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

import facts.Facts;
import facts.Volume;
import tags.LiveTags;
import tags.OwnTags;

/**
 * The name of a restore: what it restores from, and a number, such as {@code night-1.1}. The same command has the same name
 * until that restore is rolled back. So an interrupted command finds its own work again.
 */
public final class RestoreId {
    private RestoreId() {
    }

    /**
     * The restore that is under way or done, else the next number.
     *
     * @param etcds the etcd clusters that are meant; empty: all. A restore of which one of them was rolled back is over.
     */
    static String of(Facts facts, String cluster, String source, Set<String> etcds) {
        return current(facts, cluster, source, rolledBack(facts, cluster, source, etcds));
    }

    /** Whether no later restore was made from the same source. It may be rolled back in part: a rollback can be continued. */
    static boolean isLast(Facts facts, String cluster, String restore) {
        return restore.equals(current(facts, cluster, source(restore), List.of()));
    }

    private static String current(Facts facts, String cluster, String source, List<Integer> over) {
        SortedSet<Integer> used = new TreeSet<>(numbers(facts, cluster, source, false));
        SortedSet<Integer> standing = new TreeSet<>(numbers(facts, cluster, source, true));
        standing.removeAll(overtaken(facts, cluster, source));
        standing.removeAll(over);
        int number = !standing.isEmpty() ? standing.last() : used.isEmpty() ? 1 : used.last() + 1;
        return source + "." + number;
    }

    /** Restores whose new volumes a later restore retired: the same source then means another restore. */
    private static List<Integer> overtaken(Facts facts, String cluster, String source) {
        return facts.volumes().stream().filter(v -> v.exists() && isOf(v, cluster) && v.tag(OwnTags.RETIRED_BY).isPresent())
                .flatMap(v -> v.tag(OwnTags.RUN).stream()).flatMap(r -> number(r, source).stream()).toList();
    }

    /** Its new volumes would be taken for those of the restore, since the client tokens are the same. */
    private static List<Integer> rolledBack(Facts facts, String cluster, String source, Set<String> etcds) {
        return facts.volumes().stream().filter(v -> v.exists() && isOf(v, cluster)
                        && v.hasTag(OwnTags.STATE, OwnTags.ROLLED_BACK))
                .filter(v -> etcds.isEmpty() || v.tag(OwnTags.ETCD).filter(etcds::contains).isPresent())
                .flatMap(v -> v.tag(OwnTags.RUN).stream()).flatMap(r -> number(r, source).stream()).toList();
    }

    /** Every restore of a cluster that can be rolled back. */
    public static SortedSet<String> standing(Facts facts, String cluster) {
        SortedSet<String> restores = new TreeSet<>();
        facts.volumes().stream().filter(Volume::exists).filter(v -> isOf(v, cluster))
                .forEach(v -> names(v, true).forEach(restores::add));
        return restores;
    }

    private static List<Integer> numbers(Facts facts, String cluster, String source, boolean standing) {
        return facts.volumes().stream().filter(Volume::exists).filter(v -> isOf(v, cluster))
                .flatMap(v -> names(v, standing)).flatMap(r -> number(r, source).stream()).toList();
    }

    private static Optional<Integer> number(String restore, String source) {
        return restore.matches("\\Q" + source + "\\E\\.\\d{1,6}")
                ? Optional.of(Integer.valueOf(restore.substring(source.length() + 1))) : Optional.empty();
    }

    /** What a restore was made from. */
    public static String source(String restore) {
        return restore.substring(0, Math.max(0, restore.lastIndexOf('.')));
    }

    /** Whether a restore made or retired the volume for this cluster. */
    static boolean isOf(Volume v, String cluster) {
        return v.hasTag(OwnTags.CLUSTER, cluster) || v.hasTag(OwnTags.parked(LiveTags.KUBERNETES_CLUSTER), cluster)
                || v.tags().containsKey(OwnTags.parked(LiveTags.clusterKey(cluster)));
    }

    private static Stream<String> names(Volume v, boolean standing) {
        boolean isMade = v.tag(OwnTags.STATE).isPresent()
                && (!standing || !v.hasTag(OwnTags.STATE, OwnTags.ROLLED_BACK) && v.tag(OwnTags.RETIRED_BY).isEmpty());
        Optional<String> made = isMade ? v.tag(OwnTags.RUN) : Optional.empty();
        return Stream.concat(made.stream(), v.tag(OwnTags.RETIRED_BY).stream());
    }
}
