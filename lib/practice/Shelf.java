package practice;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The resources of one kind, by id. A write always finds what is there; a Describe may lag behind ("Eventual
 * consistency in the Amazon EC2 API"), so it asks {@link #seen}.
 */
final class Shelf<T> {

    private final Kind kind;
    private final Function<T, Map<String, String>> tags;
    private final BiFunction<T, Map<String, String>, T> retagged;
    private final TreeMap<String, T> held = new TreeMap<>();
    private final Map<String, Instant> seenFrom = new HashMap<>();

    Shelf(Kind kind, Function<T, Map<String, String>> tags, BiFunction<T, Map<String, String>, T> retagged) {
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
            return held.keySet().stream().filter(id -> isSeen(id, now)).map(held::get).toList();
        }
        return ids.stream().distinct().sorted().map(id -> {
            if (!isSeen(id, now)) {
                throw kind.notFound(id);
            }
            return held.get(id);
        }).toList();
    }

    Map<String, String> tags(String id) {
        return tags.apply(get(id));
    }

    void retag(String id, Map<String, String> all) {
        held.put(id, retagged.apply(get(id), all));
    }

    /** Every id with its tags. */
    Map<String, Map<String, String>> tagsSeen(Instant now) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        held.forEach((id, resource) -> {
            if (isSeen(id, now)) {
                all.put(id, tags.apply(resource));
            }
        });
        return all;
    }

    private boolean isSeen(String id, Instant now) {
        return held.containsKey(id) && !seenFrom.get(id).isAfter(now);
    }
}
