package gameday;

import java.util.List;

/**
 * A game day that can be chosen.
 *
 * @param lesson    what it shows, as a sentence
 * @param needsEtcd whether without data nothing of it would be shown
 * @param losesData whether it is there to show a loss: its proof is that keys are gone
 */
public record Scenario(String name, String lesson, boolean needsEtcd, boolean losesData, List<String> faults, List<Step> steps) {
    public Scenario {
        faults = List.copyOf(faults);
        steps = List.copyOf(steps);
    }

    static Scenario of(String name, String lesson, Step... steps) {
        return new Scenario(name, lesson, false, false, List.of(), List.of(steps));
    }

    /** The same among faults: lines as {@code practice-cloud --faults} reads them. */
    Scenario among(String... lines) {
        return new Scenario(name, lesson, needsEtcd, losesData, List.of(lines), steps);
    }

    /** Whether a command that failed is given again, as among faults it has to be. */
    boolean isPatient() {
        return !faults.isEmpty();
    }

    Scenario thatLoses() {
        return new Scenario(name, lesson, true, true, faults, steps);
    }
}
