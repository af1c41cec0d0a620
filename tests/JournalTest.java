import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file to which the practice cloud writes its requests. */
class JournalTest {
    private static final String NOWHERE = "http://127.0.0.1:1";

    @TempDir
    private Path folder;

    private Processes.Ended shell(String line) throws Exception {
        return ShellLine.run(folder, NOWHERE, "export -f verify; " + line);
    }

    @Test
    void only_its_owner_may_read_the_journal() throws Exception {
        Processes.Ended ended = shell("umask 0; cloud --journal j -- bash -c verify >out; ls -l j");
        assertTrue(ended.out().startsWith("-rw------- "), ended.out() + ended.err());
        assertTrue(Files.readString(folder.resolve("j")).contains("DescribeVolumes"), ended.err());
    }

    @Test
    void a_journal_that_exists_is_added_to() throws Exception {
        Path journal = Files.writeString(folder.resolve("j"), "first\n");
        assertEquals(0, shell("cloud --journal j -- bash -c verify >out").code());
        assertTrue(Files.readString(journal).startsWith("first\n{"), Files.readString(journal));
    }

    @Test
    void a_journal_that_cannot_be_written_is_said_once_and_the_cloud_goes_on() throws Exception {
        Processes.Ended ended = shell("cloud --journal /dev/full -- bash -c 'verify && verify' >out");
        assertEquals(0, ended.code(), ended.err());
        assertEquals(List.of("The journal /dev/full ends here, since it cannot be written: No space left on device"),
                ended.err().lines().filter(line -> line.contains("journal")).toList());
    }
}
