package report;

import java.time.Duration;

/** The request of Ctrl-C to stop. After it no new call to AWS is begun, and every pause ends at once. */
public final class Stop {
    private boolean asked;

    public synchronized void ask() {
        asked = true;
        notifyAll();
    }

    public synchronized boolean isAsked() {
        return asked;
    }

    /** Waits that long, or until asked to stop. */
    public synchronized void pause(Duration duration) {
        long until = System.nanoTime() + duration.toNanos();
        while (!asked) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                asked = true;
            }
        }
    }
}
