package gameday;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import node.PracticeCluster;
import practice.CommandRunner;

/** Runs the commands of this collection as their user does: as processes that find the practice cloud in their environment. */
final class CollectionCommands {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> COMMANDS = List.of("snapshot-all", "verify-quorum-volumes", "restore-volume", "fix-tags");
    private static final int WIDTH = 110;
    /** Part of a line about a set of snapshots. Lines about an etcd cluster do not have it. */
    private static final Pattern SET = Pattern.compile(" snapshots? of \\d+ members");

    private final Path jbang;
    private final CommandRunner runner;
    private final Path folder;
    private int count;

    /** What a command did. The report is a missing node when the command wrote none. */
    record Ran(int code, JsonNode report, List<String> said, Instant at, Duration took) {
    }

    /** @param folder for the reports of the commands */
    CollectionCommands(Path jbang, CommandRunner runner, Path folder) {
        this.jbang = jbang;
        this.runner = runner;
        this.folder = folder;
    }

    /** The launcher of the checkout from which this was started. The game day runs the commands of the same checkout. */
    static Optional<Path> launcher(Map<String, String> env) {
        Path from = Path.of(env.getOrDefault("JBANG_LAUNCH_CMD", "")).toAbsolutePath();
        Path here = Path.of("").toAbsolutePath();
        return Stream.of(from, here).flatMap(start -> Stream.iterate(start, p -> p != null, Path::getParent))
                .filter(p -> Files.exists(p.resolve("jbang-catalog.json")))
                .filter(p -> Files.exists(p.resolve("scripts/RestoreVolume.java")))
                .map(p -> p.resolve("jbang")).filter(Files::isExecutable).findFirst();
    }

    /** Has JBang build all commands first, so that no compiler run counts in the times of the game day. */
    static void buildCommands(Path jbang, BooleanSupplier stopped) throws IOException {
        for (String command : COMMANDS) {
            Process process = new ProcessBuilder(jbang.toString(), command, "--version")
                    .redirectInput(Path.of("/dev/null").toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            while (process.isAlive() && !stopped.getAsBoolean()) {
                PracticeCluster.until(Duration.ofSeconds(1), () -> !process.isAlive());
            }
            if (stopped.getAsBoolean()) {
                process.destroy();
                throw new Interrupted();
            }
            if (process.exitValue() != 0) {
                throw new IOException("./jbang " + command + " --version fails");
            }
        }
    }

    /** Adds two options that nobody types at a terminal: for the table, and for the report in a file. */
    Ran run(List<String> words) throws IOException {
        count++;
        Path report = folder.resolve(count + ".json");
        Path out = folder.resolve(count + ".out");
        Path err = folder.resolve(count + ".err");
        List<String> command = new ArrayList<>(List.of(jbang.toString()));
        command.addAll(words);
        command.addAll(List.of("-o", "table", "--report", report.toString()));
        Instant at = Instant.now();
        int code = runner.run(new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile()));
        Duration took = Duration.between(at, Instant.now());
        JsonNode json = Files.exists(report) ? JSON.readTree(report.toFile()) : JSON.missingNode();
        return new Ran(code, json, inShort(Files.readAllLines(out), Files.readAllLines(err), json), at, took);
    }

    /**
     * The part of the output to show: the verdict, a line for each etcd cluster, the members of main, and the error. All of
     * the output when there is no report.
     */
    private static List<String> inShort(List<String> out, List<String> err, JsonNode report) {
        boolean isAll = report.isMissingNode();
        List<String> lines = new ArrayList<>(isAll ? out : out.subList(0, Math.min(1, out.size())));
        boolean isJudged = out.stream().anyMatch(line -> line.contains(" members count, quorum is "));
        boolean isMain = false;
        for (String line : isAll ? List.<String>of() : out.subList(lines.size(), out.size())) {
            boolean isSet = SET.matcher(line).find();
            isMain = isMain ? line.startsWith("  ") : line.startsWith("main  ") && !(isSet && isJudged);
            if (isMain || line.startsWith("events  ") && !(isSet && isJudged)) {
                lines.add(line);
            }
        }
        changes(report).ifPresent(lines::add);
        err.stream().filter(line -> isAll || line.startsWith("Error: ")).forEach(lines::add);
        return lines.stream().flatMap(CollectionCommands::wrapped).toList();
    }

    private static Stream<String> wrapped(String line) {
        int end = line.length() <= WIDTH ? -1 : line.lastIndexOf(' ', WIDTH);
        return end < 1 ? Stream.of(line) : Stream.concat(Stream.of(line.substring(0, end)),
                wrapped("  " + line.substring(end + 1)));
    }

    private static Optional<String> changes(JsonNode report) {
        Map<String, Integer> byStatus = new TreeMap<>();
        report.path("changes").forEach(change -> byStatus.merge(change.path("status").asText(), 1, Integer::sum));
        return byStatus.isEmpty() ? Optional.empty() : Optional.of("changes: " + byStatus.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey().replace('_', ' ')).collect(Collectors.joining(", ")));
    }
}
