package cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import aws.AwsFailure;
import aws.Connection;
import aws.Stop;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import kops.EtcdCluster;
import kops.Facts;
import kops.Instance;
import kops.QuorumJudgement;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The run of every command: parse, work, print one report, end with its code. A command only finds, decides and fills the
 * report; what goes wrong it throws, and here alone that becomes lines and codes.
 */
@Command(
        mixinStandardHelpOptions = true,
        version = "etcd-ops " + Report.TOOL_VERSION,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, nothing to do, planned, or healthy",
            "1:a bug, or JBang could not build the script",
            "2:wrong usage",
            "20:the answer is no: quorum lost or ambiguous, or a guard refused",
            "21:partly: a quorum but not all members, or not everything was done",
            "22:could not look or could not act: unreachable, denied, throttled",
            "130:interrupted; the report says what was done"
        },
        footer = {"", "REPORTS.md describes the report and every code in it."})
public abstract class OpsCommand {
    /** How long Ctrl-C waits for calls that are under way, so that what they did is in the report. */
    private static final int LAST_CALLS_S = 10;

    private enum Output { table, json }

    @Mixin
    private ClusterOptions options;

    @Option(names = {"-o", "--output"}, paramLabel = "table|json",
            description = "default: table on a terminal, else json")
    private Output output;

    @Option(names = "--report", paramLabel = "FILE", description = "write the JSON report to this file as well")
    private Path reportFile;

    @Spec
    private CommandSpec spec;

    private final Stop stop = new Stop();
    private final CountDownLatch ended = new CountDownLatch(1);
    private Console console;
    private Report report;
    private String[] arguments = {};

    /** Finds, decides, fills the report; returns how it ended. Throws {@link AwsFailure} or {@link Foreseen} when it cannot. */
    protected abstract Outcome work();

    protected final Console console() {
        return console;
    }

    protected final Report report() {
        return report;
    }

    protected final Stop stop() {
        return stop;
    }

    protected final Connection connect() {
        Connection connection = options.connect(console.env());
        report.where("", connection.region(), options.cluster(console.env()).orElse(""));
        return connection;
    }

    /** The clusters that are meant: the one that was named, else all that the region shows. Says and reports where we are. */
    protected final List<String> clusters(Facts facts, String region) {
        List<String> seen = List.copyOf(QuorumJudgement.clusters(facts));
        List<String> clusters = options.cluster(console.env()).map(List::of).orElse(seen);
        String account = facts.instances().values().stream().map(Instance::account).findFirst().orElse("");
        report.where(account, region, String.join(",", clusters));
        say("Account " + (account.isEmpty() ? "unknown (no instance holds an etcd volume)" : account) + ", region " + region
                + ", cluster " + (clusters.isEmpty() ? "none found" : String.join(", ", clusters)));
        if (clusters.isEmpty() || !seen.containsAll(clusters)) {
            report.add(new Problem("CLUSTER_UNSEEN", Problem.Severity.ERROR, "", noVolume(),
                    seen.isEmpty() ? "is it the right account and region?" : "the region shows " + String.join(", ", seen)));
        }
        return clusters;
    }

    private String noVolume() {
        return "no etcd volume of " + (report.cluster().isEmpty() ? "any kops cluster" : report.cluster()) + " in "
                + report.region();
    }

    /** For commands that cannot do anything without a volume. */
    protected final Foreseen refuseForWantOfVolumes() {
        return new Foreseen(Outcome.REFUSED, "NO_VOLUME", "looking for what to do: " + noVolume(),
                commandLine("verify-quorum-volumes", report.cluster().isEmpty() ? "" : "--cluster " + report.cluster()));
    }

    /** Judges one cluster and reports what speaks against its volumes. */
    protected final List<EtcdCluster> judge(Facts facts, String cluster) {
        List<EtcdCluster> judged = QuorumJudgement.judge(facts, cluster, options.generation(), options.etcds());
        new Findings(report, facts).add(judged, options.etcds());
        report.judged(judged);
        return judged;
    }

    /** A step that has become true. */
    protected final void say(String step) {
        console.err().println(step);
    }

    /** A whole command line for the same AWS. */
    protected final String commandLine(String alias, String options) {
        return "./jbang " + alias + (options.isEmpty() ? "" : " " + options) + this.options.whereAgain();
    }

