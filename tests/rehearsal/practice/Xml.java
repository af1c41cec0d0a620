package practice;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Writes XML as EC2 does: a fact that is not there has no element, and a list is a set of {@code item} elements. */
final class Xml {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StringBuilder text = new StringBuilder();

    static String time(Instant at) {
        return TIME.format(at);
    }

    Xml element(String name, Object value) {
        text.append('<').append(name).append('>').append(escaped(value instanceof Instant at ? time(at)
                : value.toString())).append("</").append(name).append('>');
        return this;
    }

    Xml unlessEmpty(String name, String value) {
        return value.isEmpty() ? this : element(name, value);
    }

    Xml unlessZero(String name, int value) {
        return value == 0 ? this : element(name, value);
    }

    Xml inside(String name, Runnable body) {
        text.append('<').append(name).append('>');
        body.run();
        text.append("</").append(name).append('>');
        return this;
    }

    <T> Xml items(String name, Collection<T> all, BiConsumer<T, Xml> body) {
        return inside(name, () -> all.forEach(one -> inside("item", () -> body.accept(one, this))));
    }

    Xml tags(Map<String, String> tags) {
        return items("tagSet", new TreeMap<>(tags).entrySet(),
                (tag, out) -> out.element("key", tag.getKey()).element("value", tag.getValue()));
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
                .replace("\r", "&#xD;");
    }
}
