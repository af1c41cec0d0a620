package practice;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** What happens without a call: the changes of state that are due, in the order of their time. */
final class DueChanges {

    private record Change(Instant at, long number, Runnable happens) {
    }

    private final PriorityQueue<Change> ahead =
            new PriorityQueue<>(Comparator.comparing(Change::at).thenComparing(Change::number));
    private long number;

    void at(Instant at, Runnable happens) {
        ahead.add(new Change(at, number++, happens));
    }

    /** A change may bring others, which happen too when they are due. */
    void settle(Instant now) {
        while (!ahead.isEmpty() && !ahead.peek().at.isAfter(now)) {
            ahead.poll().happens.run();
        }
    }
}
