///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Print a completion script for bash or zsh, which completes ./jbang with commands and options.
//JAVA 17+
//SOURCES ../scripts/FixTags.java
//SOURCES ../scripts/GameDay.java
//SOURCES ../scripts/PracticeCloud.java
//SOURCES ../scripts/RestoreVolume.java
//SOURCES ../scripts/SnapshotAll.java
//SOURCES ../scripts/VerifyQuorumVolumes.java
//SOURCES ../lib/facts/package-info.java
//SOURCES ../lib/tags/package-info.java
//SOURCES ../lib/problem/package-info.java
//SOURCES ../lib/plan/package-info.java
//SOURCES ../lib/judgement/package-info.java
//SOURCES ../lib/sets/package-info.java
//SOURCES ../lib/restore/package-info.java
//SOURCES ../lib/fixes/package-info.java
//SOURCES ../lib/report/package-info.java
//SOURCES ../lib/aws/package-info.java
//SOURCES ../lib/cli/package-info.java
//SOURCES ../lib/page/package-info.java
//SOURCES ../tests/rehearsal/disk/package-info.java
//SOURCES ../tests/rehearsal/practice/package-info.java
//SOURCES ../tests/rehearsal/node/package-info.java
//SOURCES ../tests/rehearsal/gameday/package-info.java

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import report.Console;
import report.Launcher;
import report.Outcome;

/** Prints what a shell needs to complete our command lines. It reads the commands' own options, so it cannot fall behind. */
@Command(name = "completion", mixinStandardHelpOptions = true, version = "etcd-ops",
        description = {"Print a completion script for bash or zsh, which completes ./jbang with commands and options.",
            "Load it in the running shell: eval \"$(./jbang completion bash)\"."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the script is printed", "1:a bug, or JBang could not build the script", "2:wrong usage",
            "130:interrupted"},
        footer = {"", "Examples:",
            "  ./jbang completion bash >> ~/.bashrc",
            "  ./jbang completion zsh >> ~/.zshrc"})
public final class Completion implements Callable<Integer> {
    private enum Shell { bash, zsh }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private Shell shell;

    private final Console console;

    Completion(Console console) {
        this.console = console;
    }

    /** One script serves both shells: it begins by asking which of them runs it. */
    @Override
    public Integer call() {
        CommandLine all = new CommandLine(CommandSpec.create());
        List.of(new CommandLine(new Completion(console)), new CommandLine(new FixTags()), new CommandLine(new GameDay()),
                new CommandLine(new PracticeCloud(console)), new CommandLine(new RestoreVolume()),
                new CommandLine(new SnapshotAll()), new CommandLine(new VerifyQuorumVolumes()))
                .forEach(command -> all.addSubcommand(command.getCommandName(), command));
        console.out().print(AutoComplete.bash("jbang", all));
        console.out().flush();
        return 0;
    }

    public static int run(String[] args, Console console) {
        Launcher launcher = Launcher.of(console.env());
        StringWriter help = new StringWriter();
        int code = new CommandLine(new Completion(console))
                .setExpandAtFiles(false)
                .setOut(new PrintWriter(help, true))
                .setParameterExceptionHandler((wrong, given) -> {
                    console.error(wrong.getMessage().lines().findFirst().orElse("wrong usage"),
                            launcher.command("completion") + " --help");
                    return Outcome.USAGE;
                })
                .execute(args);
        console.out().print(launcher.inWords(help.toString()));
        return console.ended(code, launcher.command("completion") + " " + String.join(" ", args));
    }

    public static void main(String[] args) {
        System.exit(run(args, Console.system()));
    }
}
