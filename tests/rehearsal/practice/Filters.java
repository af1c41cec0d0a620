package practice;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The filters that one listing knows. One of a filter's values must match, and so must every filter. {@code *} stands for any
 * characters, {@code ?} for one; a backslash before them means the character itself. Upper and lower case differ (EC2 User
 * Guide, "Filter using the CLI or API").
 */
final class Filters<T> {

    private final Map<String, Function<T, Collection<String>>> known = new TreeMap<>();
    private Function<T, Map<String, String>> tags;

    Filters<T> on(String name, Function<T, Object> fact) {
        return onEach(name, item -> List.of(fact.apply(item).toString()));
    }

    Filters<T> onEach(String name, Function<T, Collection<String>> facts) {
        known.put(name, facts);
        return this;
    }

    Filters<T> onTags(Function<T, Map<String, String>> of) {
        tags = of;
        return onEach("tag-key", item -> of.apply(item).keySet());
    }

    Predicate<T> asked(Call call) {
        Predicate<T> all = item -> true;
        int values = 0;
        for (Call filter : call.structures("Filter")) {
            String name = filter.required("Name");
            Function<T, Collection<String>> facts = facts(name);
            List<Pattern> patterns = filter.list("Value").stream().map(Filters::pattern).toList();
            if (patterns.isEmpty()) {
                throw Ec2Error.of("InvalidParameterValue", "The filter '%s' has no values", name);
            }
            values += patterns.size();
            all = all.and(item -> facts.apply(item).stream()
                    .anyMatch(fact -> patterns.stream().anyMatch(p -> p.matcher(fact).matches())));
        }
        if (values > 200) {
            throw Ec2Error.of("FilterLimitExceeded", "The maximum number of filter values specified on a single call "
                    + "is 200");
        }
        return all;
    }

    private Function<T, Collection<String>> facts(String name) {
        if (tags != null && name.startsWith("tag:")) {
            String key = name.substring("tag:".length());
            return item -> Optional.ofNullable(tags.apply(item).get(key)).map(List::of).orElse(List.of());
        }
        return Optional.ofNullable(known.get(name))
                .orElseThrow(() -> Ec2Error.of("InvalidParameterValue", "The filter '%s' is invalid", name));
    }

    private static Pattern pattern(String value) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '\\' -> regex.append(Pattern.quote(String.valueOf(value.charAt(
                        i + 1 < value.length() ? ++i : i))));
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
