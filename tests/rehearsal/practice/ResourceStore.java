package practice;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The resources of one kind, by id. A write always finds what is there; a Describe may lag behind ("Eventual
 * consistency in the Amazon EC2 API"), so it asks {@link #seen}.
 */
final class ResourceStore<T> {

    private final Kind kind;
    private final Function<T, Map<String, String>> tags;
    private final BiFunction<T, Map<String, String>, T> retagged;
    private final TreeMap<String, T> held = new TreeMap<>();
    private final Map<String, Instant> seenFrom = new HashMap<>();
    private final Map<String, OldTags> oldTags = new HashMap<>();

    private record OldTags(Map<String, String> tags, Instant until) {
    }

    ResourceStore(Kind kind, Function<T, Map<String, String>> tags, BiFunction<T, Map<String, String>, T> retagged) {
        this.kind = kind;
        this.tags = tags;
        this.retagged = retagged;
    }

    Kind kind() {
        return kind;
    }

    void put(String id, T resource, Instant visible) {
        held.put(id, resource);
        seenFrom.put(id, visible);
    }

    /** What is gone meanwhile stays gone. */
    void change(String id, UnaryOperator<T> edit) {
        held.computeIfPresent(id, (same, resource) -> edit.apply(resource));
    }

    void remove(String id) {
        held.remove(id);
        seenFrom.remove(id);
        oldTags.remove(id);
    }

    T get(String id) {
        kind.check(id);
        T resource = held.get(id);
        if (resource == null) {
            throw kind.notFound(id);
        }
        return resource;
    }

    Optional<T> find(String id) {
        return Optional.ofNullable(held.get(id));
    }

    List<T> all() {
        return List.copyOf(held.values());
    }

    /** The named ones, each of which must be there, or else all. */
    List<T> seen(List<String> ids, Instant now) {
        ids.forEach(kind::check);
        if (ids.isEmpty()) {
            return held.keySet().stream().filter(id -> isSeen(id, now)).map(id -> asSeen(id, now)).toList();
        }
        return ids.stream().distinct().sorted().map(id -> {
            if (!isSeen(id, now)) {
                throw kind.notFound(id);
            }
            return asSeen(id, now);
        }).toList();
    }

    Map<String, String> tags(String id) {
        return tags.apply(get(id));
    }

    /** Until then a Describe shows the tags of before. */
    void retag(String id, Map<String, String> all, Instant now, Instant visible) {
        T before = asSeen(id, now);
        if (visible.isAfter(now)) {
            oldTags.put(id, new OldTags(tags.apply(before), visible));
        }
        held.put(id, retagged.apply(get(id), all));
    }

    /** Every id with its tags. */
    Map<String, Map<String, String>> tagsSeen(Instant now) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        held.keySet().stream().filter(id -> isSeen(id, now)).forEach(id -> all.put(id, tags.apply(asSeen(id, now))));
        return all;
    }

    private boolean isSeen(String id, Instant now) {
        return held.containsKey(id) && !seenFrom.get(id).isAfter(now);
    }

    private T asSeen(String id, Instant now) {
        OldTags old = oldTags.get(id);
        return old == null || !now.isBefore(old.until) ? get(id) : retagged.apply(get(id), old.tags);
    }
}
