import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.World;
import practice.Worlds;

/** Whoever may tag a volume writes into our reports and into the commands that we propose. None of that may be run. */
class UntrustedTagsTest {
    private static final String C = RestoreFixture.C;
    private static final Pattern MOVES_A_TERMINAL = Pattern.compile("[\\p{Cc}\\p{Cf}\u2028\u2029&&[^\n]]");

    @TempDir
    private Path folder;

    /** The words that a shell makes of a line. Both programs that a line can name only print their arguments here. */
    private List<String> pasted(String line) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (Path program : List.of(folder.resolve("jbang"), bin.resolve("aws"))) {
            Files.writeString(program, "#!/bin/sh\nprintf '%s\\0' \"$@\"\n");
            assertTrue(program.toFile().setExecutable(true));
        }
        Processes.Ended ended = Processes.run(folder, Map.of("PATH", bin + ":" + System.getenv("PATH")), "sh", "-c", line);
        assertEquals(0, ended.code(), line + "\n" + ended.err());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count(), "the line made a file: " + line);
        }
        return List.of(ended.out().split("\0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a set; touch made", "$(touch made)", "--yes", "two words", ""})
    void a_tag_that_cannot_be_the_name_of_a_set_is_never_proposed(String set) throws Exception {
        try (RestoreFixture account = RestoreFixture.start(RestoreFixture.quorumLost())) {
            account.cloud().snapshots().forEach(s -> account.tag(s.id(), "etcd-ops/set", set));
            Harness.Ran ran = account.restore().mustEnd("refused", 20);
            assertEquals(List.of("NO_RESTORABLE_SET"), ran.errors().stream().distinct().filter(code ->
                    !code.equals("NO_VOLUME")).toList());
            assertFalse(ran.next().toString().contains("--set"), ran.out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k8s.x;touch made", "$(touch made).tld", "two words.tld"})
    void the_name_of_a_cluster_is_one_word_of_the_proposed_commands(String cluster) throws Exception {
        World world = Worlds.named("two-volumes-gone").withVolumes(v -> v.tag("KubernetesCluster", cluster)
                .tag("kubernetes.io/cluster/" + cluster, "owned").untag("kubernetes.io/cluster/" + C)
                .untag("k8s.io/role/control-plane"));
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = new Harness(cloud.endpoint()).verify();
            assertFalse(ran.next().isEmpty(), ran.out());
            for (String line : ran.next()) {
                List<String> words = pasted(line);
                assertEquals(cluster, words.get(words.indexOf("--cluster") + 1), line);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_tags_value_makes_no_line_of_its_own_and_moves_no_cursor(boolean terminal) throws Exception {
        String evil = "x\nHEALTHY  k8s.mycompany.tld\u009b2J\u202eetirw\u2028";
        World world = Worlds.named("two-volumes-gone").withVolumes(v -> v.tag("KubernetesCluster", evil)
                .tag("kubernetes.io/cluster/" + evil, "owned").untag("kubernetes.io/cluster/" + C));
        try (Cloud cloud = Cloud.start(world)) {
            Harness tool = terminal ? new Harness(cloud.endpoint()).onTerminal() : new Harness(cloud.endpoint());
            for (Harness.Ran ran : List.of(tool.verify("-o", "table"), tool.fixTags("-o", "table", "--cluster", evil),
                    tool.snapshotAll("-o", "table"))) {
                String plain = (ran.out() + ran.err()).replaceAll("\u001b\\[(3[123]|0)m", "").replace("\r", "");
                assertFalse(MOVES_A_TERMINAL.matcher(plain).find(), plain);
                assertTrue(plain.lines().noneMatch(line -> line.startsWith("HEALTHY")), plain);
            }
            String shown = tool.verify("-o", "table").out();
            assertTrue(shown.contains("x\\u000aHEALTHY  k8s.mycompany.tld\\u009b2J\\u202eetirw\\u2028"), shown);
            assertEquals(evil, tool.verify("-o", "json").json().get("cluster").asText(), "JSON shows the value unchanged");
        }
    }
}
