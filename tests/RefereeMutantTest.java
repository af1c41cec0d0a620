import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLClassLoader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Mistakes made on purpose in the practice cloud. Each must fail the case that {@code mutants.json} names for it. */
class RefereeMutantTest {
    private static final Set<String> KEYS = new TreeSet<>(List.of("name", "file", "replace", "by", "caught_by"));
    private static final Map<String, RefereeCase> RULES = new LinkedHashMap<>();
    private static MutantBuild build;

    @AfterAll
    static void close() throws Exception {
        if (build != null) {
            build.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> a_mutant_turns_its_case_red() throws Exception {
        build = new MutantBuild();
        RefereeCase.all().forEach(rule -> RULES.put(rule.name(), rule));
        JsonNode mutants = RefereeCase.tree("mutants.json");
        assertTrue(mutants.size() >= 15, "there are " + mutants.size() + " mutants");
        return StreamSupport.stream(mutants.spliterator(), false)
                .map(mutant -> DynamicTest.dynamicTest(mutant.path("name").asText(), () -> check(mutant)));
    }

    private static void check(JsonNode mutant) throws Exception {
        Set<String> keys = new TreeSet<>();
        mutant.fieldNames().forEachRemaining(keys::add);
        assertEquals(KEYS, keys);
        String name = mutant.get("caught_by").asText();
        assertTrue(RULES.containsKey(name), "there is no case " + name);
        try (URLClassLoader loader = build.mutant(mutant.get("file").asText(), mutant.get("replace").asText(),
                mutant.get("by").asText())) {
            String complaint = RefereePractice.firstComplaint(loader, List.of(RULES.get(name)));
            if (complaint.isEmpty()) {
                String other = RefereePractice.firstComplaint(loader, List.copyOf(RULES.values()));
                assertFalse(other.isEmpty(), "no case notices");
                assertTrue(other.isEmpty(), name + " is green, but this is red; name it in caught_by: " + other);
            }
        }
    }

    /** Otherwise a mutant could fail only because of the way in which it is compiled and started. */
    @Test
    void the_unchanged_build_keeps_the_cases_that_catch_mutants() throws Exception {
        Set<String> catching = new TreeSet<>();
        RefereeCase.tree("mutants.json").forEach(mutant -> catching.add(mutant.path("caught_by").asText()));
        try (MutantBuild unchanged = new MutantBuild(); URLClassLoader loader = unchanged.mutant("practice/Paging.java",
                "package practice;", "package practice;")) {
            assertEquals("", RefereePractice.firstComplaint(loader, RefereeCase.all().stream()
                    .filter(rule -> catching.contains(rule.name())).toList()));
        }
    }
}
