import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import practice.Cloud;
import practice.Worlds;

/** Command lines that we print start as the user started the command, so that they can be pasted. */
class LauncherTest {
    private static final String STARTS = """
            ETCD_OPS_LAUNCHER | ./jbang              | ./jbang %s
            ETCD_OPS_LAUNCHER | /opt/etcd-ops/jbang  | /opt/etcd-ops/jbang %s
            ETCD_OPS_LAUNCHER | /opt/my clone/jbang  | '/opt/my clone/jbang' %s
            JBANG_LAUNCH_CMD  | /usr/local/bin/jbang | jbang %s@ops
            NONE              | -                    | ./jbang %s
            """;

    private static Harness started(String variable, String value) {
        return new Harness(null).with(Map.of(variable, value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = STARTS)
    void a_wrong_command_line_names_the_help_that_can_be_had(String variable, String value, String line) {
        Harness.Ran ran = started(variable, value).fixTags();
        assertEquals(2, ran.code());
        assertEquals("Try: " + line.formatted("fix-tags") + " --help", ran.errLines().get(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = STARTS)
    void the_help_shows_its_examples_with_it(String variable, String value, String line) {
        Harness.Ran ran = started(variable, value).restoreVolume("--help");
        List<String> examples = ran.out().lines().filter(l -> l.startsWith("  " + line.formatted("restore-volume"))).toList();
        assertEquals(2, examples.size(), ran.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = STARTS)
    void next_has_whole_command_lines_of_it(String variable, String value, String line) throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("two-volumes-gone"))) {
            Harness.Ran ran = new Harness(cloud.endpoint()).with(Map.of(variable, value)).verify();
            assertTrue(ran.json().get("next").get(0).asText().startsWith(line.formatted("snapshot-all") + " --cluster "),
                    ran.out());
            assertFalse(line.startsWith("jbang") && ran.out().contains("./jbang"), ran.out());
        }
    }
}
