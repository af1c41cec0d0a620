package disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many writes a block device has completed, and how many are in progress. */
record WriteCount(Path device, String ended, int underWay) {

    /**
     * The kernel counts a request when it has ended (Documentation/block/stat.rst: fields 5 and 12 are completed writes and
     * discards; Documentation/ABI: inflight has reads, then writes).
     */
    static WriteCount of(Path device) throws IOException {
        Path block = Path.of("/sys/block").resolve(device.getFileName());
        if (!fields(block.resolve("queue/iostats"))[0].equals("1")) {
            throw new IOException("the writes to " + device + " are not counted: echo 1 > " + block.resolve("queue/iostats"));
        }
        // The writes in progress are read first: otherwise a write could end between the two reads and be in neither.
        int underWay = Integer.parseInt(fields(block.resolve("inflight"))[1]);
        String[] stat = fields(block.resolve("stat"));
        return new WriteCount(device, stat[4] + " " + stat[11], underWay);
    }

    boolean isUnderWay() {
        return underWay > 0;
    }

    private static String[] fields(Path file) throws IOException {
        return Files.readString(file).strip().split(" +");
    }
}
