package gameday;

import java.util.List;

/**
 * What goes wrong on a game day, and what is done about it.
 *
 * @param lesson    what the scenario shows, as a sentence
 * @param needsEtcd whether the scenario shows nothing without data
 * @param losesData whether the scenario is meant to show a loss: its proof is that keys are lost
 */
public record Scenario(String name, String lesson, boolean needsEtcd, boolean losesData, List<String> faults, List<Step> steps) {
    public Scenario {
        faults = List.copyOf(faults);
        steps = List.copyOf(steps);
    }

    static Scenario of(String name, String lesson, Step... steps) {
        return new Scenario(name, lesson, false, false, List.of(), List.of(steps));
    }

    /** The same scenario with faults of EC2, as lines for {@code practice-cloud --faults}. */
    Scenario withFaults(String... lines) {
        return new Scenario(name, lesson, needsEtcd, losesData, List.of(lines), steps);
    }

    /** Whether a command that failed is run again, which faults make necessary. */
    boolean retriesCommands() {
        return !faults.isEmpty();
    }

    Scenario losingData() {
        return new Scenario(name, lesson, true, true, faults, steps);
    }
}
