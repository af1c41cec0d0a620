package practice;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** The clock of the practice cloud: real time, or a time that stands still until a test moves it. */
public final class PracticeClock {

    private final Supplier<Instant> base;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private PracticeClock(Supplier<Instant> base) {
        this.base = base;
    }

    public static PracticeClock real() {
        return new PracticeClock(Instant::now);
    }

    public static PracticeClock manual(Instant start) {
        return new PracticeClock(() -> start);
    }

    /** To the millisecond, as EC2 reports times. */
    public Instant now() {
        return base.get().plus(ahead.get()).truncatedTo(ChronoUnit.MILLIS);
    }

    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not run backwards: " + by);
        }
        ahead.updateAndGet(by::plus);
    }
}
