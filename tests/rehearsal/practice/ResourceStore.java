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
 * The resources of one kind, by id. A call that changes a resource always finds it. A Describe may lag behind ("Eventual
 * consistency in the Amazon EC2 API"), so it uses {@link #seen}.
 */
final class ResourceStore<T> {

    private final Kind kind;
    private final Function<T, Map<String, String>> tags;
    private final BiFunction<T, Map<String, String>, T> retagged;
    private final TreeMap<String, T> byId = new TreeMap<>();
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
        byId.put(id, resource);
        seenFrom.put(id, visible);
    }

    /** Does nothing when the resource is gone. */
    void change(String id, UnaryOperator<T> edit) {
        byId.computeIfPresent(id, (same, resource) -> edit.apply(resource));
    }

    void remove(String id) {
        byId.remove(id);
        seenFrom.remove(id);
        oldTags.remove(id);
    }

    T get(String id) {
        kind.check(id);
        T resource = byId.get(id);
        if (resource == null) {
            throw kind.notFound(id);
        }
        return resource;
    }

    Optional<T> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    List<T> all() {
        return List.copyOf(byId.values());
    }

    /** What a Describe shows: all resources, or those with these ids, each of which must be there. */
    List<T> seen(List<String> ids, Instant now) {
        ids.forEach(kind::check);
        if (ids.isEmpty()) {
            return byId.keySet().stream().filter(id -> isSeen(id, now)).map(id -> asSeen(id, now)).toList();
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

    /** @param visible until then a Describe shows the old tags */
    void retag(String id, Map<String, String> all, Instant now, Instant visible) {
        T before = asSeen(id, now);
        if (visible.isAfter(now)) {
            oldTags.put(id, new OldTags(tags.apply(before), visible));
        }
        byId.put(id, retagged.apply(get(id), all));
    }

    /** What DescribeTags shows: every id with its tags. */
    Map<String, Map<String, String>> tagsSeen(Instant now) {
        Map<String, Map<String, String>> all = new TreeMap<>();
        byId.keySet().stream().filter(id -> isSeen(id, now)).forEach(id -> all.put(id, tags.apply(asSeen(id, now))));
        return all;
    }

    private boolean isSeen(String id, Instant now) {
        return byId.containsKey(id) && !seenFrom.get(id).isAfter(now);
    }

    private T asSeen(String id, Instant now) {
        OldTags old = oldTags.get(id);
        return old == null || !now.isBefore(old.until) ? get(id) : retagged.apply(get(id), old.tags);
    }
}
