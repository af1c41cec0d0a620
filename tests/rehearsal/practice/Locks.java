package practice;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Snapshot locks (API reference, LockSnapshot). The time of a lock starts when the snapshot is completed. */
final class Locks {

    private final Account account;
    private final Map<String, Lock> locks = new TreeMap<>();

    Locks(Account account) {
        this.account = account;
    }

    /** @param starts when the snapshot is completed or the lock is made, whichever is later */
    private record Lock(String snapshot, String mode, int coolOffHours, Instant created, Instant starts,
                        Instant expires) {

        long days() {
            return Duration.between(starts, expires).toDays();
        }

        Instant coolOffEnds() {
            return created.plus(Duration.ofHours(coolOffHours));
        }

        String state(Instant now) {
            if (!now.isBefore(expires())) {
                return "expired";
            }
            return mode.equals("compliance") && now.isBefore(coolOffEnds()) ? "compliance-cooloff" : mode;
        }
    }

    void lock(Call call, Xml out) {
        Snapshots.Taken taken = account.snapshots.get(call.required("SnapshotId"));
        String state = taken.at(call.now()).state();
        if (!Set.of("pending", "completed").contains(state)) {
            throw Ec2Error.of("IncorrectState", "Snapshot '%s' is in the '%s' state", taken.first().id(), state);
        }
        Lock asked = asked(call, taken);
        Optional.ofNullable(locks.get(asked.snapshot)).filter(old -> old.state(call.now()).equals("compliance"))
                .filter(old -> !asked.mode.equals("compliance") || asked.coolOffHours > 0
                        || asked.expires().isBefore(old.expires()))
                .ifPresent(old -> {
                    throw Ec2Error.of("IncorrectState", "A lock in compliance mode can only be made longer");
                });
        locks.put(asked.snapshot, asked);
        write(asked, call.now(), out);
    }

    /** A lock in compliance mode stays once its cooling-off period is over (API reference, UnlockSnapshot). */
    void unlock(Call call, Xml out) {
        String id = account.snapshots.get(call.required("SnapshotId")).first().id();
        String state = state(id, call.now());
        if (!Set.of("governance", "compliance-cooloff").contains(state)) {
            throw Ec2Error.of("IncorrectState", "Snapshot '%s' cannot be unlocked: its lock is %s", id,
                    state.isEmpty() ? "not there" : "in the '" + state + "' state");
        }
        locks.remove(id);
        out.element("snapshotId", id);
    }

    /** The API reference (LockSnapshot) says that this is refused, but does not name the code: the code here is a guess. */
    void refuseDeleting(String snapshot, Instant now) {
        String state = state(snapshot, now);
        if (!Set.of("", "expired").contains(state)) {
            throw Ec2Error.of("SnapshotLocked", "Snapshot '%s' is locked (%s) and cannot be deleted", snapshot, state);
        }
        locks.remove(snapshot);
    }

    private String state(String snapshot, Instant now) {
        return Optional.ofNullable(locks.get(snapshot)).map(lock -> lock.state(now)).orElse("");
    }

    void describe(Call call, Xml out) {
        List<String> ids = call.list("SnapshotId");
        account.snapshots.seen(ids, call.now());
        Listing<Lock> listing = new Listing<>("snapshotSet", Lock::snapshot,
                new Filters<Lock>().on("lock-state", lock -> lock.state(call.now())),
                (lock, item) -> write(lock, call.now(), item.element("ownerId", Account.ID)),
                account.settings.pageCap());
        listing.write(call, locks.values().stream()
                .filter(lock -> ids.isEmpty() || ids.contains(lock.snapshot)).toList(), !ids.isEmpty(), out);
    }

    private static Lock asked(Call call, Snapshots.Taken taken) {
        String mode = call.required("LockMode");
        if (!Set.of("governance", "compliance").contains(mode)) {
            throw Ec2Error.value(mode, "LockMode", "Expected: 'governance' or 'compliance'.");
        }
        int coolOff = call.integer("CoolOffPeriod", 1, 72).orElse(0);
        if (coolOff > 0 && mode.equals("governance")) {
            throw Ec2Error.of("InvalidParameterCombination", "A cooling-off period is for compliance mode only");
        }
        Optional<Integer> days = call.integer("LockDuration", 1, 36_500);
        Optional<Instant> until = call.time("ExpirationDate");
        if (days.isPresent() == until.isPresent()) {
            throw Ec2Error.of("InvalidParameterCombination", "Give either LockDuration or ExpirationDate");
        }
        Instant starts = taken.endsAt().isAfter(call.now()) ? taken.endsAt() : call.now();
        Instant expires = until.orElseGet(() -> starts.plus(Duration.ofDays(days.get())));
        if (expires.isBefore(starts.plus(Duration.ofDays(1)))) {
            throw Ec2Error.value(expires.toString(), "ExpirationDate", "It must be a day or more ahead.");
        }
        return new Lock(taken.first().id(), mode, coolOff, call.now(), starts, expires);
    }

    private static void write(Lock lock, Instant now, Xml out) {
        out.element("snapshotId", lock.snapshot).element("lockState", lock.state(now))
                .element("lockDuration", lock.days()).element("lockCreatedOn", lock.created)
                .element("lockDurationStartTime", lock.starts).element("lockExpiresOn", lock.expires);
        if (lock.coolOffHours > 0) {
            out.element("coolOffPeriod", lock.coolOffHours)
                    .element("coolOffPeriodExpiresOn", lock.coolOffEnds());
        }
    }
}
