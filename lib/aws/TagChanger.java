package aws;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import facts.Volume;
import plan.PlannedChange;
import plan.PlannedChange.Action;
import report.Stop;

/**
 * Makes one planned change of a volume's tags. A first look keeps the change from being made twice, and from overwriting what
 * somebody else wrote since the plan. Later looks wait until EC2 shows the change. Tag calls may be repeated without harm.
 */
public final class TagChanger {
    private final Ec2Queries queries;
    private final Ec2Writer writer;
    private final Stop stop;

    public TagChanger(Ec2Queries queries, Ec2Writer writer, Stop stop) {
        this.queries = queries;
        this.writer = writer;
        this.stop = stop;
    }

    /**
     * Makes a TAG or an UNTAG.
     *
     * @throws AwsFailure of code ChangedMeanwhile when a key has neither the value it had nor the one it is to get; of code
     *                    NotReadBack when EC2 does not show what it accepted
     */
    public ChangeResult make(PlannedChange change) {
        for (int attempt = 0;; attempt++) {
            if (isMade(change, look(change))) {
                return new ChangeResult(change.resource(), attempt == 0);
            }
            try {
                write(change);
                return readBack(change);
            } catch (AwsFailure failure) {
                boolean again = failure.isPassing() && attempt < Retries.SHORT_PAUSES.size();
                if (again) {
                    stop.pause(Retries.SHORT_PAUSES.get(attempt));
                }
                if (!again || stop.isAsked()) {
                    return doneAfterAll(change, failure);
                }
            }
        }
    }

    private void write(PlannedChange change) {
        if (change.action() == Action.TAG) {
            writer.tag(change.resource(), change.after());
        } else {
            writer.untag(change.resource(), change.before());
        }
    }

    /** The volume's tags as they are, if the change may be made to them. */
    private Map<String, String> look(PlannedChange change) {
        Volume volume = queries.volume(change.resource()).filter(Volume::exists).orElseThrow(
                () -> AwsFailure.changedMeanwhile(doing(change), "the volume is gone"));
        for (String key : keys(change)) {
            Optional<String> value = volume.tag(key);
            if (!value.equals(before(change, key)) && !value.equals(after(change, key))) {
                throw AwsFailure.changedMeanwhile(doing(change), "tag " + key + " is " + value.map(v -> "now '" + v + "'")
                        .orElse("gone") + ", it was " + before(change, key).map(v -> "'" + v + "'").orElse("not there"));
            }
        }
        return volume.tags();
    }

    private static Set<String> keys(PlannedChange change) {
        Set<String> keys = new TreeSet<>(change.before().keySet());
        keys.addAll(change.after().keySet());
        return keys;
    }

    private static Optional<String> before(PlannedChange change, String key) {
        return Optional.ofNullable(change.before().get(key));
    }

    private static Optional<String> after(PlannedChange change, String key) {
        return Optional.ofNullable(change.after().get(key));
    }

    private static boolean isMade(PlannedChange change, Map<String, String> tags) {
        return keys(change).stream().allMatch(key -> Objects.equals(tags.get(key), change.after().get(key)));
    }

    /** EC2 accepted the write, so the change is done even when it cannot be read back now. */
    private ChangeResult readBack(PlannedChange change) {
        for (Duration look : Retries.READ_BACK) {
            stop.pause(look);
            try {
                if (isShown(change) || stop.isAsked()) {
                    return new ChangeResult(change.resource(), false);
                }
            } catch (AwsFailure refused) {
                return new ChangeResult(change.resource(), false);
            }
        }
        throw AwsFailure.notSeen("reading back the tags of " + change.resource());
    }

    /** Whether EC2 shows the change. A look that fails in passing counts as not shown yet. */
    private boolean isShown(PlannedChange change) {
        try {
            return queries.volume(change.resource()).filter(v -> isMade(change, v.tags())).isPresent();
        } catch (AwsFailure unseen) {
            if (unseen.isPassing()) {
                return false;
            }
            throw unseen;
        }
    }

    /** A call may have been obeyed although its reply got lost. */
    private ChangeResult doneAfterAll(PlannedChange change, AwsFailure failure) {
        if (failure.mayHaveHadEffect() && isShown(change)) {
            return new ChangeResult(change.resource(), false);
        }
        throw failure;
    }

    private static String doing(PlannedChange change) {
        return (change.action() == Action.TAG ? "tagging " : "untagging ") + change.resource();
    }
}
