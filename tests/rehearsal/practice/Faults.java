package practice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The faults that were given and how many calls each has seen. The oldest that hits a call has it. */
final class Faults {

    private static final class Armed {
        private final Fault fault;
        private final SplittableRandom chance;
        private int calls;

        Armed(Fault fault) {
            this.fault = fault;
            this.chance = new SplittableRandom(fault.seed());
        }

        boolean hits(String action) {
            if (!fault.action().equals(action) && !fault.action().equals(Fault.ANY)) {
                return false;
            }
            calls++;
            return calls >= fault.first() && calls - fault.first() < fault.count()
                    && (fault.percent() == 0 || chance.nextInt(100) < fault.percent());
        }
    }

    private final List<Armed> armed = new ArrayList<>();

    void add(Fault fault) {
        armed.add(new Armed(fault));
    }

    Optional<Fault> hitting(String action) {
        List<Armed> hits = armed.stream().filter(a -> a.hits(action)).toList();
        return hits.stream().findFirst().map(a -> a.fault);
    }
}
