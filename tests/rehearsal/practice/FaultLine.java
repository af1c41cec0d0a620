package practice;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fault as a line of text of the form {@code WHEN ACTION KIND}, for example {@code next=3 CreateTags THROTTLED},
 * {@code nth=2 AttachVolume SERVER_ERROR}, {@code stale=5s CreateVolume} or {@code chance=5% seed=7 * THROTTLED}.
 */
final class FaultLine {

    private static final Pattern FORM = Pattern.compile("(?<when>next|nth|stale|chance)=(?<value>\\S+)"
            + "(\\s+seed=(?<seed>-?[0-9]{1,18}))?\\s+(?<action>\\*|[A-Za-z]+)(\\s+(?<kind>[A-Z_]+))?");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m)");

    private FaultLine() {
    }

    static Fault parse(String line) {
        Matcher form = FORM.matcher(line.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + line.strip() + "' is not like: next=3 CreateTags THROTTLED, nth=2 "
                    + "AttachVolume SERVER_ERROR, stale=5s CreateVolume, chance=5% seed=7 * THROTTLED");
        }
        String action = form.group("action");
        boolean isChance = form.group("when").equals("chance");
        if (isChance != (form.group("seed") != null)) {
            throw new IllegalArgumentException("a chance, and nothing else, has a seed=");
        }
        if (form.group("when").equals("stale")) {
            if (form.group("kind") != null && !form.group("kind").equals(Fault.Kind.STALE_READS.name())) {
                throw new IllegalArgumentException("stale= is of the kind STALE_READS only");
            }
            return Fault.stale(action, time(form.group("value")));
        }
        Fault.Kind kind = kind(form.group("kind"));
        String value = form.group("value");
        return switch (form.group("when")) {
            case "next" -> Fault.next(number(value), action, kind);
            case "nth" -> Fault.nth(number(value), action, kind);
            default -> {
                if (!value.endsWith("%")) {
                    throw new IllegalArgumentException("a chance is like 5%, not " + value);
                }
                yield Fault.chance(number(value.substring(0, value.length() - 1)), Long.parseLong(form.group("seed")),
                        action, kind);
            }
        };
    }

    private static Fault.Kind kind(String name) {
        List<String> kinds = Stream.of(Fault.Kind.values()).map(Enum::name).toList();
        if (name == null || !kinds.contains(name)) {
            throw new IllegalArgumentException((name == null ? "the kind is missing" : "no kind is named " + name)
                    + "; the kinds are " + String.join(", ", kinds));
        }
        return Fault.Kind.valueOf(name);
    }

    private static int number(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(text + " is not a whole number");
        }
        return Integer.parseInt(text);
    }

    private static Duration time(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new IllegalArgumentException("a time is like 5s, 250ms or 2m, not " + text);
        }
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }
}