    /** Runs as a process: Ctrl-C still prints the report, and the process ends with the command's code. */
    public static void main(OpsCommand command, String[] args) {
        Thread onSignal = new Thread(command::interrupted, "interrupted");
        Runtime.getRuntime().addShutdownHook(onSignal);
        warmUp(args);
        int code = run(command, args, Console.system());
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException ending) {
            return; // A signal came: the JVM ends with the signal's code once its hooks are through.
        }
        System.exit(code);
    }

    /** Start-up is most of a short run, so what is needed later is loaded while the command line is parsed. */
    private static void warmUp(String[] args) {
        Thread thread = new Thread(() -> {
            Connection.warmUp(ClusterOptions.endpointIn(args).or(() -> Connection.endpointOf(System.getenv())));
            json(new Report("warm-up", InstantSource.system()));
        }, "warm-up");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, e) -> { }); // What is wrong here is wrong again, and said, when it is needed.
        thread.start();
    }

    private void interrupted() {
        stop.ask();
        try {
            if (!ended.await(LAST_CALLS_S, TimeUnit.SECONDS) && report != null) {
                print(Outcome.INTERRUPTED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static int run(OpsCommand command, String[] args, Console console) {
        command.console = console;
        command.arguments = args;
        try {
            CommandLine line = new CommandLine(command).setExpandAtFiles(false);
            line.parseArgs(args);
            if (line.isUsageHelpRequested()) {
                line.usage(console.out());
                return 0;
            }
            if (line.isVersionHelpRequested()) {
                line.printVersionHelp(console.out());
                return 0;
            }
            command.checkReportFile();
            return command.runParsed();
        } catch (ParameterException e) {
            command.error(e.getMessage().lines().findFirst().orElse("wrong usage"),
                    "./jbang " + command.spec.name() + " --help");
            return Outcome.USAGE;
        } finally {
            command.ended.countDown();
        }
    }

    private int runParsed() {
        report = new Report(spec.name(), console.time());
        Outcome outcome;
        try {
            outcome = work();
        } catch (AwsFailure failure) {
            outcome = fail(foreseen(failure));
        } catch (Foreseen foreseen) {
            outcome = fail(foreseen);
        } catch (RuntimeException bug) {
            report.add(new Problem("BUG", Problem.Severity.ERROR, "", bug.toString(), ""));
            bug.printStackTrace(console.err());
            outcome = Outcome.CRASHED;
        }
        return print(stop.isAsked() ? Outcome.INTERRUPTED : outcome).exitCode();
    }

    private Outcome fail(Foreseen foreseen) {
        report.add(foreseen.problem());
        error(foreseen.getMessage(), foreseen.tryCommand());
        return foreseen.outcome();
    }

    private void error(String what, String tryCommand) {
        console.err().println("Error: " + what);
        console.err().println("Try: " + tryCommand);
    }

    protected final Foreseen foreseen(AwsFailure failure) {
        String where = options.whereAgain();
        String again = "./jbang " + spec.name() + (arguments.length == 0 ? "" : " " + CommandWords.quoted(arguments));
        String tryCommand = switch (failure.kind()) {
            case NO_REGION -> again + " --region eu-central-1";
            case NO_CREDENTIALS -> "aws " + (failure.isOfSingleSignOn() ? "sso login" : "sts get-caller-identity") + where;
            case DENIED, BAD_CREDENTIALS -> "aws sts get-caller-identity" + where;
            case UNREACHABLE -> "aws ec2 describe-availability-zones" + where;
            case GARBLED, THROTTLED, SERVER, REJECTED -> again;
        };
        return new Foreseen(Outcome.UNKNOWN, failure.code(), failure.getMessage(), tryCommand);
    }

    private synchronized Outcome print(Outcome outcome) {
        report.end(outcome, console.time());
        boolean asTable = output == null ? console.outIsTerminal() : output == Output.table;
        String json = asTable && reportFile == null ? "" : json(report);
        if (reportFile != null && !write(json)) {
            return outcome.exitCode() == 0 ? Outcome.UNKNOWN : outcome;
        }
        if (asTable) {
            PrintWriter out = new PrintWriter(console.out());
            new ReportTable(out, console.hasColour()).print(report);
            out.flush();
        } else {
            console.out().println(json);
        }
        console.out().flush();
        return outcome;
    }

    private static String json(Report report) {
        try {
            return new ObjectMapper().writer(pretty()).writeValueAsString(report.json());
        } catch (IOException e) {
            throw new IllegalStateException("a tree of plain values is always JSON", e);
        }
    }

    private static DefaultPrettyPrinter pretty() {
        DefaultIndenter indent = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
    }

    /** Before anything is done: a report that cannot be written is a wrong command line, not a surprise at the end. */
    private void checkReportFile() {
        if (reportFile != null) {
            Path folder = reportFile.toAbsolutePath().getParent();
            if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder) || Files.isDirectory(reportFile)) {
                throw new ParameterException(spec.commandLine(), "--report " + reportFile + ": no file can be written there");
            }
        }
    }

    /** Under another name first, so that a reader never sees half a report. */
    private boolean write(String json) {
        Path folder = reportFile.toAbsolutePath().getParent();
        try {
            Path part = Files.createTempFile(folder, ".report", ".part");
            try {
                Files.writeString(part, json + "\n");
                move(part);
            } finally {
                Files.deleteIfExists(part);
            }
            return true;
        } catch (IOException e) {
            console.out().println(json);
            error("writing the report to " + reportFile + ": " + e.getMessage() + "; it stands on stdout instead",
                    "df -h " + CommandWords.quoted(folder.toString()));
            return false;
        }
    }

    private void move(Path part) throws IOException {
        try {
            Files.move(part, reportFile, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, reportFile, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
