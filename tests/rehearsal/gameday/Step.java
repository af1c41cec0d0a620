package gameday;

import java.io.IOException;

/** A step of a game day: something goes wrong, a command runs, or nodes start. */
interface Step {
    void on(ScenarioRun run) throws IOException;
}
