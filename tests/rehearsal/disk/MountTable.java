package disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel has mounted, as this process sees it (proc(5), /proc/pid/mountinfo). */
final class MountTable {

    private static final Path SOURCE = Path.of("/proc/self/mountinfo");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private MountTable() {
    }

    /** A mount: its folder and its device. */
    record Entry(Path folder, Path device) {
    }

    /** The mounts in a folder, the newest first: the order to unmount them in. None where there is no /proc. */
    static List<Entry> below(Path folder) throws IOException {
        if (!Files.exists(SOURCE)) {
            return List.of();
        }
        List<Entry> found = new ArrayList<>();
        for (String line : Files.readAllLines(SOURCE)) {
            String[] fields = line.split(" ");
            String[] afterOptions = line.substring(line.indexOf(" - ") + 3).split(" ");
            Entry entry = new Entry(Path.of(plain(fields[4])), Path.of(plain(afterOptions[1])));
            if (entry.folder.startsWith(folder)) {
                found.add(0, entry);
            }
        }
        return List.copyOf(found);
    }

    /** The table has space, tab, newline and backslash as octal numbers. */
    private static String plain(String field) {
        return OCTAL.matcher(field).replaceAll(m ->
                Matcher.quoteReplacement("" + (char) Integer.parseInt(m.group(1), 8)));
    }
}
