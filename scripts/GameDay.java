///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Rehearse an incident on this machine: lose quorum, verify, restore, prove what came back. No AWS at all.
//JAVA 17+
//SOURCES ../lib/facts/package-info.java
//SOURCES ../lib/tags/package-info.java
//SOURCES ../lib/problem/package-info.java
//SOURCES ../lib/plan/package-info.java
//SOURCES ../lib/judgement/package-info.java
//SOURCES ../lib/sets/package-info.java
//SOURCES ../lib/report/package-info.java
//SOURCES ../lib/page/package-info.java
//SOURCES ../tests/rehearsal/disk/package-info.java
//SOURCES ../tests/rehearsal/practice/package-info.java
//SOURCES ../tests/rehearsal/node/package-info.java
//SOURCES ../tests/rehearsal/gameday/package-info.java

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;
import disk.Tier;
import gameday.Day;
import gameday.DayPage;
import gameday.DayTable;
import gameday.Interrupted;
import gameday.Scenario;
import gameday.Scenarios;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import practice.Worlds;
import problem.Problem;
import problem.ProblemCode;
import report.Console;
import report.Foreseen;
import report.Outcome;
import report.PageOptions;
import report.ReportingCommand;

/** Hurts a practice cluster, types the commands an operator would type, and proves what they brought back. */
@Command(name = "game-day",
        description = "Rehearse an incident on this machine: lose quorum, verify, restore, prove what came back. No AWS at all.",
        exitCodeList = {
            "0:the proof holds, and every step came to what it must",
            "1:a bug, or JBang could not build a script",
            "2:wrong usage",
            "20:not proved: data is lost, members differ, or a step came to something else",
            "22:this machine cannot run the game day",
            "130:interrupted; nothing is proved"},
        footer = {"", "Examples:",
            "  ./jbang game-day",
            "  ./jbang game-day --scenario wrong-order --page game-day.html",
            "", "REPORTS.md describes the report and every code in it."})
public final class GameDay extends ReportingCommand {
    @Option(names = "--scenario", paramLabel = "NAME", converter = ScenarioName.class, defaultValue = Scenarios.QUORUM_LOST,
            description = "what goes wrong (default: ${DEFAULT-VALUE})")
    private Scenario scenario;

    @Option(names = "--list-scenarios", description = "list the scenarios and end")
    private boolean listScenarios;

    @Option(names = "--tier", paramLabel = "block|image|directory", converter = TierName.class,
            description = "how volumes keep their bytes (default: the first of them that works here)")
    private Tier tier;

    @Mixin
    private PageOptions page;

    private Day day;

    @Override
    protected boolean answers(PrintStream out) {
        if (listScenarios) {
            Scenarios.all().forEach(s -> out.printf("%-16s %s%n", s.name(), s.lesson()));
        }
        return listScenarios;
    }

    @Override
    protected Outcome work() {
        report().where("", Worlds.REGION, Worlds.CLUSTER);
        day = new Day(scenario, this::say, stop()::isAsked);
        Path launcher = Day.launcher(console().env()).orElseThrow(() -> new Foreseen(Outcome.UNKNOWN, ProblemCode.NO_CLONE,
                "finding the commands to rehearse with: no ./jbang in this folder or above it", "cd CLONE && ./jbang game-day"));
        day.lacks().ifPresent(what -> {
            throw new Foreseen(Outcome.UNKNOWN, ProblemCode.NO_ETCD, what, launcher().command("game-day"));
        });
        try {
            day.run(launcher, Optional.ofNullable(tier));
        } catch (Interrupted ended) {
            return Outcome.INTERRUPTED;
        } catch (IOException cannot) {
            throw new Foreseen(Outcome.UNKNOWN, ProblemCode.NO_REHEARSAL,
                    "rehearsing " + scenario.name() + ": " + cannot.getMessage(),
                    launcher().command("game-day") + (tier == null ? " --tier directory" : ""));
        }
        count();
        if (day.verdict() == Day.Verdict.PROVED) {
            return Outcome.DONE;
        }
        report().add(Problem.error(ProblemCode.NOT_PROVED, "", day.because(),
                launcher().command("game-day") + " --scenario " + scenario.name()));
        return Outcome.LOST;
    }

    private void count() {
        report().count("steps", day.entries().size());
        report().count("commands", day.entries().stream().filter(e -> e.isCommand()).count());
        day.proof().ifPresent(proof -> {
            report().count("keys_acknowledged", proof.acked());
            report().count("keys_lost", proof.lost());
        });
    }

    @Override
    protected void fill(ObjectNode json) {
        if (day != null) {
            day.fill(json);
        }
    }

    @Override
    protected void table(PrintWriter out) {
        new DayTable(out, console()::painted).print(day);
    }

    @Override
    protected Optional<PageOptions> pageOptions() {
        return Optional.of(page);
    }

    @Override
    protected String page() {
        return DayPage.of(day).html();
    }

    static final class ScenarioName implements ITypeConverter<Scenario> {
        @Override
        public Scenario convert(String value) {
            return Scenarios.named(value).orElseThrow(() -> new TypeConversionException("no scenario is named " + value
                    + ": --list-scenarios"));
        }
    }

    static final class TierName implements ITypeConverter<Tier> {
        @Override
        public Tier convert(String value) {
            return switch (value) {
                case "block" -> Tier.BLOCK;
                case "image" -> Tier.IMAGE;
                case "directory" -> Tier.DIRECTORY;
                default -> throw new TypeConversionException("'" + value + "' is none of block, image, directory");
            };
        }
    }

    public static int run(String[] args, Console console) {
        return run(new GameDay(), args, console);
    }

    public static void main(String[] args) {
        main(new GameDay(), args);
    }
}
