package report;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import problem.Problem;
import problem.ProblemCode;

/**
 * The run of every command: parse, work, print one report, end with its code. A command only finds, decides and fills the
 * report. A command throws whatever goes wrong; only this class turns that into lines and codes.
 */
@Command(
        mixinStandardHelpOptions = true,
        version = "etcd-ops " + Report.TOOL_VERSION,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n")

public abstract class ReportingCommand {
    /** How long Ctrl-C waits for calls that are under way, so that what they did is in the report. */
    private static final int LAST_CALLS_S = 10;

    private enum Output { table, json }

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

    /** Finds, decides, fills the report; returns how the command ended. Throws {@link Foreseen} when it cannot go on. */
    protected abstract Outcome work();

    /** Throws {@link #wrongUsage} when options do not fit together. Nothing is begun yet. */
    protected void checkUsage() {
    }

    /** Loads what the run will need, while the command line is parsed. */
    protected void warmUp(String[] args) {
    }

    /** The foreseen failure that another exception stands for; empty for a bug. */
    protected Optional<Foreseen> foreseen(RuntimeException failure) {
        return Optional.empty();
    }

    /** Adds the fields that only this command's report has. */
    protected void fill(ObjectNode json) {
    }

    /** The human view of the report. */
    protected void table(PrintWriter out) {
        new ReportTable(out, console.hasColour()).print(report);
    }

    /** Where {@link #page} goes; empty when none was asked for. */
    protected Optional<PageOptions> pageOptions() {
        return Optional.empty();
    }

    /** The report as one HTML page. */
    protected String page() {
        throw new IllegalStateException(spec.name() + " has no page");
    }

    /** Answers a question about the command itself, such as a list of names. If it did, there is no work and no report. */
    protected boolean answers(PrintStream out) {
        return false;
    }

    protected final ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    protected final Console console() {
        return console;
    }

    protected final Report report() {
        return report;
    }

    protected final Stop stop() {
        return stop;
    }

    protected final String name() {
        return spec.name();
    }

    protected final String[] arguments() {
        return arguments.clone();
    }

    /** How the user started this command. */
    protected final Launcher launcher() {
        return Launcher.of(console.env());
    }

    /** A step that has become true. */
    protected final void say(String step) {
        console.err().println(step);
    }

    /** Reports every refusal; the first one is the error. */
    protected final Foreseen refuse(List<Problem> refusals, String tryCommand) {
        List<Problem> problems = refusals.stream().distinct().toList();
        problems.forEach(report::add);
        int more = problems.size() - 1;
        String summary = problems.get(0).summary() + (more == 0 ? "" : "; and " + more + " more in the report");
        return new Foreseen(Outcome.REFUSED, problems.get(0),
                "refused on " + problems.get(0).resource() + ": " + problems.get(0).code() + ": " + summary, tryCommand);
    }

    /** Runs as a process: Ctrl-C still prints the report, and the process ends with the command's code. */
    public static void main(ReportingCommand command, String[] args) {
        Thread onSignal = new Thread(command::interrupted, "interrupted");
        Runtime.getRuntime().addShutdownHook(onSignal);
        warmUp(command, args);
        int code = run(command, args, Console.system());
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException ending) {
            return; // A signal came: the JVM ends with the signal's code once its hooks are through.
        }
        System.exit(code);
    }

    /** Start-up is most of a short run, so what is needed later is loaded while the command line is parsed. */
    private static void warmUp(ReportingCommand command, String[] args) {
        Thread thread = new Thread(() -> {
            command.warmUp(args);
            json(new Report("warm-up", InstantSource.system()).json());
        }, "warm-up");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, e) -> { }); // What fails here fails again when it is needed, and is said then.
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

    public static int run(ReportingCommand command, String[] args, Console console) {
        command.console = console;
        command.arguments = args.clone();
        try {
            CommandLine line = new CommandLine(command).setExpandAtFiles(false);
            line.parseArgs(args);
            boolean answered = true;
            if (line.isUsageHelpRequested()) {
                console.out().print(command.launcher().inWords(line.getUsageMessage()));
            } else if (line.isVersionHelpRequested()) {
                line.printVersionHelp(console.out());
            } else {
                answered = command.answers(console.out());
            }
            if (answered) {
                return console.ended(0, command.again(List.of(args)));
            }
            command.checkFiles();
            command.checkUsage();
            return command.runParsed();
        } catch (ParameterException e) {
            String message = e.getMessage();
            for (String arg : args) {
                String word = arg.replaceFirst("^--?[a-z-]+=", "");
                message = message.replace(word, TerminalText.withoutPassword(word));
            }
            console.error(message.lines().findFirst().orElse("wrong usage"), command.again(List.of("--help")));
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
        } catch (Foreseen foreseen) {
            outcome = fail(foreseen);
        } catch (RuntimeException failure) {
            outcome = foreseen(failure).map(this::fail).orElseGet(() -> {
                report.add(Problem.error(ProblemCode.BUG, "", failure.toString()));
                failure.printStackTrace(console.err());
                return Outcome.CRASHED;
            });
        }
        return print(stop.isAsked() ? Outcome.INTERRUPTED : outcome).exitCode();
    }

    private Outcome fail(Foreseen foreseen) {
        report.add(foreseen.problem());
        console.error(foreseen.getMessage(), foreseen.tryCommand());
        return foreseen.outcome();
    }

    private synchronized Outcome print(Outcome outcome) {
        report.end(outcome, console.time());
        boolean asTable = output == null ? console.outIsTerminal() : output == Output.table;
        ObjectNode tree = report.json();
        fill(tree);
        Optional<OutputFile> file = reportFile();
        String json = asTable && file.isEmpty() ? "" : json(tree);
        boolean once = !asTable && file.filter(OutputFile::isStdout).isPresent(); // stdout holds one document, and this is it
        boolean written = file.isEmpty() || once || write(file.get(), "the report", json);
        if (asTable && written) {
            PrintWriter out = new TerminalText(console.out());
            table(out);
            out.flush();
        } else {
            console.out().println(json);
        }
        Optional<String> unread = console.outFailure(asTable && written);
        if (unread.isPresent()) {
            boolean kept = written && file.filter(OutputFile::keepsText).isPresent();
            console.error("writing the report to stdout: " + unread.get() + (kept ? "; it stands in " + file.get() : ""),
                    kept ? "cat " + CommandWords.quoted(file.get().toString()) : lookAgain());
        }
        Optional<OutputFile> page = pageOptions().flatMap(PageOptions::file);
        written &= unread.isEmpty() & (page.isEmpty() || write(page.get(), "the page", page()));
        return written || outcome.exitCode() != 0 ? outcome : Outcome.UNKNOWN;
    }

    /** This command line with its report in a file, and without what would change anything. */
    private String lookAgain() {
        List<String> words = new ArrayList<>();
        for (int n = 0; n < arguments.length; n++) {
            if (arguments[n].equals("--plan") || arguments[n].equals("--report")) {
                n++;
            } else if (!arguments[n].matches("(?s)--yes|--dry-run|--plan=.*|--report=.*")) {
                words.add(arguments[n]);
            }
        }
        words.addAll(spec.findOption("--dry-run") == null ? List.of() : List.of("--dry-run"));
        words.addAll(List.of("--report", "report.json"));
        return again(words);
    }

    private String again(List<String> words) {
        return launcher().command(name()) + " " + CommandWords.quoted(words);
    }

    private static String json(ObjectNode tree) {
        try {
            return TerminalText.lines(new ObjectMapper().writer(pretty()).writeValueAsString(tree));
        } catch (IOException e) {
            throw new IllegalStateException("a tree of plain values is always JSON", e);
        }
    }

    private static DefaultPrettyPrinter pretty() {
        DefaultIndenter indent = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
    }

    private void checkFiles() {
        Optional<OutputFile> page = pageOptions().flatMap(PageOptions::file);
        check("--report", reportFile());
        check("--page", page);
        if (page.isPresent() && reportFile().filter(page.get()::isSame).isPresent()) {
            throw wrongUsage("--page " + page.get() + ": --report names the same file");
        }
    }

    private Optional<OutputFile> reportFile() {
        return Optional.ofNullable(reportFile).map(OutputFile::new);
    }

    private void check(String option, Optional<OutputFile> file) {
        if (file.isPresent() && !file.get().isWritable()) {
            throw wrongUsage(option + " " + file.get() + ": no file can be written there");
        }
    }

    private boolean write(OutputFile file, String what, String text) {
        try {
            file.write(text, this::say);
            return true;
        } catch (IOException e) {
            console.error("writing " + what + " to " + file + ": " + e.getMessage()
                    + (what.equals("the report") ? "; it stands on stdout instead" : ""),
                    "df -h " + CommandWords.quoted(file.toString().replaceFirst("[^/]*$", ".")));
            return false;
        }
    }
}
