package gameday;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/** A game day as text: the verdict first, then the proof, then the steps with their times. */
public final class DayTable {
    private static final String GREEN = "32";
    private static final String RED = "31";

    private final PrintWriter out;
    private final BinaryOperator<String> painted;

    /** @param painted a text in the colour that a terminal's number names, where colours are wanted */
    public DayTable(PrintWriter out, BinaryOperator<String> painted) {
        this.out = out;
        this.painted = painted;
    }

    public void print(Day day) {
        boolean good = day.verdict() == Day.Verdict.PROVED;
        out.println(painted(day.verdict().word().toUpperCase(Locale.ROOT), good ? GREEN : RED) + "  " + day.scenario().name()
                + ": " + day.because());
        day.proof().ifPresent(proof -> {
            out.println();
            proof(day, proof);
        });
        out.println();
        day.entries().forEach(entry -> out.println(StepHistory.seconds(entry.took()) + "  "
                + (entry.isCommand() ? "$ " + entry.command() + (entry.exitCode().orElse(0) == 0 ? "" : "  (exit "
                + entry.exitCode().orElse(0) + ")") : entry.name()) + (entry.asWanted() ? "" : painted("  <- unexpected", RED))));
        out.println(StepHistory.seconds(day.took()) + "  in total");
        out.println();
        out.println(day.setting() + ": " + day.claim());
    }

    private void proof(Day day, Proof proof) {
        row("acknowledged", proof.acked() + " keys" + (proof.recoveryPoint().isEmpty() ? ""
                : " before the recovery point, " + proof.later() + " after it"));
        row("found", proof.found() + "  lost " + painted(Integer.toString(proof.lost()), proof.lost() == 0 ? GREEN : RED));
        proof.recoveryPoint().ifPresent(point -> row("recovery point", point + ", the newest snapshot of "
                + String.join(" and ", proof.recoveryMembers()) + proof.before(day.lossAt()).map(d ->
                        String.format(Locale.ROOT, ", %.1f s before the loss", d.toMillis() / 1000.0)).orElse("")));
        row("hashkv", hashes(proof) + " at revision " + proof.revision());
    }

    private static String hashes(Proof proof) {
        Map<Long, List<String>> byHash = proof.hashes().entrySet().stream().collect(Collectors.groupingBy(Map.Entry::getValue,
                Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        return byHash.entrySet().stream().map(e -> e.getKey() + " on " + String.join(", ", e.getValue()))
                .collect(Collectors.joining("; "));
    }

    private void row(String label, String value) {
        out.println("  " + label + " ".repeat(Math.max(1, 16 - label.length())) + value);
    }

    private String painted(String text, String code) {
        return painted.apply(text, code);
    }
}
