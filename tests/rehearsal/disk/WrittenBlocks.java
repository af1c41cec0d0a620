package disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which blocks of {@link Disks#BLOCK_BYTES} of a sparse file were ever written. */
final class WrittenBlocks {

    /** {@code ext: logical first..last: physical first..last: length: [expected:] flags} of filefrag -v. */
    private static final Pattern EXTENT = Pattern.compile(
            " *\\d+: +(\\d+)\\.\\. *(\\d+): +\\d+\\.\\. *\\d+: +\\d+:(?: +\\d+:)? *([a-z_,]*)");

    private static final int UNIT = 4096;

    private WrittenBlocks() {
    }

    static BitSet of(Path file) throws IOException {
        if (Tool.FILEFRAG.isThere()) {
            Tool.Ran ran = Tool.FILEFRAG.tried("-v", "-s", "-b" + UNIT, file);
            if (ran.exit() == 0 && ran.output().contains("physical_offset")) {
                return extents(ran.output());
            }
        }
        return notZero(file); // some file systems do not list extents, for example tmpfs
    }

    /** An extent that is {@code unwritten}, that is only allocated, reads as zeros. */
    private static BitSet extents(String listing) throws IOException {
        BitSet blocks = new BitSet();
        for (String line : listing.lines().toList()) {
            if (line.matches(" *\\d+: .*")) {
                Matcher extent = EXTENT.matcher(line);
                if (!extent.matches()) {
                    throw new IOException("filefrag -v lists a line that is no extent: " + line);
                }
                if (!extent.group(3).contains("unwritten")) {
                    int first = (int) (Long.parseLong(extent.group(1)) * UNIT / Disks.BLOCK_BYTES);
                    int last = (int) (Long.parseLong(extent.group(2)) * UNIT / Disks.BLOCK_BYTES);
                    blocks.set(first, last + 1);
                }
            }
        }
        return blocks;
    }

    private static BitSet notZero(Path file) throws IOException {
        BitSet blocks = new BitSet();
        try (InputStream in = Files.newInputStream(file)) {
            for (int index = 0;; index++) {
                byte[] block = in.readNBytes(Disks.BLOCK_BYTES);
                if (block.length == 0) {
                    return blocks;
                }
                for (byte b : block) {
                    if (b != 0) {
                        blocks.set(index);
                        break;
                    }
                }
            }
        }
    }
}
