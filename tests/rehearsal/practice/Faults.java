package practice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The faults that were given, each with the number of calls it has seen. If several hit a call, the oldest one happens. */
final class Faults {

    private static final class ActiveFault {
        private final Fault fault;
        private final SplittableRandom chance;
        private int calls;

        ActiveFault(Fault fault) {
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

    private final List<ActiveFault> active = new ArrayList<>();

    void add(Fault fault) {
        active.add(new ActiveFault(fault));
    }

    Optional<Fault> hitting(String action) {
        List<ActiveFault> hits = active.stream().filter(a -> a.hits(action)).toList();
        return hits.stream().findFirst().map(a -> a.fault);
    }
}
