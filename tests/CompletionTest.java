import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import report.Console;

/** What a shell makes of the completion script. */
class CompletionTest {
    @TempDir
    private Path temp;

    private static Harness.Ran completion(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Completion.run(args, new Console(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false, false, Map.of(), InstantSource.system()));
        return new Harness.Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 | ./jbang ver              | verify-quorum-volumes",
        "1 | ./jbang f                | fix-tags",
        "2 | ./jbang restore-volume --st | --stage",
        "2 | ./jbang restore-volume --rol | --rollback",
        "2 | ./jbang snapshot-all --max | --max-skew"})
    void bash_completes_commands_and_their_options(int index, String typed, String completed) throws Exception {
        Path script = Files.writeString(temp.resolve("completion"), completion("bash").out());
        Processes.Ended ended = Processes.run(temp, "bash", "-c", "compopt() { :; }; source " + script
                + "; COMP_WORDS=(" + typed + "); COMP_CWORD=" + index + "; _complete_jbang; echo \"${COMPREPLY[@]}\"");
        assertEquals(completed + "\n", ended.out(), ended.err());
        assertEquals(0, ended.code());
    }

    @Test
    void zsh_loads_the_script() throws Exception {
        assumeTrue(List.of(System.getenv("PATH").split(":")).stream().anyMatch(f -> Files.isExecutable(Path.of(f, "zsh"))),
                "zsh is not installed: apt-get install zsh");
        Path script = Files.writeString(temp.resolve("completion"), completion("zsh").out());
        Processes.Ended ended = Processes.run(temp, "zsh", "-f", "-c",
                "source " + script + " && print -r -- ${_comps[jbang]}");
        assertTrue(ended.out().contains("_bash_complete") && ended.out().contains("_complete_jbang"), ended.out() + ended.err());
        assertEquals(0, ended.code(), ended.err());
    }

    @Test
    void another_shell_is_wrong_usage_in_two_lines() {
        Harness.Ran ran = completion("fish");
        assertEquals(2, ran.code());
        assertEquals("", ran.out());
        assertEquals(List.of("Error: Invalid value for positional parameter at index 0 (SHELL): expected one of [bash, zsh] "
                + "(case-sensitive) but was 'fish'", "Try: ./jbang completion --help"), ran.errLines());
    }
}
