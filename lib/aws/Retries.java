package aws;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

import report.Stop;

/** How often and how long EC2 is asked again. Every wait is bounded, and Ctrl-C ends it at once. */
final class Retries {
    /** Between attempts of a call that may be made twice without harm. */
    static final List<Duration> SHORT_PAUSES = seconds(1, 2, 4);
    /** Before each look for what was written: EC2 shows it with a delay, mostly none. */
    static final List<Duration> READ_BACK = seconds(0, 1, 2, 4, 8);

    private Retries() {
    }

    static List<Duration> seconds(int... seconds) {
        return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
    }

    /** Makes a call that may be made twice, and again while it fails in passing; returns what it got. */
    static <T> T asked(Stop stop, Supplier<T> call) {
        List<T> got = new ArrayList<>();
        repeat(stop, AwsFailure::isPassing, () -> got.add(call.get()));
        return got.get(0);
    }

    /** Makes a call, and again while it fails in passing. */
    static void repeat(Stop stop, Predicate<AwsFailure> isPassing, Runnable call) {
        for (Duration pause : SHORT_PAUSES) {
            try {
                call.run();
                return;
            } catch (AwsFailure failure) {
                if (!isPassing.test(failure) || stop.isAsked()) {
                    throw failure;
                }
                stop.pause(pause);
            }
        }
        call.run();
    }
}
