import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./jbang} as a process, over a collection of one small script, with caches and a PATH of its own. */
class JbangBootstrapTest {
    /** All that the launcher may need besides JBang, Maven and Java. */
    private static final List<String> TOOLS = List.of("sh", "bash", "cat", "cksum", "cp", "dirname", "du", "find",
            "grep", "head", "id", "ln", "ls", "mkdir", "mv", "readlink", "rm", "sed", "sha256sum", "sleep", "sort", "touch",
            "uname", "wc");

    @TempDir
    private Path temp;
    private Path clone;
    private Path bin;
    private Map<String, String> env;

    @BeforeEach
    void aCloneInAFolderWithASpace() throws IOException {
        clone = Files.createDirectories(temp.resolve("a clone"));
        Files.copy(Checkout.root().resolve("jbang"), clone.resolve("jbang"));
        write("jbang-catalog.json", catalog("scripts/Stub.java"));
        writeTrainingRun("");
        write("lib/word/package-info.java", "//SOURCES Word.java\npackage word;\n");
        writeWord("first");
        writeScript("scripts/Stub.java");
        bin = Files.createDirectories(temp.resolve("bin"));
        for (String tool : TOOLS) {
            link(tool);
        }
        link("java");
        env = new HashMap<>(Map.of("PATH", bin.toString(), "HOME", temp.resolve("home").toString(),
                "TMPDIR", Files.createDirectories(temp.resolve("tmp")).toString(),
                "XDG_CACHE_HOME", temp.resolve("cache").toString(), "JBANG_DIR", temp.resolve("jbang dir").toString(),
                "JBANG_REPO", repository().toString(), "JAVA_HOME", "", "ETCD_OPS_MAVEN_REPO", ""));
        assumeTrue(Files.exists(repository().resolve(jarPath())), "JBang is in no local Maven repository: "
                + "mvn dependency:get -Dartifact=dev.jbang:jbang-cli:0.132.1:jar:all -Dtransitive=false");
    }

    /** Before JUnit deletes the folder: it warns about every link that leads out of it. */
    @AfterEach
    void theLinks() throws IOException {
        delete(bin);
    }

    @Test
    void arguments_pass_unchanged_on_the_first_run_and_on_later_ones() throws Exception {
        String[] arguments = {"a b", "", "it's \"quoted\"", "@file", "$HOME *", "two\nlines", "-x"};
        String expected = "first" + String.join("", Stream.of(arguments).map(a -> "[" + a + "]").toList()) + "\n";
        for (int run = 0; run < 2; run++) {
            Processes.Ended ended = stub(arguments);
            assertEquals(expected, ended.out(), ended.err());
            assertEquals(0, ended.code());
        }
    }

    @Test
    void exit_codes_and_stdin_pass() throws Exception {
        assertEquals(42, stub("exit", "42").code());
        assertEquals(255, stub("exit", "255").code());
        Processes.Ended ended = run("sh", "-c", "echo through | '" + clone.resolve("jbang") + "' stub cat");
        assertEquals("through\n", ended.out(), ended.err());
    }

    @Test
    void a_remembered_run_says_nothing_of_its_own_and_asks_no_jbang() throws Exception {
        stub();
        Files.delete(cache().resolve("jbang-0.132.1.jar"));
        Processes.Ended ended = stub();
        assertEquals("first\n", ended.out());
        assertEquals("", ended.err());
        assertFalse(Files.exists(cache().resolve("jbang-0.132.1.jar")), "JBang was fetched for a run that does not need it");
    }

