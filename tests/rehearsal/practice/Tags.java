package practice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The three calls for tags, with the limits of "Tag your Amazon EC2 resources". */
final class Tags {

    private static final int MOST = 50;

    private final Account account;
    private final Listing<Tag> listing;

    Tags(Account account) {
        this.account = account;
        this.listing = new Listing<>("tagSet", tag -> tag.resource + " " + tag.key, new Filters<Tag>()
                .on("key", Tag::key)
                .on("value", Tag::value)
                .on("resource-id", Tag::resource)
                .on("resource-type", tag -> tag.kind.type)
                .onTags(tag -> Map.of(tag.key, tag.value)), Tags::write, account.settings.pageCap());
    }

    private record Tag(Kind kind, String resource, String key, String value) {
    }

    /** The tags that a call asks for what it makes. Tags for any other kind of resource are refused. */
    static Map<String, String> specified(Call call, Kind made) {
        return specified(call, Set.of(made)).getOrDefault(made, Map.of());
    }

    static Map<Kind, Map<String, String>> specified(Call call, Set<Kind> made) {
        Map<Kind, Map<String, String>> tags = new EnumMap<>(Kind.class);
        for (Call specification : call.structures("TagSpecification")) {
            // EC2's words, yegor256/rultor#1991.
            String type = specification.text("ResourceType").filter(t -> !t.isEmpty()).orElseThrow(() -> Ec2Error.of(
                    "InvalidParameterValue", "Tag specification resource type must have a value"));
            Kind kind = made.stream().filter(k -> k.type.equals(type)).findFirst()
                    .orElseThrow(() -> Ec2Error.of("InvalidParameterValue",
                            "'%s' is not a valid taggable resource type for this operation.", type));
            tags.computeIfAbsent(kind, k -> new TreeMap<>()).putAll(written(specification));
        }
        tags.values().forEach(Tags::limited);
        return tags;
    }

    /** Both together, without system tags. The caller's value wins when a key is in both; AWS does not document this. */
    static Map<String, String> added(Map<String, String> source, Map<String, String> asked) {
        Map<String, String> both = new TreeMap<>(source);
        both.keySet().removeIf(Tags::isSystem);
        both.putAll(asked);
        return both;
    }

    /** System tags do not count. */
    static Map<String, String> limited(Map<String, String> tags) {
        if (tags.keySet().stream().filter(key -> !isSystem(key)).count() > MOST) {
            throw Ec2Error.of("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
        }
        return tags;
    }

    /** Every resource and every limit is checked before the first resource is changed. */
    void create(Call call, Xml out) {
        // API reference, CreateTags: a value is required; it may be empty. The words are EC2's, from memory.
        if (call.structures("Tag").stream().anyMatch(tag -> tag.text("Value").isEmpty())) {
            throw Ec2Error.of("InvalidParameterValue", "Tag value cannot be null. Use empty string instead.");
        }
        Map<String, String> asked = written(call);
        if (asked.isEmpty()) {
            throw Ec2Error.missing("Tag");
        }
        List<Runnable> changes = new ArrayList<>();
        for (String id : resources(call)) {
            ResourceStore<?> store = storeOf(id);
            Map<String, String> all = new TreeMap<>(store.tags(id));
            all.putAll(asked);
            changes.add(() -> store.retag(id, limited(all), call.now(), call.seenFrom()));
            limited(all);
        }
        changes.forEach(Runnable::run);
        out.element("return", true);
    }

    /**
     * A key alone deletes the tag, whatever its value. A key with a value, even an empty one, deletes the tag only if it has
     * that value. Without keys all user tags are deleted (API reference, DeleteTags).
     */
    void delete(Call call, Xml out) {
        List<Call> asked = call.structures("Tag");
        asked.forEach(tag -> checkKey(key(tag)));
        List<String> ids = resources(call);
        ids.forEach(id -> storeOf(id).tags(id));
        for (String id : ids) {
            Map<String, String> left = new TreeMap<>(storeOf(id).tags(id));
            if (asked.isEmpty()) {
                left.keySet().removeIf(key -> !isSystem(key));
            }
            for (Call tag : asked) {
                String key = key(tag);
                if (tag.text("Value").filter(value -> !value.equals(left.get(key))).isEmpty()) {
                    left.remove(key);
                }
            }
            storeOf(id).retag(id, left, call.now(), call.seenFrom());
        }
        out.element("return", true);
    }

    void describe(Call call, Xml out) {
        List<Tag> all = new ArrayList<>();
        for (ResourceStore<?> store : List.of(account.instances, account.snapshots, account.volumes)) {
            store.tagsSeen(call.now()).forEach((id, tags) -> new TreeMap<>(tags)
                    .forEach((key, value) -> all.add(new Tag(store.kind(), id, key, value))));
        }
        all.sort(Comparator.comparing(listing.id()));
        listing.write(call, all, false, out);
    }

    private static void write(Tag tag, Xml out) {
        out.element("resourceId", tag.resource).element("resourceType", tag.kind.type).element("key", tag.key)
                .element("value", tag.value);
    }

    private static Map<String, String> written(Call call) {
        Map<String, String> tags = new TreeMap<>();
        for (Call tag : call.structures("Tag")) {
            String key = key(tag);
            String value = tag.text("Value").orElse("");
            checkKey(key);
            if (key.length() > 128 || value.length() > 256) {
                throw Ec2Error.of("InvalidParameterValue", "Tag key and value may have at most 128 and 256 characters");
            }
            if (tags.put(key, value) != null) {
                throw Ec2Error.of("InvalidParameterValue", "Duplicate tag key '%s' specified.", key);
            }
        }
        return tags;
    }

    /** EC2's words, aws/aws-cli#3283. */
    private static String key(Call tag) {
        return tag.text("Key").filter(key -> !key.isEmpty()).orElseThrow(() -> Ec2Error.of("InvalidParameterValue",
                "Tag key cannot be null or empty"));
    }

    private static void checkKey(String key) {
        if (isSystem(key)) {
            throw Ec2Error.value(key, "Key", "Tag keys starting with 'aws:' are reserved for internal use");
        }
    }

    private static boolean isSystem(String key) {
        return key.toLowerCase(Locale.ROOT).startsWith("aws:");
    }

    private static List<String> resources(Call call) {
        List<String> ids = call.list("ResourceId");
        if (ids.isEmpty()) {
            throw Ec2Error.missing("ResourceId");
        }
        if (ids.size() > 1000) { // API reference, CreateTags: up to 1000 resource ids
            throw Ec2Error.of("InvalidParameterValue", "At most 1000 resources can be tagged in one request");
        }
        return ids.stream().distinct().toList();
    }

    private ResourceStore<?> storeOf(String id) {
        for (ResourceStore<?> store : List.of(account.instances, account.snapshots, account.volumes)) {
            if (id.startsWith(store.kind().prefix)) {
                return store;
            }
        }
        throw Ec2Error.of("InvalidID", "The ID '%s' is not valid", id);
    }
}
