import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the cache holds is executed. So {@code ./jbang} leaves a cache alone that another user owns, even one that is 0700. */
class LauncherCacheTest {
    private static final int NOBODY = 65_534;

    @TempDir
    private Path temp;
    private Path cache;
    private Path line;

    @BeforeEach
    void aCacheOfAnotherUser() throws IOException {
        cache = Files.createDirectories(temp.resolve("cache/etcd-ops"));
        line = Files.writeString(cache.resolve("VerifyQuorumVolumes.1.line"), "# /nowhere\n");
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwx------"));
        assumeTrue(Files.getAttribute(cache, "unix:uid").equals(0), "only root can give a folder to another user");
        Files.setAttribute(cache, "unix:uid", NOBODY);
    }

    private Processes.Ended jbang(String... arguments) throws Exception {
        return Processes.run(temp, Map.of("XDG_CACHE_HOME", temp.resolve("cache").toString(), "HOME", temp.toString(),
                "TMPDIR", temp.toString()), RestoreFixture.with(
                new String[] {Checkout.root().resolve("jbang").toString()}, arguments));
    }

    @Test
    void the_cache_of_another_user_is_not_cleared() throws Exception {
        assertEquals("Not cleared: " + cache + " is not writable by this user alone.\n", jbang("clear-cache").out());
        assertTrue(Files.exists(line));
    }

    @Test
    void the_cache_of_another_user_is_not_called_ours() throws Exception {
        String out = jbang().out();
        assertTrue(out.contains("The cache " + cache + " is empty.\n"), out);
    }
}
