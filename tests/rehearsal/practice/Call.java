package practice;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One request, or one structure in a request: its parameters, the instant of the answer, and the fault that hits it, if any.
 * Lists and structures are numbered ({@code Filter.1.Value.2}). The numbers give the order; gaps are allowed.
 */
final class Call {

    private final Map<String, String> form;
    private final String prefix;
    private final Instant now;
    private final Optional<Fault> fault;

    Call(Map<String, String> form, Instant now, Optional<Fault> fault) {
        this(form, "", now, fault);
    }

    private Call(Map<String, String> form, String prefix, Instant now, Optional<Fault> fault) {
        this.form = form;
        this.prefix = prefix;
        this.now = now;
        this.fault = fault;
    }

    Instant now() {
        return now;
    }

    Map<String, String> form() {
        return Map.copyOf(form);
    }

    boolean meets(Fault.Kind kind) {
        return fault.filter(f -> f.kind() == kind).isPresent();
    }

    /** From when on a Describe shows what this call makes. */
    Instant seenFrom() {
        return meets(Fault.Kind.STALE_READS) ? now.plus(fault.orElseThrow().lasting()) : now;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(form.get(prefix + name));
    }

    String required(String name) {
        return text(name).filter(v -> !v.isEmpty()).orElseThrow(() -> Ec2Error.missing(prefix + name));
    }

    boolean flag(String name) {
        String value = text(name).orElse("false");
        if (!value.equals("true") && !value.equals("false")) {
            throw Ec2Error.value(value, prefix + name, "Expected: 'true' or 'false'.");
        }
        return value.equals("true");
    }

    Optional<Integer> integer(String name) {
        return text(name).map(value -> {
            try {
                return Integer.valueOf(value);
            } catch (NumberFormatException notANumber) {
                throw Ec2Error.value(value, prefix + name, "Expected an integer.");
            }
        });
    }

    Optional<Integer> integer(String name, int least, int most) {
        Optional<Integer> value = integer(name);
        if (value.filter(n -> n < least || n > most).isPresent()) {
            throw Ec2Error.value(value.get().toString(), prefix + name,
                    "Expected a value between " + least + " and " + most + ".");
        }
        return value;
    }

    Optional<Instant> time(String name) {
        return text(name).map(value -> {
            try {
                return Instant.parse(value);
            } catch (DateTimeParseException notATime) {
                throw Ec2Error.value(value, prefix + name, "Expected a timestamp.");
            }
        });
    }

    List<String> list(String name) {
        return numbers(name).map(n -> form.get(prefix + name + "." + n)).toList();
    }

    List<Call> structures(String name) {
        return numbers(name).map(n -> new Call(form, prefix + name + "." + n + ".", now, fault)).toList();
    }

    Call structure(String name) {
        return new Call(form, prefix + name + ".", now, fault);
    }

    /** Different for different listings, so that a page token of one listing is refused by every other. */
    int listingHash() {
        Map<String, String> listing = new TreeMap<>(form);
        listing.keySet().removeAll(List.of("NextToken", "MaxResults"));
        return listing.hashCode();
    }

    private Stream<Integer> numbers(String name) {
        String start = prefix + name + ".";
        return form.keySet().stream().filter(key -> key.startsWith(start))
                .map(key -> Integer.valueOf(key.substring(start.length()).split("\\.")[0])).distinct().sorted();
    }
}
