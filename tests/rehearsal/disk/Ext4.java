package disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file system on a volume, made and checked as a node does so. */
final class Ext4 {

    private Ext4() {
    }

    /**
     * Whether the image has a file system, asked as Kubernetes' mount library asks before it formats (mount-utils,
     * GetDiskFormat): blkid ends with 2 when it recognises nothing. So a volume whose first blocks were lost counts as new.
     */
    static boolean isOn(Path image) throws IOException {
        Object[] asked = {"-p", "-s", "TYPE", "-s", "PTTYPE", "-o", "export", image};
        Tool.Ran ran = Tool.BLKID.tried(asked);
        if (ran.exit() == 2) {
            return false;
        }
        if (ran.exit() != 0) {
            throw Tool.BLKID.failed(ran, asked);
        }
        if (ran.output().lines().noneMatch(line -> line.matches("TYPE=ext[234]"))) {
            throw new IOException(image.getFileName() + " holds something else than ext4: " + ran.firstLines());
        }
        return true;
    }

    /** The options are those of mount-utils, formatAndMountSensitive. */
    static void make(Path image) throws IOException {
        Tool.MKFS_EXT4.run("-q", "-F", "-m0", image);
    }

    /** A file system with the files of a folder. */
    static void make(Path image, Path contents) throws IOException {
        Tool.MKFS_EXT4.run("-q", "-F", "-m0", "-d", contents, image);
    }

    /** Replays the journal and fixes what fsck fixes without asking. An exit code of 4 or more leaves errors (fsck(8)). */
    static void check(Path image) throws IOException {
        check("-a", image);
    }

    private static void check(Object... arguments) throws IOException {
        Tool.Ran ran = Tool.FSCK_EXT4.tried(arguments);
        if (ran.exit() >= 4) {
            throw Tool.FSCK_EXT4.failed(ran, arguments);
        }
    }

    /**
     * Grows the file system to the size of its volume, which may be larger than the snapshot was. A file system is grown before
     * the mount, since growing a mounted file system takes CAP_SYS_RESOURCE, which root in a container may lack. resize2fs
     * wants a full check first.
     */
    static void grow(Path image) throws IOException {
        if (size(image) < Files.size(image)) {
            check("-a", "-f", image);
            Tool.RESIZE2FS.run(image);
        }
    }

    /** From the superblock, 1024 bytes into the image, little-endian (Documentation/filesystems/ext4/super.rst). */
    private static long size(Path image) throws IOException {
        byte[] superblock;
        try (InputStream in = Files.newInputStream(image)) {
            in.skipNBytes(1024);
            superblock = in.readNBytes(1024);
        }
        ByteBuffer fields = ByteBuffer.wrap(superblock).order(ByteOrder.LITTLE_ENDIAN);
        boolean wide = (fields.getInt(0x60) & 0x80) != 0; // s_feature_incompat, 64bit: only then is s_blocks_count_hi true
        long blocks = Integer.toUnsignedLong(fields.getInt(0x4)) + (wide ? (long) fields.getInt(0x150) << 32 : 0);
        return blocks << 10 + fields.getInt(0x18);
    }

    /** Copies all files to a folder. Only root can set the owners of files, so without root the files become ours. */
    static void dump(Path image, Path folder) throws IOException {
        // debugfs splits its requests at spaces, so the folder is the working directory. debugfs ends with 0 after an error too.
        Tool.Ran ran = Tool.DEBUGFS.triedIn(folder, "-R", "rdump / .", image);
        String said = ran.output().lines().filter(line -> !line.isBlank() && !line.startsWith("debugfs ")
                && !line.contains("while changing ownership of")).findFirst().orElse("");
        if (ran.exit() != 0 || !said.isEmpty()) {
            throw new IOException("reading the files of " + image.getFileName() + ": " + said);
        }
    }
}
