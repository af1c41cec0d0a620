package practice;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The changes of state that happen later without a call, such as {@code creating} to {@code available}, by their time. */
final class DueChanges {

    private record Change(Instant at, long number, Runnable effect) {
    }

    private final PriorityQueue<Change> ahead =
            new PriorityQueue<>(Comparator.comparing(Change::at).thenComparing(Change::number));
    private long number;

    void at(Instant at, Runnable effect) {
        ahead.add(new Change(at, number++, effect));
    }

    /** Makes every change that is due by now. A change may add others; they are made too, if they are due. */
    void advanceTo(Instant now) {
        while (!ahead.isEmpty() && !ahead.peek().at.isAfter(now)) {
            ahead.poll().effect.run();
        }
    }
}
