import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A rule of EC2 as data, one of {@code tests/rehearsal/contract/*.json}: its source, what moto does, and the steps that show
 * the rule. An unknown key is an error: a misspelt expectation would expect nothing.
 */
record RefereeCase(String name, String source, String moto, List<RefereeStep> steps) {
    static final Path FOLDER = Checkout.root().resolve("tests/rehearsal/contract");
    private static final Set<String> NOT_CASES = Set.of("given.json", "mutants.json");
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    boolean motoIsRight() {
        return moto.equals("ok");
    }

    boolean onlyReads() {
        return steps.stream().allMatch(RefereeStep::onlyReads);
    }

    static List<RefereeCase> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            JsonNode given = tree("given.json");
            List<RefereeCase> all = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                String name = file.getFileName().toString();
                if (!NOT_CASES.contains(name)) {
                    all.addAll(of(name, tree(name), given));
                }
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<RefereeCase> of(String file, JsonNode tree, JsonNode given) {
        List<RefereeCase> cases = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode node : tree) {
            String name = file.replace(".json", "") + "/" + node.path("name").asText();
            try {
                check(names.add(name), "two cases have this name");
                keys(node, "name", "source", "moto", "given", "steps");
                check(text(node, "name").matches("[a-z0-9-]+"), "a name is of lower-case letters, digits and dashes");
                check(text(node, "source").matches("(API reference|EC2 User Guide|EC2 Developer Guide|EBS User Guide|model|"
                        + "measured|from memory): .+"), "no source of a known kind");
                check(text(node, "moto").matches("ok|deviates: .{10,}"), "moto is 'ok' or 'deviates: why'");
                List<RefereeStep> steps = new ArrayList<>();
                for (JsonNode fragment : node.path("given")) {
                    check(given.has(fragment.asText()), "given.json does not know '" + fragment.asText() + "'");
                    given.get(fragment.asText()).forEach(step -> steps.add(step(step)));
                }
                check(node.path("steps").size() > 0, "no steps");
                node.get("steps").forEach(step -> steps.add(step(step)));
                cases.add(new RefereeCase(name, text(node, "source"), text(node, "moto"), List.copyOf(steps)));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException(
                        "tests/rehearsal/contract/" + file + ", " + name + ": " + wrong.getMessage(), wrong);
            }
        }
        return cases;
    }

    static JsonNode tree(String file) throws IOException {
        return JSON.readTree(FOLDER.resolve(file).toFile());
    }

    private static RefereeStep step(JsonNode node) {
        if (node.has("wait")) {
            keys(node, "wait");
            return new RefereeStep(Map.of(), "", duration(text(node, "wait")), 1, RefereeExpectation.SUCCESS, Map.of());
        }
        keys(node, "call", "get", "expect", "save", "repeat");
        check(node.has("call") != node.has("get"), "a step has a 'call', a 'get' or a 'wait'");
        check(node.has("get") || node.get("call").has("Action"), "a call without Action");
        return new RefereeStep(map(node.path("call"), RefereeCase::string), node.path("get").asText(), Duration.ZERO,
                node.path("repeat").asInt(1), node.has("expect") ? expectation(node.get("expect"))
                        : RefereeExpectation.SUCCESS, map(node.path("save"), RefereeCase::string));
    }

    private static RefereeExpectation expectation(JsonNode node) {
        keys(node, "status", "code", "is", "has", "not", "one_of", "matches", "count", "present", "absent");
        return new RefereeExpectation(node.path("status").asInt(node.has("code") ? 400 : 200), strings(node.path("code")),
                map(node.path("is"), RefereeCase::strings), map(node.path("has"), RefereeCase::strings),
                map(node.path("not"), RefereeCase::strings), map(node.path("one_of"), RefereeCase::strings),
                map(node.path("matches"), RefereeCase::string), map(node.path("count"), JsonNode::intValue),
                strings(node.path("present")), strings(node.path("absent")));
    }

    private static Duration duration(String text) {
        check(text.matches("[0-9]+[smhd]"), "'" + text + "' is no time to wait");
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static void keys(JsonNode node, String... known) {
        node.fieldNames().forEachRemaining(key -> check(Set.of(known).contains(key), "unknown key '" + key + "'"));
    }

    private static String text(JsonNode node, String key) {
        check(node.path(key).isTextual(), "no " + key);
        return node.get(key).asText();
    }

    private static String string(JsonNode node) {
        check(node.isTextual(), node + " is no text");
        return node.asText();
    }

    private static List<String> strings(JsonNode node) {
        List<String> all = new ArrayList<>();
        if (node.isTextual()) {
            all.add(node.asText());
        } else {
            node.forEach(one -> all.add(string(one)));
        }
        return List.copyOf(all);
    }

    private static <T> Map<String, T> map(JsonNode node, Function<JsonNode, T> value) {
        Map<String, T> all = new LinkedHashMap<>();
        node.properties().forEach(entry -> all.put(entry.getKey(), value.apply(entry.getValue())));
        return all;
    }

    private static void check(boolean right, String wrong) {
        if (!right) {
            throw new IllegalArgumentException(wrong);
        }
    }
}
