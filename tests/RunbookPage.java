import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page whose console blocks are run. Each command stands after {@code $}, and the output stands below the command. */
record RunbookPage(String name, List<String> lines, List<Part> parts) {
    static final Path ROOT = Checkout.root();
    private static final Pattern WORLD = Pattern.compile("<!-- world: (\\S+)( --etcd)?(?:; after (\\S+))? -->");
    private static final Pattern STATUS = Pattern.compile("\\[exit (\\d+)]");

    /** The commands that one shell runs: all between a comment that names a world and the next such comment. */
    record Part(String page, int line, String world, boolean etcd, String incident, List<Command> commands) {
        @Override
        public String toString() {
            return page + ":" + line;
        }
    }

    /** A command as typed. {@code shown} holds the lines below the command; the first of these is {@code line + height}. */
    record Command(int line, int height, String text, List<String> shown) {
        int status() {
            Matcher last = STATUS.matcher(shown.isEmpty() ? "" : shown.get(shown.size() - 1));
            return last.matches() ? Integer.parseInt(last.group(1)) : 0;
        }
    }

    static Stream<RunbookPage> all() {
        List<String> names = new ArrayList<>(List.of("README.md", "REPORTS.md"));
        String[] runbooks = ROOT.resolve("runbooks").toFile().list((folder, name) -> name.endsWith(".md"));
        Stream.of(runbooks).sorted().forEach(name -> names.add("runbooks/" + name));
        return names.stream().map(RunbookPage::read);
    }

    static RunbookPage read(String name) {
        List<String> lines = RepositoryTest.read(ROOT.resolve(name)).lines().toList();
        List<Part> parts = new ArrayList<>();
        for (int n = 0; n < lines.size(); n++) {
            Matcher world = WORLD.matcher(lines.get(n));
            if (world.matches()) {
                parts.add(new Part(name, n + 1, world.group(1), world.group(2) != null,
                        world.group(3) == null ? "" : world.group(3), new ArrayList<>()));
            } else if (lines.get(n).equals("```console")) {
                if (parts.isEmpty()) {
                    throw new IllegalStateException(name + ":" + (n + 1) + ": no <!-- world: NAME --> above this block");
                }
                n = block(name, lines, n + 1, parts.get(parts.size() - 1).commands());
            }
        }
        return new RunbookPage(name, lines, parts);
    }

    /** Returns the line that closes the block. */
    private static int block(String page, List<String> lines, int first, List<Command> commands) {
        int n = first;
        while (!lines.get(n).equals("```")) {
            if (!lines.get(n).startsWith("$ ")) {
                throw new IllegalStateException(page + ":" + (n + 1) + ": a block begins with a command after \"$ \"");
            }
            int line = n;
            StringBuilder text = new StringBuilder(lines.get(n++).substring(2));
            while (lines.get(n).startsWith("> ")) {
                text.append('\n').append(lines.get(n++).substring(2));
            }
            int shown = n;
            while (!lines.get(n).equals("```") && !lines.get(n).startsWith("$ ")) {
                n++;
            }
            commands.add(new Command(line + 1, shown - line, text.toString(), List.copyOf(lines.subList(shown, n))));
        }
        return n;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Replaces the shown lines below each of the page's own commands. */
    void rewrite(List<Command> commands, List<List<String>> shown) throws IOException {
        List<String> page = new ArrayList<>(lines);
        for (int n = commands.size() - 1; n >= 0; n--) {
            Command command = commands.get(n);
            int from = command.line() - 1 + command.height();
            page.subList(from, from + command.shown().size()).clear();
            page.addAll(from, shown.get(n));
        }
        Files.writeString(ROOT.resolve(name), String.join("\n", page) + "\n");
    }
}
