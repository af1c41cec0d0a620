package disk;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The programs of the machine that disks are made with, each with the Debian package that brings it. */
enum Tool {
    BLKID("blkid", "util-linux"),
    CP("cp", "coreutils"),
    DEBUGFS("debugfs", "e2fsprogs"),
    FILEFRAG("filefrag", "e2fsprogs"),
    FSCK_EXT4("fsck.ext4", "e2fsprogs"),
    MKFS_EXT4("mkfs.ext4", "e2fsprogs"),
    MKFS_XFS("mkfs.xfs", "xfsprogs"),
    MOUNT("mount", "mount"),
    PS("ps", "procps"),
    RESIZE2FS("resize2fs", "e2fsprogs"),
    SH("sh", "dash"),
    SYNC("sync", "coreutils"),
    UMOUNT("umount", "mount");

    private final String program;
    private final String debianPackage;

    Tool(String program, String debianPackage) {
        this.program = program;
        this.debianPackage = debianPackage;
    }

    /** The exit code and the output of a program, with both streams in one. */
    record Ran(int exit, String output) {

        String firstLines() {
            return output.lines().filter(line -> !line.isBlank()).limit(3).collect(Collectors.joining(" | "));
        }
    }

    boolean isThere() {
        return path().isPresent();
    }

    /** @throws IOException unless the program ends with 0 */
    String run(Object... arguments) throws IOException {
        Ran ran = tried(arguments);
        if (ran.exit != 0) {
            throw failed(ran, arguments);
        }
        return ran.output;
    }

    Ran tried(Object... arguments) throws IOException {
        return triedIn(null, arguments);
    }

    IOException failed(Ran ran, Object... arguments) {
        return new IOException(line(arguments) + " ended with " + ran.exit + ": " + ran.firstLines());
    }

    /** Without a shell in between, so that a name with a space in it stays one argument. */
    Ran triedIn(Path folder, Object... arguments) throws IOException {
        List<String> argv = new ArrayList<>();
        argv.add(path().orElseThrow(() -> new IOException(program + " is missing: apt-get install " + debianPackage))
                .toString());
        for (Object argument : arguments) {
            argv.add(argument.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .directory(folder == null ? null : folder.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), output);
        } catch (InterruptedException stopped) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException(line(arguments) + " was interrupted", stopped);
        }
    }

    private String line(Object... arguments) {
        return Stream.concat(Stream.of(program), Stream.of(arguments)).map(Object::toString)
                .collect(Collectors.joining(" "));
    }

    /** Debian's PATH of a user has no sbin folders, although mke2fs and debugfs need no root. */
    private Optional<Path> path() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin";
        return Stream.of(path.split(":")).filter(folder -> folder.startsWith("/")).map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable).findFirst();
    }
}
