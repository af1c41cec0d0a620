package practice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults that were given and how many calls each has seen. The oldest that hits a call has it. */
final class Faults {

    private static final class Armed {
        private final Fault fault;
        private int calls;

        Armed(Fault fault) {
            this.fault = fault;
        }

        boolean hits(String action) {
            if (!fault.action().equals(action)) {
                return false;
            }
            calls++;
            return calls >= fault.first() && calls < fault.first() + fault.count();
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
