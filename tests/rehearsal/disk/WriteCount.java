package disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How often a block device was written to so far, and whether it is just now. */
record WriteCount(Path device, String ended, int underWay) {

    /**
     * A request is counted when it has ended (Documentation/block/stat.rst: fields 5 and 12 are completed writes and
     * discards; Documentation/ABI: inflight has reads, then writes).
     */
    static WriteCount of(Path device) throws IOException {
        Path block = Path.of("/sys/block").resolve(device.getFileName());
        if (!fields(block.resolve("queue/iostats"))[0].equals("1")) {
            throw new IOException("the writes to " + device + " are not counted: echo 1 > " + block.resolve("queue/iostats"));
        }
        // first what is under way: read the other way round, a write could end between the two and be in neither
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
