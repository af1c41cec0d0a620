import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One shell runs a whole part of a page, as if somebody pasted the part line by line. */
final class RunbookShell {
    private static final int PATIENCE_S = 180;
    private static final String MARK = "\u0001";
    private static final Pattern END = Pattern.compile("\n?" + MARK + "(\\d+) (\\d+)\n");

    /**
     * The output of each command that the shell reached, both streams together. A status other than 0 is the last line.
     * {@code standIns} holds the stand-ins that each command called.
     */
    record Session(List<List<String>> answers, Map<Integer, List<String>> standIns) {
    }

    private RunbookShell() {
    }

    /** @param environment points the commands at the practice cloud; no other AWS setting reaches the commands */
    static Session run(List<String> commands, Map<String, String> environment, Path folder) throws Exception {
        Path log = Files.createFile(folder.resolve("stand-ins"));
        StringBuilder script = new StringBuilder();
        for (int n = 0; n < commands.size(); n++) {
            script.append("export STAND_IN_FOR=").append(n).append('\n').append(commands.get(n))
                    .append("\nprintf '\\n\\001%d %d\\n' ").append(n).append(" $?\n");
        }
        Path file = Files.writeString(folder.resolve("page.sh"), script);
        Path shown = folder.resolve("shown");
        ProcessBuilder builder = new ProcessBuilder("sh", file.toString()).directory(Checkout.root().toFile())
                .redirectErrorStream(true).redirectInput(new File("/dev/null")).redirectOutput(shown.toFile());
        Map<String, String> env = builder.environment();
        env.keySet().removeIf(name -> name.startsWith("AWS_") || name.equalsIgnoreCase("http_proxy"));
        env.putAll(environment);
        env.putAll(Map.of("PATH", Checkout.root().resolve("tests/rehearsal/stand-ins") + File.pathSeparator + env.get("PATH"),
                "STAND_IN_LOG", log.toString(), "EVIDENCE", folder.resolve("evidence").toString(), "AWS_PAGER", "",
                "AWS_CONFIG_FILE", "/nonexistent", "NO_PROXY", "127.0.0.1", "NO_COLOR", "1"));
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        List<List<String>> answers = answers(Files.readString(shown, StandardCharsets.UTF_8), commands.size());
        if (!ended) {
            answers.get(answers.size() - 1).add("still running after " + PATIENCE_S + " s");
        }
        return new Session(answers, standIns(log));
    }

    private static List<List<String>> answers(String shown, int commands) {
        List<List<String>> answers = new ArrayList<>();
        Matcher end = END.matcher(shown);
        int from = 0;
        while (end.find()) {
            List<String> lines = lines(shown.substring(from, end.start()));
            if (!end.group(2).equals("0")) {
                lines.add("[exit " + end.group(2) + "]");
            }
            answers.add(lines);
            from = end.end();
        }
        if (answers.size() < commands) {
            List<String> last = lines(shown.substring(from));
            last.add("and the shell ended");
            answers.add(last);
        }
        return answers;
    }

    private static List<String> lines(String text) {
        return new ArrayList<>(text.isEmpty() ? List.of() : Arrays.asList(text.split("\n")));
    }

    private static Map<Integer, List<String>> standIns(Path log) throws IOException {
        Map<Integer, List<String>> byCommand = new TreeMap<>();
        for (String line : Files.readAllLines(log)) {
            String[] words = line.split(" ", 2);
            byCommand.computeIfAbsent(Integer.valueOf(words[0]), n -> new ArrayList<>()).add(words[1]);
        }
        return byCommand;
    }
}
