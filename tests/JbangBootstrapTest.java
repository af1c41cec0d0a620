import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./jbang} as a process, over a collection of one small script, with caches and a PATH of its own. */
class JbangBootstrapTest {
    /** All that the launcher may need besides JBang, Maven and Java. */
    private static final List<String> TOOLS = List.of("sh", "bash", "cat", "cksum", "cp", "dirname", "find", "grep",
            "head", "id", "ln", "ls", "mkdir", "mv", "readlink", "rm", "sed", "sha256sum", "sleep", "sort", "uname", "wc");

    @TempDir
    private Path temp;
    private Path clone;
    private Path bin;
    private Map<String, String> env;

    @BeforeEach
    void aCloneInAFolderWithASpace() throws IOException {
        clone = Files.createDirectories(temp.resolve("a clone"));
        Files.copy(Checkout.root().resolve("jbang"), clone.resolve("jbang"));
        write("jbang-catalog.json", catalog("Stub"));
        write("lib/cli/TrainingRun.java", """
                package cli;
                public class TrainingRun { public static void main(String[] args) { } }
                """);
        write("lib/word/package-info.java", "//SOURCES Word.java\npackage word;\n");
        writeWord("first");
        writeScript("Stub");
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
        writeScript("Second");
        write("jbang-catalog.json", catalog("Second"));
        assertEquals(7, stub("exit", "7").code());
        assertTrue(names(cache()).stream().anyMatch(n -> n.startsWith("Second.")), names(cache()).toString());
    }

    @Test
    void a_cleared_jbang_cache_is_noticed() throws Exception {
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
        Path archive = Files.list(cache()).filter(p -> p.getFileName().toString().matches("Stub\\..*\\.jsa")).findFirst()
                .orElseThrow();
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

    private Path cache() {
        return Path.of(env.get("XDG_CACHE_HOME"), "etcd-ops");
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
                      "script-ref": "scripts/%s.java"
                    }
                  }
                }
                """.formatted(script);
    }

    private void writeWord(String word) throws IOException {
        write("lib/word/Word.java", "package word;\npublic class Word { public static String WORD = \"" + word + "\"; }\n");
    }

    private void writeScript(String name) throws IOException {
        write("scripts/" + name + ".java", """
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
                """.formatted(name));
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
