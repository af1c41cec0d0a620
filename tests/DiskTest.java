import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import disk.Disks;
import disk.Tier;
import disk.Tiers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What EBS does with bytes, as far as each tier claims it, with real processes and real file systems. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DiskTest {

    /** For everything that a writer is waited for. */
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /** Writes a number to the first volume, then to the second, and so on; each line is on disk before the next begins. */
    private static final String COUNTING = "i=0; while :; do i=$((i+1)); echo $i >> \"$1/log\"; sync \"$1/log\";"
            + " echo $i >> \"$2/log\"; sync \"$2/log\"; done";

    @TempDir
    Path temp;
    private Path folder;
    private Disks disks;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void choose() {
        folder = temp.resolve("disks");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        started.forEach(DiskTest::kill);
        if (disks != null) {
            disks.close();
            assertFalse(Files.exists(folder), "close leaves its folder");
            assertEquals(List.of(), disks.mounted());
        }
    }

    /** Skips a tier that this machine cannot have, with the reason. A tier that is broken fails the test. */
    static Disks open(Tier tier, Path folder) throws IOException {
        try {
            return Tiers.open(tier, folder);
        } catch (IOException e) {
            boolean isMissing = e.getMessage().contains("is missing: apt-get install")
                    || e.getMessage().contains("needs root");
            assumeTrue(!isMissing, tier + ": " + e.getMessage());
            throw e;
        }
    }

    private Path mounted(String volume) throws IOException {
        return disks.mount(volume).folder();
    }

    private void restore(String snapshot, String volume) throws IOException {
        disks.copy(snapshot, volume, 1);
    }

    private Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(temp.resolve("out").toFile()).start();
        started.add(process);
        return process;
    }

    private Process counting(Path first, Path second) throws IOException {
        // a child of the named process writes, as it would with a wrapper script
        return start("sh", "-c", "sh -c \"$0\" sh \"$1\" \"$2\"; true", COUNTING, first.toString(), second.toString());
    }

    /** Copies of nine volumes. The two that are written to are the first and the last, so a write in between would show. */
    private static Map<String, String> nine(int round) {
        Map<String, String> copies = new LinkedHashMap<>();
        for (int each : List.of(1, 11, 12, 13, 14, 15, 16, 17, 2)) {
            copies.put("vol-" + each, "snap-" + each + "-" + round);
        }
        return copies;
    }

    private void blankNine() throws IOException {
        for (String volume : nine(0).keySet()) {
            disks.blank(volume, 1);
        }
    }

    private static void kill(Process process) {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(p -> p.onExit().orTimeout(LONGEST.toSeconds(), TimeUnit.SECONDS).join());
    }

    /** The state that ps(1) shows: T for a stopped process. */
    private static String state(Process process) throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", "" + process.pid()).start();
        return new String(ps.getInputStream().readAllBytes()).strip();
    }

    /** The last number whose line is complete. */
    private static int last(Path volume) throws IOException {
        Path log = volume.resolve("log");
        String text = Files.exists(log) ? Files.readString(log) : "";
        String[] lines = text.substring(0, text.lastIndexOf('\n') + 1).split("\n");
        return lines[0].isEmpty() ? 0 : Integer.parseInt(lines[lines.length - 1]);
    }

    private static void await(Path volume, int number) throws Exception {
        await(() -> last(volume) >= number, "number " + number + " on " + volume);
    }

    private static void await(Callable<Boolean> condition, String what) throws Exception {
        for (Instant end = Instant.now().plus(LONGEST); !condition.call();) {
            assertTrue(Instant.now().isBefore(end), LONGEST.toSeconds() + " s passed without " + what);
            Thread.sleep(5);
        }
    }

    private static void overwrite(Path file, long from, byte[] bytes) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(from);
            raw.write(bytes);
        }
    }

    /** The image of a volume that is not mounted. */
    private Path image(String id) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.getFileName().toString().equals(id + ".img")).findFirst().orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void only_the_first_mount_formats_and_what_was_written_comes_through_a_snapshot(Tier tier) throws IOException {
        disks = open(tier, folder);
        assertEquals(tier, disks.tier());
        disks.blank("vol-1", 1);
        Disks.Mount first = disks.mount("vol-1");
        assertTrue(first.formatted());
        assertEquals(List.of(first.folder().toString()), disks.mounted());
        Files.createDirectories(first.folder().resolve("data/token"));
        Files.writeString(first.folder().resolve("data/token/member"), "a");
        disks.unmount("vol-1");
        assertEquals(List.of(), disks.mounted());
        disks.cut(Map.of("vol-1", "snap-1"));
        restore("snap-1", "vol-2");
        for (String volume : List.of("vol-1", "vol-2")) {
            Disks.Mount again = disks.mount(volume);
            assertFalse(again.formatted());
            assertEquals("a", Files.readString(again.folder().resolve("data/token/member")));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_snapshot_of_a_blank_volume_is_blank(Tier tier) throws IOException {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        disks.cut(Map.of("vol-1", "snap-1"));
        restore("snap-1", "vol-2");
        assertTrue(disks.mount("vol-2").formatted());
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_cut_under_load_never_shows_the_second_volume_ahead_of_the_first(Tier tier) throws Exception {
        disks = open(tier, folder);
        blankNine();
        Path first = mounted("vol-1");
        Path second = mounted("vol-2");
        Process writer = counting(first, second);
        disks.writer("vol-1", writer.toHandle());
        disks.writer("vol-2", writer.toHandle());
        int before = 0;
        for (int round = 1; round <= 20; round++) {
            await(second, before + 3);
            int synced = last(second);
            disks.cut(nine(round));
            disks.copy("snap-1-" + round, "vol-3", 1);
            disks.copy("snap-2-" + round, "vol-4", 1);
            int one = last(mounted("vol-3"));
            int two = last(mounted("vol-4"));
            assertTrue(two <= one && one <= two + 1, "round " + round + ": " + one + " and " + two);
            assertTrue(two >= synced, "round " + round + ": " + synced + " was synced, and there is " + two);
            before = two;
            for (String id : List.of("vol-3", "vol-4")) {
                disks.unmount(id);
                disks.delete(id);
            }
        }
        await(second, before + 3);
        kill(writer);
    }

    @Test
    void a_cut_is_refused_rather_than_torn_when_a_writer_was_not_named() throws Exception {
        disks = open(Tier.BLOCK, folder);
        blankNine();
        Path second = mounted("vol-2");
        Process writer = counting(mounted("vol-1"), second);
        for (int round = 1; round <= 5; round++) {
            await(second, 3 * round);
            try {
                disks.cut(nine(round));
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("not named"), e.getMessage());
                for (String copy : nine(round).values()) {
                    assertThrows(IOException.class, () -> disks.delete(copy), "a refused cut leaves no copies");
                }
                continue;
            }
            disks.copy("snap-1-" + round, "vol-3-" + round, 1);
            disks.copy("snap-2-" + round, "vol-4-" + round, 1);
            int one = last(mounted("vol-3-" + round));
            int two = last(mounted("vol-4-" + round));
            assertTrue(two <= one && one <= two + 1, "round " + round + ": " + one + " and " + two);
        }
        kill(writer);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void the_end_of_one_cut_wakes_no_writer_that_another_holds(Tier tier) throws Exception {
        disks = open(tier, folder);
        blankNine();
        disks.blank("vol-3", 1);
        Path first = mounted("vol-1");
        Path second = mounted("vol-2");
        Process writer = counting(first, second);
        for (String volume : List.of("vol-1", "vol-2")) {
            disks.writer(volume, writer.toHandle());
        }
        disks.mount("vol-3");
        disks.writer("vol-3", writer.toHandle());
        ExecutorService other = Executors.newSingleThreadExecutor();
        for (int round = 1; round <= 5; round++) {
            int now = round;
            await(second, last(second) + 2);
            Future<Integer> shortCuts = other.submit(() -> {
                for (int each = 0; each < 10; each++) {
                    disks.cut(Map.of("vol-3", "snap-3-" + now + "-" + each));
                }
                return 10;
            });
            disks.cut(nine(round));
            assertEquals(10, shortCuts.get());
            restore("snap-1-" + round, "vol-1-" + round);
            restore("snap-2-" + round, "vol-2-" + round);
            int one = last(mounted("vol-1-" + round));
            int two = last(mounted("vol-2-" + round));
            assertTrue(two <= one && one <= two + 1, "round " + round + ": " + one + " and " + two);
        }
        other.shutdown();
        await(second, last(second) + 2);
        kill(writer);
    }

    @Test
    void volumes_whose_writes_are_not_counted_are_not_cut_together() throws IOException {
        disks = open(Tier.BLOCK, folder);
        disks.blank("vol-1", 1);
        disks.blank("vol-2", 1);
        mounted("vol-1");
        Path counting = Path.of("/sys/block", device("vol-1"), "queue/iostats");
        Files.writeString(counting, "0");
        try {
            String message = assertThrows(IOException.class,
                    () -> disks.cut(Map.of("vol-1", "snap-1", "vol-2", "snap-2"))).getMessage();
            assertTrue(message.contains(counting.toString()), message);
        } finally {
            Files.writeString(counting, "1");
        }
        disks.cut(Map.of("vol-1", "snap-1", "vol-2", "snap-2"));
    }

    private String device(String volume) throws IOException {
        for (String device : loopDevices()) {
            if (Files.readString(Path.of("/sys/block", device, "loop/backing_file")).contains("/" + volume + ".img")) {
                return device;
            }
        }
        throw new IOException(volume + " has no loop device");
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_snapshot_outlives_its_volume_and_knows_nothing_of_later_writes(Tier tier) throws IOException {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        Path volume = mounted("vol-1");
        Files.writeString(volume.resolve("file"), "early");
        disks.unmount("vol-1");
        disks.cut(Map.of("vol-1", "snap-1"));
        Files.writeString(mounted("vol-1").resolve("file"), "late");
        disks.unmount("vol-1");
        disks.delete("vol-1");
        restore("snap-1", "vol-2");
        Files.writeString(mounted("vol-2").resolve("file"), "of the copy");
        restore("snap-1", "vol-3");
        assertEquals("early", Files.readString(mounted("vol-3").resolve("file")));
        disks.copy("snap-1", "snap-2", 1);
        disks.delete("snap-1");
        restore("snap-2", "vol-4");
        assertEquals("early", Files.readString(mounted("vol-4").resolve("file")));
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_volume_larger_than_its_snapshot_keeps_the_data_and_a_smaller_one_is_refused(Tier tier) throws IOException {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        Files.writeString(mounted("vol-1").resolve("file"), "kept");
        disks.unmount("vol-1");
        disks.cut(Map.of("vol-1", "snap-1"));
        disks.copy("snap-1", "vol-2", 3);
        Disks.Mount large = disks.mount("vol-2");
        assertFalse(large.formatted());
        assertEquals("kept", Files.readString(large.folder().resolve("file")));
        if (tier == Tier.BLOCK) {
            assertTrue(Files.getFileStore(large.folder()).getTotalSpace() > 2L << 30, "the file system grew too");
        }
        disks.unmount("vol-2");
        disks.cut(Map.of("vol-2", "snap-2"));
        IOException refused = assertThrows(IOException.class, () -> disks.copy("snap-2", "vol-3", 1));
        assertTrue(refused.getMessage().contains("snap-2"), refused.getMessage());
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_mounted_volume_can_only_be_cut_and_an_error_names_the_id(Tier tier) throws IOException {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        Path mount = mounted("vol-1");
        List<Executable> refused = List.of(() -> disks.mount("vol-1"),
                () -> disks.delete("vol-1"), () -> disks.copy("vol-1", "vol-2", 1));
        for (Executable each : refused) {
            String message = assertThrows(IOException.class, each).getMessage();
            assertTrue(message.contains("vol-1") && message.contains(mount.toString()), message);
        }
        disks.unmount("vol-1");
        disks.delete("vol-1");
        List<Executable> unknown = List.of(() -> disks.mount("vol-1"),
                () -> disks.delete("vol-1"), () -> disks.copy("vol-1", "vol-2", 1), () -> disks.unmount("vol-1"),
                () -> disks.cut(Map.of("vol-1", "snap-1")));
        for (Executable each : unknown) {
            assertTrue(assertThrows(IOException.class, each).getMessage().contains("vol-1"));
        }
        assertThrows(IllegalStateException.class, () -> disks.writer("vol-1", ProcessHandle.current()));
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_cut_of_which_one_volume_is_unknown_makes_no_copy(Tier tier) throws IOException {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        Map<String, String> copies = new LinkedHashMap<>();
        copies.put("vol-1", "snap-1");
        copies.put("vol-9", "snap-9");
        assertThrows(IOException.class, () -> disks.cut(copies));
        assertThrows(IOException.class, () -> disks.delete("snap-1"));
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_volume_stays_mounted_while_its_writer_runs(Tier tier) throws Exception {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        Path mount = mounted("vol-1");
        Process writer = start("sh", "-c", "exec 3>\"$1/file\"; sleep 60", "sh", mount.toString());
        disks.writer("vol-1", writer.toHandle());
        await(() -> Files.exists(mount.resolve("file")), "the writer's file");
        String message = assertThrows(IOException.class, () -> disks.unmount("vol-1")).getMessage();
        assertTrue(message.contains("vol-1") && message.contains("busy") && message.contains("" + writer.pid()), message);
        assertTrue(Files.exists(mount.resolve("file")));
        kill(writer);
        disks.unmount("vol-1");
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_writer_goes_on_after_a_cut_unless_somebody_else_had_stopped_it(Tier tier) throws Exception {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        disks.blank("vol-2", 1);
        Path first = mounted("vol-1");
        Path second = mounted("vol-2");
        Process writer = start("sh", "-c", COUNTING, "sh", first.toString(), second.toString());
        disks.writer("vol-1", writer.toHandle());
        await(second, 3);
        assertEquals(0, new ProcessBuilder("sh", "-c", "kill -s STOP " + writer.pid()).start().waitFor());
        await(() -> state(writer).startsWith("T"), "a stopped writer"); // it may be writing a line just now
        int stopped = last(first);
        disks.cut(Map.of("vol-1", "snap-1", "vol-2", "snap-2"));
        Thread.sleep(200); // nothing is to happen
        assertEquals(stopped, last(first));
        assertEquals(0, new ProcessBuilder("sh", "-c", "kill -s CONT " + writer.pid()).start().waitFor());
        await(second, stopped + 3);
        disks.cut(Map.of("vol-1", "snap-3", "vol-2", "snap-4"));
        await(second, last(second) + 3);
        kill(writer);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_cut_that_is_interrupted_leaves_nobody_stopped(Tier tier) throws Exception {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        disks.blank("vol-2", 1);
        Path second = mounted("vol-2");
        Process writer = counting(mounted("vol-1"), second);
        disks.writer("vol-1", writer.toHandle());
        disks.writer("vol-2", writer.toHandle());
        await(second, 3);
        Thread.currentThread().interrupt();
        assertThrows(IOException.class, () -> disks.cut(Map.of("vol-1", "snap-1", "vol-2", "snap-2")));
        assertTrue(Thread.interrupted());
        await(second, last(second) + 3);
        kill(writer);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void close_unmounts_and_removes_all_and_can_be_called_again(Tier tier) throws Exception {
        List<String> loops = loopDevices();
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        disks.blank("vol-2", 1);
        Files.writeString(mounted("vol-1").resolve("file"), "x");
        disks.mount("vol-2");
        disks.cut(Map.of("vol-1", "snap-1"));
        disks.close();
        assertFalse(Files.exists(folder));
        assertEquals(List.of(), disks.mounted());
        assertEquals(loops, loopDevices());
        disks.close();
    }

    /** The loop devices whose files belong to this test. */
    private List<String> loopDevices() throws IOException {
        List<String> ours = new ArrayList<>();
        if (Files.isDirectory(Path.of("/sys/block"))) {
            try (Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
                for (Path device : devices.sorted().toList()) {
                    Path backing = device.resolve("loop/backing_file");
                    if (Files.exists(backing) && Files.readString(backing).contains(temp.getFileName().toString())) {
                        ours.add(device.getFileName().toString());
                    }
                }
            }
        }
        return ours;
    }

    @Test
    void a_folder_that_is_not_empty_is_refused_and_left_alone() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("mine"), "x");
        for (Tier tier : List.of(Tier.DIRECTORY, Tier.IMAGE, Tier.BLOCK)) {
            assertTrue(assertThrows(IOException.class, () -> Tiers.open(tier, folder)).getMessage().contains("empty"));
        }
        assertEquals("x", Files.readString(folder.resolve("mine")));
    }

    @Test
    void a_folder_that_was_there_is_there_and_empty_afterwards() throws IOException {
        Files.createDirectories(folder);
        Disks directories = open(Tier.DIRECTORY, folder);
        directories.blank("vol-1", 1);
        directories.close();
        try (Stream<Path> inside = Files.list(folder)) {
            assertEquals(0, inside.count());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IMAGE", "BLOCK"})
    void the_listed_blocks_are_all_that_is_not_zero(Tier tier) throws IOException {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        disks.cut(Map.of("vol-1", "snap-0"));
        assertTrue(disks.blocks("snap-0").isEmpty());
        assertArrayEquals(new byte[Disks.BLOCK_BYTES], disks.block("snap-0", 0));
        byte[] bytes = new byte[5 << 20];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(mounted("vol-1").resolve("file"), bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        disks.cut(Map.of("vol-1", "snap-1"));
        BitSet blocks = disks.blocks("snap-1");
        int all = (1 << 30) / Disks.BLOCK_BYTES;
        byte[] zeros = new byte[Disks.BLOCK_BYTES];
        try (InputStream image = Files.newInputStream(image("snap-1"))) {
            for (int index = 0; index < all; index++) {
                byte[] block = image.readNBytes(Disks.BLOCK_BYTES);
                assertTrue(blocks.get(index) || Arrays.equals(block, zeros), "block " + index);
                if (blocks.get(index)) {
                    assertArrayEquals(block, disks.block("snap-1", index), "block " + index);
                }
            }
        }
        assertTrue(blocks.cardinality() >= 10 && blocks.cardinality() < 40, "5 MiB, and not the empty journal: " + blocks);
        assertArrayEquals(zeros, disks.block("snap-1", all), "beyond the end");
    }

    @Test
    void directories_have_no_blocks_and_say_so() throws IOException {
        disks = open(Tier.DIRECTORY, folder);
        disks.blank("vol-1", 1);
        disks.cut(Map.of("vol-1", "snap-1"));
        assertTrue(assertThrows(IOException.class, () -> disks.blocks("snap-1")).getMessage().contains("snap-1"));
        assertThrows(IOException.class, () -> disks.block("snap-1", 0));
    }

    @ParameterizedTest
    @EnumSource(names = {"IMAGE", "BLOCK"})
    void a_volume_whose_superblock_was_lost_is_formatted_as_if_it_were_new(Tier tier) throws IOException {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        Files.writeString(mounted("vol-1").resolve("file"), "gone");
        disks.unmount("vol-1");
        overwrite(image("vol-1"), 0, new byte[4096]);
        Disks.Mount mount = disks.mount("vol-1");
        assertTrue(mount.formatted());
        assertFalse(Files.exists(mount.folder().resolve("file")));
    }

    @ParameterizedTest
    @EnumSource(names = {"IMAGE", "BLOCK"})
    void a_volume_that_fsck_cannot_fix_without_asking_is_not_mounted(Tier tier) throws IOException {
        disks = open(tier, folder);
        disks.blank("vol-1", 1);
        mounted("vol-1");
        disks.unmount("vol-1");
        byte[] garbage = new byte[1 << 20];
        new Random(1).nextBytes(garbage);
        overwrite(image("vol-1"), 4096, garbage); // the superblock stays; the blocks it points to are garbage
        String message = assertThrows(IOException.class, () -> disks.mount("vol-1")).getMessage();
        assertTrue(message.contains("fsck.ext4") && message.contains("vol-1"), message);
        assertEquals(List.of(), disks.mounted());
    }

    @Test
    void a_cut_of_a_live_volume_is_a_crash_that_the_journal_fixes() throws IOException {
        disks = open(Tier.BLOCK, folder);
        disks.blank("vol-1", 1);
        Path mount = mounted("vol-1");
        for (int i = 0; i < 50; i++) {
            Path file = Files.writeString(mount.resolve("file" + i), "number " + i);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        disks.cut(Map.of("vol-1", "snap-1"));
        assertTrue(needsRecovery("snap-1"), "the cut has a journal to replay");
        restore("snap-1", "vol-2");
        Path restored = mounted("vol-2");
        for (int i = 0; i < 50; i++) {
            assertEquals("number " + i, Files.readString(restored.resolve("file" + i)));
        }
        disks.unmount("vol-2");
        assertFalse(needsRecovery("vol-2"), "replayed");
        assertTrue(needsRecovery("snap-1"), "a snapshot never changes");
    }

    /** EXT4_FEATURE_INCOMPAT_RECOVER of s_feature_incompat, 0x60 into the superblock. */
    private boolean needsRecovery(String id) throws IOException {
        return (ByteBuffer.wrap(disks.block(id, 0)).order(ByteOrder.LITTLE_ENDIAN).getInt(1024 + 0x60) & 0x4) != 0;
    }

    @Test
    void the_best_tier_is_the_best_that_opens() throws IOException {
        Tier expected = Tier.NONE;
        for (Tier tier : List.of(Tier.DIRECTORY, Tier.IMAGE, Tier.BLOCK)) {
            try {
                Tiers.open(tier, folder).close();
                expected = tier;
            } catch (IOException doesNotWork) {
                // then the best tier may not be this one either
            }
        }
        Tiers.Choice choice = Tiers.best(folder);
        disks = choice.disks();
        assertEquals(expected, disks.tier());
        assertEquals(Tier.BLOCK.ordinal() - expected.ordinal(), choice.passedOver().size(), choice.toString());
    }

    /** Prints which tier {@code best} takes, and why not a better one. */
    static final class Choosing {
        public static void main(String[] folder) throws IOException {
            Tiers.Choice choice = Tiers.best(Path.of(folder[0]));
            choice.disks().close();
            System.out.println(choice.disks().tier() + " " + choice.passedOver());
        }
    }

    @Test
    void a_root_that_may_not_mount_gets_images_and_is_told_what_block_needs() throws Exception {
        open(Tier.BLOCK, folder).close(); // skips the test where even root may not mount
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv: apt-get install util-linux");
        Processes.Ended ran = Processes.run(temp, "setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "DiskTest$Choosing", folder.toString());
        assertTrue(ran.out().startsWith("IMAGE [block: ") && ran.out().contains("needs root"), ran.toString());
        assertFalse(Files.exists(folder));
    }


    @Test
    void a_snapshot_of_20_gib_takes_no_room_and_hardly_time() throws IOException {
        disks = open(Tier.BLOCK, folder);
        disks.blank("vol-1", 20);
        mounted("vol-1");
        long begin = System.nanoTime();
        disks.cut(Map.of("vol-1", "snap-1"));
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).toSeconds() < 5, "a clone is no copy");
        assertTrue(Files.getFileStore(image("snap-1")).getUsableSpace() > 60L << 30, "of the pool's 64 GiB");
    }
}
