package gameday;

import java.io.IOException;

/** One thing that happens on a game day. */
interface Step {
    void on(ScenarioRun run) throws IOException;
}
