package disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Opens disks of a tier, or of the best one that works on this machine. */
public final class Tiers {

    private Tiers() {
    }

    /** The disks, and a line for each better tier that does not work: its name, what is missing, how to install it. */
    public record Choice(Disks disks, List<String> passedOver) {
    }

    /** @throws IOException with what the tier needs and the machine lacks */
    public static Disks open(Tier tier, Path folder) throws IOException {
        Disks disks = switch (tier) {
            case NONE -> new NoDisks();
            case DIRECTORY -> DirectoryDisks.open(folder);
            case IMAGE -> ImageDisks.open(folder);
            case BLOCK -> BlockDisks.open(folder);
        };
        try {
            if (tier != Tier.NONE) {
                prove(disks);
            }
            return disks;
        } catch (IOException | RuntimeException doesNotWork) {
            close(disks, doesNotWork);
            throw doesNotWork;
        }
    }

    /** Keeps the first error as the one that the caller sees; an error while closing is only added to it. */
    static void close(Disks disks, Exception why) {
        try {
            disks.close();
        } catch (IOException failed) {
            why.addSuppressed(failed);
        }
    }

    /** Every tier is tried out. To be root is not enough: root in a container may not be allowed to mount. */
    public static Choice best(Path folder) throws IOException {
        List<String> passedOver = new ArrayList<>();
        for (Tier tier : List.of(Tier.BLOCK, Tier.IMAGE, Tier.DIRECTORY)) {
            try {
                return new Choice(open(tier, folder), List.copyOf(passedOver));
            } catch (IOException doesNotWork) {
                passedOver.add(name(tier) + ": " + doesNotWork.getMessage());
            }
        }
        throw new IOException("no disks work in " + folder + ": " + String.join("; ", passedOver));
    }

    private static String name(Tier tier) {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    private static void prove(Disks disks) throws IOException {
        byte[] words = "what was written is read".getBytes(StandardCharsets.UTF_8);
        disks.blank("vol-probe", 1);
        Files.write(disks.mount("vol-probe").folder().resolve("probe"), words);
        disks.unmount("vol-probe");
        disks.cut(Map.of("vol-probe", "snap-probe"));
        disks.copy("snap-probe", "vol-probe2", 2);
        byte[] read = Files.readAllBytes(disks.mount("vol-probe2").folder().resolve("probe"));
        disks.unmount("vol-probe2");
        if (!Arrays.equals(read, words)) {
            throw new IOException("a restored file differs from what was written");
        }
        for (String id : List.of("vol-probe", "snap-probe", "vol-probe2")) {
            disks.delete(id);
        }
    }
}
