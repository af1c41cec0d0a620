///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION An EC2 endpoint on loopback to try everything against; runs until stopped, or for one command.
//JAVA 17+
//SOURCES ../lib/facts/package-info.java
//SOURCES ../lib/tags/package-info.java
//SOURCES ../lib/problem/package-info.java
//SOURCES ../lib/plan/package-info.java
//SOURCES ../lib/judgement/package-info.java
//SOURCES ../lib/sets/package-info.java
//SOURCES ../lib/report/package-info.java
//SOURCES ../tests/rehearsal/disk/package-info.java
//SOURCES ../tests/rehearsal/practice/package-info.java
//SOURCES ../tests/rehearsal/node/package-info.java

import java.io.IOException;
import java.io.StringWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import disk.Tier;
import node.PracticeCluster;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import practice.CommandRunner;
import practice.Fault;
import practice.Settings;
import practice.World;
import practice.Worlds;
import report.Console;
import report.Launcher;
import report.Outcome;

/** Runs the practice cloud. Nothing leaves the machine, and no AWS setting of the user reaches COMMAND. */
@Command(name = "practice-cloud",
        customSynopsis = {"Usage: practice-cloud [OPTION...] [-- COMMAND ARG...]", "       practice-cloud --list-worlds"},
        mixinStandardHelpOptions = true, version = "etcd-ops",
        sortOptions = false, description = {"An EC2 endpoint on loopback to try everything against.",
            "Without COMMAND it prints the lines that point a shell at it, and runs until stopped (Ctrl-C).",
            "With COMMAND it runs that against itself and ends with its exit code."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the list is printed, or COMMAND ended with 0", "2:wrong usage, no such world",
            "22:the port is taken, etcd is missing, COMMAND cannot be started", "130:stopped by Ctrl-C",
            "otherwise:the exit code of COMMAND"},
        footer = {"", "Examples:",
            "  ./jbang practice-cloud -- ./jbang verify-quorum-volumes",
            "  ./jbang practice-cloud --etcd -- bash"})
public final class PracticeCloud implements Callable<Integer> {

    @Option(names = "--world", paramLabel = "NAME", defaultValue = "three-masters",
            description = "what the account holds at the start (default: ${DEFAULT-VALUE})")
    private String worldName;

    @Option(names = "--list-worlds", description = "list the worlds and end")
    private boolean listWorlds;

    @Option(names = "--etcd", description = "real etcd on the nodes, real bytes on the volumes; etcdctl finds etcd main")
    private boolean etcd;

    @Option(names = "--tier", paramLabel = "TIER", description = "with --etcd, how volumes keep their bytes: block, image "
            + "or directory (default: the first of them that works here)")
    private Optional<Tier> tier = Optional.empty();

    @Option(names = "--port", paramLabel = "N", defaultValue = "0", description = "the port (default: a free one)")
    private int port;

    @Option(names = "--snapshot-seconds", paramLabel = "S", defaultValue = "8",
            description = "how long a snapshot is pending (default: ${DEFAULT-VALUE})")
    private int snapshotSeconds;

    @Option(names = "--faults", paramLabel = "FILE", description = "a file with a fault on each line, e.g. nth=2 CreateTags "
            + "REPLY_LOST, or chance=5%% seed=7 * THROTTLED")
    private Optional<Path> faults = Optional.empty();

    @Option(names = "--journal", paramLabel = "FILE",
            description = "write every request and reply to this file, as a JSON object on each line")
    private Optional<Path> journal = Optional.empty();

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "a command with its arguments, after --")
    private List<String> command = List.of();

    @Spec
    private CommandLine.Model.CommandSpec spec;

    private final Console console;
    private final Launcher launcher;

    PracticeCloud(Console console) {
        this.console = console;
        this.launcher = Launcher.of(console.env());
    }

    public static void main(String[] args) {
        System.exit(run(args, Console.system()));
    }

    public static int run(String[] args, Console console) {
        PracticeCloud cloud = new PracticeCloud(console);
        StringWriter help = new StringWriter();
        int code = new CommandLine(cloud)
                .setExpandAtFiles(false)
                .setStopAtPositional(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(help, true))
                .setParameterExceptionHandler((wrong, given) -> cloud.failed(Outcome.USAGE, wrong.getMessage(), "--help"))
                .execute(args);
        console.out().print(cloud.launcher.inWords(help.toString()));
        return console.ended(code, cloud.launcher.command("practice-cloud") + " " + String.join(" ", args));
    }

    @Override
    public Integer call() {
        if (listWorlds) {
            Worlds.all().forEach(w -> console.out().printf("%-18s %s%n", w.name(), w.description()));
            return 0;
        }
        if (port < 0 || port > 65_535 || snapshotSeconds < 0) {
            throw new ParameterException(spec.commandLine(), "--port is 0 to 65535, --snapshot-seconds 0 or more");
        }
        World world;
        List<Fault> given;
        try {
            world = Worlds.named(worldName);
            given = faults.isPresent() ? Fault.read(faults.get()) : List.of();
        } catch (IllegalArgumentException | IOException wrong) {
            return failed(Outcome.USAGE, wrong.getMessage(), "--list-worlds");
        }
        Settings settings = Settings.defaults().port(port).snapshotTakes(Duration.ofSeconds(snapshotSeconds));
        settings = journal.isPresent() ? settings.journal(journal.get()) : settings;
        try (PracticeCluster cluster = etcd ? PracticeCluster.withEtcd(world, settings, tier, console.err()::println)
                : PracticeCluster.open(world, settings)) {
            given.forEach(cluster.cloud()::fault);
            console.err().println("Practice cloud at " + cluster.cloud().endpoint() + ", world " + world.name() + ": "
                    + world.description());
            CommandRunner runner = new CommandRunner(cluster.cloud(), world, cluster.environment(Worlds.CLUSTER));
            cluster.atEnd(() -> {
                runner.end();
                cluster.cloud().leftBehind().forEach(line -> console.err().println("Left behind: " + line));
            });
            return command.isEmpty() ? serve(runner) : runner.run(command);
        } catch (IOException cannot) {
            return failed(Outcome.UNKNOWN.exitCode(), cannot.getMessage(), "--world " + world.name());
        }
    }

    /** Ends by Ctrl-C only, hence with 130, as the JVM does then: whoever waits for the command sees that it was stopped. */
    private int serve(CommandRunner runner) {
        runner.settings().forEach((name, value) -> console.out().println("export " + name + "=" + value));
        console.out().println("unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL_EC2 AWS_ENDPOINT_URL_STS "
                + "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
        console.out().flush();
        try {
            Thread.currentThread().join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return 130;
    }

    private int failed(int code, String error, String options) {
        console.error(error, launcher.command("practice-cloud") + " " + options);
        return code;
    }
}