    @Test
    void runs_through_a_link_from_another_folder() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("linked"), clone.resolve("jbang"));
        Processes.Ended ended = Processes.run(temp, env, link.toString(), "stub");
        assertEquals("first\n", ended.out(), ended.err());
    }

    @Test
    void anything_but_an_alias_is_for_jbang() throws Exception {
        assertEquals("0.132.1\n", run(clone.resolve("jbang").toString(), "--version").err());
        Processes.Ended ended = run(clone.resolve("jbang").toString(), clone.resolve("scripts/Stub.java").toString(), "a b");
        assertEquals("first[a b]\n", ended.out(), ended.err());
        assertEquals(2, run(clone.resolve("jbang").toString(), "no-such-alias").code());
    }

    @Test
    void an_interrupt_reaches_the_programs_own_hook() throws Exception {
        stub();
        Processes.Started started = Processes.start(temp, env, clone.resolve("jbang").toString(), "stub", "hang");
        started.awaitErr("hanging", 1);
        started.signal("INT");
        Processes.Ended ended = started.end();
        assertEquals(130, ended.code());
        assertEquals("hook\n", ended.out());
    }

    @Test
    void an_edited_source_is_noticed_even_when_its_time_is_put_back() throws Exception {
        stub();
        Path word = clone.resolve("lib/word/Word.java");
        FileTime before = Files.getLastModifiedTime(word);
        writeWord("other");
        Files.setLastModifiedTime(word, before);
        assertEquals("other\n", stub().out());
        writeWord("first");
        assertEquals("first\n", stub().out());
    }

    @Test
    void an_edit_of_a_package_that_the_script_does_not_name_changes_nothing() throws Exception {
        stub();
        write("lib/other/Other.java", "package other;\npublic class Other { }\n");
        write("tests/rehearsal/disk/Disk.java", "package disk;\npublic class Disk { }\n");
        assertFalse(jbangIsAsked(), "the remembered line serves on");
    }

    @Test
    void a_new_class_in_a_package_that_the_script_names_is_noticed() throws Exception {
        stub();
        write("lib/word/Another.java", "package word;\npublic class Another { }\n");
        assertTrue(jbangIsAsked());
    }

    @Test
    void an_edit_of_a_single_file_that_the_script_names_is_noticed() throws Exception {
        stub();
        writeTrainingRun("// edited\n");
        assertTrue(jbangIsAsked());
    }

    @Test
    void an_edit_of_the_script_itself_is_noticed() throws Exception {
        stub();
        writeScript("scripts/Stub.java", "// edited\n");
        assertTrue(jbangIsAsked());
    }

    @Test
    void a_script_of_the_tests_is_built_from_all_that_the_project_has() throws Exception {
        writeScript("tests/Tests.java");
        write("jbang-catalog.json", catalog("tests/Tests.java"));
        stub();
        assertFalse(jbangIsAsked());
        for (String file : List.of("tests/A.java", "tests/rehearsal/disk/B.java", "scripts/C.java", "lib/other/D.java")) {
            write(file, "// new\n");
            assertTrue(jbangIsAsked(), file);
        }
    }

    @Test
    void an_archive_stays_in_use_when_jbang_builds_its_jar_anew() throws Exception {
        logLoadedClasses();
        stub();
        FileTime before = Files.getLastModifiedTime(jarOfJbang());
        Processes.Ended built = run(clone.resolve("jbang").toString(), "build", "--fresh",
                clone.resolve("scripts/Stub.java").toString());
        assertEquals(0, built.code(), built.err());
        assertNotEquals(before, Files.getLastModifiedTime(jarOfJbang()), "the jar was built anew");
        assertFalse(jbangIsAsked());
        assertTrue(loadedFromArchive("Stub"));
    }

    @Test
    void an_archive_is_made_anew_when_a_dependency_was_fetched_again() throws Exception {
        Path dependency = dependOnPicocli();
        logLoadedClasses();
        stub();
        FileTime before = Files.getLastModifiedTime(archive());
        Files.setLastModifiedTime(dependency, FileTime.from(before.toInstant().plusMillis(1)));
        assertEquals("first\n", stub().out());
        assertTrue(Files.getLastModifiedTime(archive()).compareTo(before) > 0);
        stub();
        assertTrue(loadedFromArchive("Stub"));
    }

    @Test
    void an_archive_is_made_anew_only_once_for_a_dependency_from_the_future() throws Exception {
        Path dependency = dependOnPicocli();
        stub();
        Files.setLastModifiedTime(dependency, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
        assertTrue(jbangIsAsked());
        assertFalse(jbangIsAsked());
    }

    @Test
    void a_command_of_a_clone_keeps_its_two_newest_entries() throws Exception {
        remembered("Stub.1", clone, 3);
        remembered("Stub.2", clone, 2);
        remembered("Stub.3", clone, 1);
        stub();
        assertEquals(Set.of(own("Stub."), "Stub.3"), entries());
    }

    @Test
    void other_commands_and_other_clones_keep_theirs() throws Exception {
        Path second = Files.createDirectories(temp.resolve("second clone"));
        Files.createFile(second.resolve("jbang"));
        remembered("Stub.1", second, 2);
        remembered("Stub.2", second, 1);
        remembered("Other.1", clone, 2);
        remembered("Other.2", clone, 1);
        stub();
        assertEquals(Set.of(own("Stub."), "Stub.1", "Stub.2", "Other.1", "Other.2"), entries());
    }

    @Test
    void the_oldest_go_first_when_the_archives_are_too_large() throws Exception {
        env.put("ETCD_OPS_CACHE_MB", "250"); // Enough for two of 100 MB, and for the stub's own.
        remembered("A.1", clone, 2);
        remembered("B.1", clone, 4);
        remembered("C.1", clone, 1);
        remembered("D.1", clone, 3);
        for (String name : List.of("A.1", "B.1", "C.1", "D.1")) {
            grow(name, 100);
        }
        stub();
        assertEquals(Set.of(own("Stub."), "A.1", "C.1"), entries());
    }

    @Test
    void a_bound_that_is_too_small_for_one_archive_keeps_the_one_just_made() throws Exception {
        env.put("ETCD_OPS_CACHE_MB", "0");
        stub();
        assertTrue(Files.exists(archive()));
        assertFalse(jbangIsAsked());
    }

    @Test
    void what_belongs_to_a_clone_that_is_gone_goes() throws Exception {
        remembered("Stub.1", temp.resolve("gone"), 1);
        stub();
        assertEquals(Set.of(own("Stub.")), entries());
    }

    @Test
    void a_jar_and_an_archive_that_no_line_names_go() throws Exception {
        remembered("Stub.1", clone, 1);
        Files.delete(cache().resolve("Stub.1.line"));
        stub();
        assertEquals(Set.of(own("Stub.")), entries());
    }

    @Test
    void without_an_argument_it_lists_the_commands_and_needs_neither_java_nor_jbang() throws Exception {
        Files.delete(bin.resolve("java"));
        env.put("JBANG_REPO", temp.resolve("empty").toString());
        Processes.Ended ended = inClone("./jbang");
        assertEquals("""
                Commands of this collection:
                  stub                   Says a word; and more.

                Help for a command: ./jbang COMMAND --help
                Anything else is handed to JBang. Help for JBang: ./jbang --help

                The cache %s is empty.
                To clear the cache: ./jbang clear-cache
                """.formatted(cache()), ended.out());
        assertEquals("", ended.err());
        assertEquals(0, ended.code());
    }

    @Test
    void without_an_argument_it_says_how_large_each_cache_is() throws Exception {
        grow("Stub.1", 3);
        Files.write(otherCache().resolve("Stub.1.jar"), new byte[100_000]);
        String out = inClone("./jbang").out();
        assertTrue(out.matches("(?s).*\nThe cache " + cache() + " holds \\d+ [KM]B\\.\n.*"), out);
        assertTrue(out.matches("(?s).*\nThe cache " + otherCache() + " holds 1\\d\\d KB\\.\n.*"), out);
    }

    @Test
    void a_launcher_in_a_folder_with_a_space_names_itself_so_that_it_can_be_pasted() throws Exception {
        String out = run(clone.resolve("jbang").toString()).out();
        assertTrue(out.contains("To clear the cache: '" + clone.resolve("jbang") + "' clear-cache\n"), out);
    }

    @Test
    void clear_cache_empties_both_caches_and_needs_neither_java_nor_jbang() throws Exception {
        Files.delete(bin.resolve("java"));
        remembered("Stub.1", clone, 1);
        Files.write(otherCache().resolve("Stub.1.jar"), new byte[100_000]);
        Processes.Ended ended = inClone("./jbang clear-cache");
        assertTrue(ended.out().matches("Cleared " + cache() + ": \\d+ KB freed\\.\n"
                + "Cleared " + otherCache() + ": 1\\d\\d KB freed\\.\n"), ended.out());
        assertEquals("", ended.err());
        assertEquals(0, ended.code());
        assertEquals(List.of(), names(cache()));
        assertEquals(List.of(), names(otherCache()));
    }

    @Test
    void clear_cache_says_so_when_there_is_nothing_to_clear() throws Exception {
        Processes.Ended ended = inClone("./jbang clear-cache");
        assertEquals("There is nothing to clear: the cache " + cache() + " is empty.\n", ended.out());
        assertEquals("", ended.err());
        assertEquals(0, ended.code());
    }

    @Test
    void clear_cache_leaves_a_folder_that_others_can_write() throws Exception {
        remembered("Stub.1", clone, 1);
        Files.setPosixFilePermissions(cache(), PosixFilePermissions.fromString("rwxrwxrwx"));
        Processes.Ended ended = inClone("./jbang clear-cache");
        assertEquals("Not cleared: " + cache() + " is not writable by this user alone.\n", ended.out());
        assertEquals(0, ended.code());
        assertTrue(Files.exists(cache().resolve("Stub.1.line")));
    }

    @Test
    void clear_cache_with_more_words_clears_nothing() throws Exception {
        remembered("Stub.1", clone, 1);
        Processes.Ended ended = inClone("./jbang clear-cache --help");
        assertEquals(2, ended.code());
        assertEquals("", ended.out());
        assertEquals("Error: clear-cache takes no arguments\nTry: ./jbang clear-cache\n", ended.err());
        assertTrue(Files.exists(cache().resolve("Stub.1.line")));
    }

    @Test
    void a_command_runs_after_the_cache_was_cleared() throws Exception {
        stub();
        inClone("./jbang clear-cache");
        assertEquals("first\n", stub().out());
    }

    @Test
    void the_program_learns_how_the_launcher_was_typed() throws Exception {
        assertEquals("./jbang\n", inClone("./jbang stub launcher").out());
        assertEquals(clone.resolve("jbang") + "\n", stub("launcher").out());
    }

    @Test
    void a_source_that_does_not_compile_says_so_on_stderr_and_ends_with_1() throws Exception {
        stub();
        writeWord("\"");
        Processes.Ended ended = stub();
        assertEquals(1, ended.code());
        assertEquals("", ended.out());
        assertTrue(ended.err().contains("Word.java"), ended.err());
    }

    @Test
    void a_changed_catalog_is_noticed() throws Exception {
        stub();
        writeScript("scripts/Second.java");
        write("jbang-catalog.json", catalog("scripts/Second.java"));
        assertEquals(7, stub("exit", "7").code());
        assertTrue(names(cache()).stream().anyMatch(n -> n.startsWith("Second.")), names(cache()).toString());
    }

    @Test
    void a_cleared_jbang_cache_does_no_harm() throws Exception {
        stub();
        delete(temp.resolve("jbang dir"));
        assertEquals("first\n", stub().out());
    }

    @Test
    void four_at_once_on_a_cold_cache_all_succeed() throws Exception {
        List<Processes.Started> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(Processes.start(temp, env, clone.resolve("jbang").toString(), "stub", "" + i));
        }
        for (int i = 0; i < 4; i++) {
            Processes.Ended ended = all.get(i).end();
            assertEquals("first[" + i + "]\n", ended.out(), ended.err());
        }
        assertFalse(names(cache()).contains("lock"), names(cache()).toString());
    }

    @Test
    void the_lock_of_a_killed_run_holds_nobody() throws Exception {
        Files.createDirectories(cache(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.createSymbolicLink(cache().resolve("lock"), Path.of(Long.toString(gone.pid())));
        assertEquals("first\n", stub().out());
    }

    @Test
    void a_warm_run_needs_no_network() throws Exception {
        stub();
        assumeTrue(run("/usr/bin/env", "PATH=" + System.getenv("PATH"), "unshare", "-n", "true").code() == 0,
                "unshare -n is not permitted here: run as root, apt-get install util-linux");
        Processes.Ended ended = run("/usr/bin/env", "PATH=" + System.getenv("PATH"), "unshare", "-n",
                "/usr/bin/env", "PATH=" + bin, clone.resolve("jbang").toString(), "stub");
        assertEquals("first\n", ended.out(), ended.err());
    }

    @Test
    void without_a_writable_cache_it_still_runs() throws Exception {
        env.put("XDG_CACHE_HOME", "/proc");
        assertEquals("first\n", stub().out());
        env.put("TMPDIR", "/proc");
        Processes.Ended ended = stub();
        assertEquals("first\n", ended.out(), ended.err());
        assertEquals(0, ended.code());
    }

    @Test
    void a_full_cache_changes_neither_stdout_nor_the_code() throws Exception {
        Path full = Files.createDirectories(temp.resolve("full"));
        assumeTrue(new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "none", full.toString()).start()
                .waitFor() == 0, "a small file system cannot be mounted: run as root, apt-get install mount");
        try {
            env.put("XDG_CACHE_HOME", full.toString());
            for (int run = 0; run < 2; run++) {
                Processes.Ended ended = stub("exit", "3");
                assertEquals(3, ended.code(), ended.err());
                assertEquals("", ended.out());
            }
        } finally {
            new ProcessBuilder("umount", full.toString()).start().waitFor();
        }
    }

    @Test
    void a_cut_or_garbled_archive_does_no_harm() throws Exception {
        stub();
        Path archive = archive();
        byte[] whole = Files.readAllBytes(archive);
        byte[] garbage = new byte[whole.length];
        new Random(1).nextBytes(garbage);
        for (byte[] bad : List.of(java.util.Arrays.copyOf(whole, whole.length / 2), garbage, new byte[0])) {
            Files.delete(archive);
            Files.write(archive, bad);
            Processes.Ended ended = stub();
            assertEquals("first\n", ended.out(), ended.err());
            assertEquals(0, ended.code());
        }
    }

    @Test
    void a_line_that_another_user_could_have_written_is_not_run() throws Exception {
        stub();
        Path line = Files.list(cache()).filter(p -> p.toString().endsWith(".line")).findFirst().orElseThrow();
        Files.writeString(line, Files.readString(line) + "echo poisoned\n");
        assertTrue(stub().out().contains("poisoned"), "the line is read while the folder is ours alone");
        Files.setPosixFilePermissions(cache(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals("first\n", stub().out());
    }

    @Test
    void a_repository_that_is_named_serves_where_there_is_no_maven() throws Exception {
        env.put("ETCD_OPS_MAVEN_REPO", repository().toUri().toString());
        env.put("JBANG_REPO", temp.resolve("empty").toString());
        Processes.Ended ended = stub();
        assertEquals("first\n", ended.out(), ended.err());
    }

    @Test
    void a_jar_with_another_checksum_is_refused_in_two_lines() throws Exception {
        Path fake = temp.resolve("fake").resolve(jarPath());
        Files.createDirectories(fake.getParent());
        Files.writeString(fake, "not JBang");
        env.put("ETCD_OPS_MAVEN_REPO", temp.resolve("fake").toUri().toString());
        env.put("JBANG_REPO", temp.resolve("empty").toString());
        assertRefused(stub(), "SHA-256");
        assertFalse(Files.exists(cache().resolve("jbang-0.132.1.jar")));
    }

    @Test
    void no_jbang_and_no_maven_is_two_lines() throws Exception {
        env.put("JBANG_REPO", temp.resolve("empty").toString());
        assertRefused(stub(), "no JBang");
    }

    @Test
    void no_java_is_two_lines() throws Exception {
        Files.delete(bin.resolve("java"));
        assertRefused(stub(), "no Java");
    }

    @Test
    void an_installed_jbang_serves_where_there_is_no_maven() throws Exception {
        install("0.132.1");
        env.put("JBANG_REPO", temp.resolve("empty").toString());
        for (int run = 0; run < 2; run++) {
            Processes.Ended ended = stub("a b");
            assertEquals("first[a b]\n", ended.out(), ended.err());
        }
        assertFalse(Files.exists(cache().resolve("jbang-0.132.1.jar")));
    }

    @Test
    void an_installed_jbang_that_is_too_old_is_passed_over() throws Exception {
        install("0.99.2");
        env.put("JBANG_REPO", temp.resolve("empty").toString());
        assertRefused(stub(), "no JBang");
    }

    private static void assertRefused(Processes.Ended ended, String because) {
        assertEquals(1, ended.code(), ended.err());
        assertEquals("", ended.out());
        List<String> lines = ended.err().lines().toList();
        assertEquals(2, lines.size(), ended.err());
        assertTrue(lines.get(0).startsWith("Error: ") && lines.get(0).contains(because), lines.get(0));
        assertTrue(lines.get(1).startsWith("Try: "), lines.get(1));
    }

    private Processes.Ended stub(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(clone.resolve("jbang").toString(), "stub"));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private Processes.Ended run(String... command) throws Exception {
        return Processes.run(temp, env, command);
    }

    private Processes.Ended inClone(String words) throws Exception {
        return Processes.run(clone, env, "sh", "-c", words);
    }

    /** JBang itself is only fetched for a run that needs it. */
    private boolean jbangIsAsked() throws Exception {
        Path jbang = cache().resolve("jbang-0.132.1.jar");
        Files.deleteIfExists(jbang);
        stub();
        return Files.exists(jbang);
    }

    /** From now on every run leaves a list of its classes, and of where each came from. */
    private void logLoadedClasses() {
        env.put("JBANG_JAVA_OPTIONS", "-Xlog:class+load:file=" + temp.resolve("classes.txt") + "::filecount=0");
    }

    private boolean loadedFromArchive(String type) throws IOException {
        return Files.readString(temp.resolve("classes.txt")).lines()
                .anyMatch(l -> l.contains(" " + type + " source: shared objects file"));
    }

    /** The jar of a dependency of the stub, in a repository of its own. */
    private Path dependOnPicocli() throws IOException {
        Path own = temp.resolve("repository");
        String picocli = "info/picocli/picocli/4.7.7";
        assumeTrue(Files.exists(repository().resolve(picocli)), "picocli is in no local Maven repository: "
                + "mvn dependency:get -Dartifact=info.picocli:picocli:4.7.7");
        for (String folder : List.of(picocli, Path.of(jarPath()).getParent().toString())) {
            Files.createDirectories(own.resolve(folder));
            for (String name : names(repository().resolve(folder))) {
                Files.copy(repository().resolve(folder).resolve(name), own.resolve(folder).resolve(name));
            }
        }
        env.put("JBANG_REPO", own.toString());
        writeScript("scripts/Stub.java", "//DEPS info.picocli:picocli:4.7.7\n");
        return own.resolve(picocli).resolve("picocli-4.7.7.jar");
    }

    private Path cache() {
        return Path.of(env.get("XDG_CACHE_HOME"), "etcd-ops");
    }

    /** Where the launcher turns when it cannot write the cache. */
    private Path otherCache() throws IOException {
        return privately(Path.of(env.get("TMPDIR"), "etcd-ops-" + Files.getAttribute(temp, "unix:uid")));
    }

    private static Path privately(Path folder) throws IOException {
        return Files.createDirectories(folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** The three files of a command in the cache, as a run of that clone left them so many days ago. */
    private void remembered(String name, Path of, int days) throws IOException {
        privately(cache());
        Path line = Files.writeString(cache().resolve(name + ".line"), "# " + of + "\narchive_size=1\n");
        Files.setLastModifiedTime(line, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
        grow(name, 0);
        Files.writeString(cache().resolve(name + ".jar"), "x");
    }

    /** An archive of that many megabytes, all of them holes. */
    private void grow(String name, int megabytes) throws IOException {
        privately(cache());
        try (RandomAccessFile archive = new RandomAccessFile(cache().resolve(name + ".jsa").toFile(), "rw")) {
            archive.setLength(megabytes * 1024L * 1024);
        }
    }

    /** What the cache remembers: the names of which all three files are there. A part of the three is a mistake. */
    private Set<String> entries() throws IOException {
        Map<String, Set<String>> kinds = new HashMap<>();
        for (String file : names(cache())) {
            if (file.matches("(?!jbang-).*\\.(line|jar|jsa)")) {
                int dot = file.lastIndexOf('.');
                kinds.computeIfAbsent(file.substring(0, dot), n -> new HashSet<>()).add(file.substring(dot));
            }
        }
        kinds.forEach((name, of) -> assertEquals(Set.of(".line", ".jar", ".jsa"), of, name));
        return kinds.keySet();
    }

    /** The name that the launcher itself gave: all others here have one digit. */
    private String own(String script) throws IOException {
        return names(cache()).stream().filter(n -> n.startsWith(script) && n.matches("\\w+\\.\\d\\d+\\.line")).findFirst()
                .orElseThrow().replace(".line", "");
    }

    private Path archive() throws IOException {
        return cache().resolve(own("Stub.") + ".jsa");
    }

    private Path jarOfJbang() throws IOException {
        try (Stream<Path> all = Files.walk(temp.resolve("jbang dir"))) {
            return all.filter(p -> p.endsWith("Stub.jar")).findFirst().orElseThrow();
        }
    }

    private static Path repository() {
        return Path.of(System.getProperty("user.home"), ".m2", "repository");
    }

    private static String jarPath() {
        return "dev/jbang/jbang-cli/0.132.1/jbang-cli-0.132.1-all.jar";
    }

    /** A launcher as JBang's own is: it answers to --version and follows the protocol of exit code 255. */
    private void install(String version) throws IOException {
        Path installed = Files.writeString(bin.resolve("jbang"), """
                #!/bin/sh
                [ "$1" != --version ] || { echo %s >&2; exit; }
                output=$(JBANG_RUNTIME_SHELL=bash java -cp '%s' dev.jbang.Main "$@")
                code=$?
                [ $code != 255 ] || eval "exec $output"
                [ -z "$output" ] || echo "$output"
                exit $code
                """.formatted(version, repository().resolve(jarPath())));
        Files.setPosixFilePermissions(installed, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void link(String tool) throws IOException {
        for (String folder : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                Files.createSymbolicLink(bin.resolve(tool), Path.of(folder, tool).toRealPath());
                return;
            }
        }
        throw new IOException(tool + " is not on the PATH");
    }

    private static String catalog(String script) {
        return """
                {
                  "aliases": {
                    "stub": {
                      "script-ref": "%s",
                      "description": "Says a word; and more."
                    }
                  }
                }
                """.formatted(script);
    }

    private void writeWord(String word) throws IOException {
        write("lib/word/Word.java", "package word;\npublic class Word { public static String WORD = \"" + word + "\"; }\n");
    }

    private void writeTrainingRun(String more) throws IOException {
        write("lib/cli/TrainingRun.java", more + """
                package cli;
                public class TrainingRun {
                    public static void main(String[] args) throws Exception {
                        Class.forName(args[0]);
                    }
                }
                """);
    }

    private void writeScript(String file) throws IOException {
        writeScript(file, "");
    }

    private void writeScript(String file, String header) throws IOException {
        write(file, header + """
                //JAVA 17+
                //RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable
                //SOURCES ../lib/word/package-info.java
                //SOURCES ../lib/cli/TrainingRun.java
                public class %s {
                    public static void main(String[] args) throws Exception {
                        String first = args.length == 0 ? "" : args[0];
                        switch (first) {
                            case "exit" -> System.exit(Integer.parseInt(args[1]));
                            case "cat" -> System.in.transferTo(System.out);
                            case "launcher" -> System.out.println(System.getenv("ETCD_OPS_LAUNCHER"));
                            case "hang" -> {
                                Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
                                System.err.println("hanging");
                                Thread.currentThread().join();
                            }
                            default -> {
                                System.out.print(word.Word.WORD);
                                for (String arg : args) {
                                    System.out.print("[" + arg + "]");
                                }
                                System.out.println();
                            }
                        }
                    }
                }
                """.formatted(Path.of(file).getFileName().toString().replace(".java", "")));
    }

    private void write(String file, String text) throws IOException {
        Path path = clone.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
