package aws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import plan.PlannedChange;
import plan.PlannedChange.Action;
import restore.RestorePlan.Making;

/** Makes the changes of a restore, one by one: volumes first, and no tag before every new volume can be used. */
public final class Restorer {
    private final VolumeMaker volumes;
    private final TagChanger tags;
    private final Map<String, Making> makings;
    private final List<String> made = new ArrayList<>();

    /** @param makings what each volume is made of, by the target that the plan calls it */
    public Restorer(VolumeMaker volumes, TagChanger tags, Map<String, Making> makings) {
        this.volumes = volumes;
        this.tags = tags;
        this.makings = new LinkedHashMap<>(makings);
    }

    /** A node that finds a volume before it is available runs out of device names, hence the wait for all of them. */
    public ChangeResult make(PlannedChange change) {
        if (change.action() == Action.CREATE_VOLUME) {
            return created(change);
        }
        volumes.mustBeReady(made);
        made.clear();
        return tags.make(change);
    }

    /** One that fails is noticed before the next is made. That one cannot be looked at is said before the first tag. */
    private ChangeResult created(PlannedChange change) {
        boolean already = !change.resource().isEmpty();
        String id = already ? change.resource() : volumes.make(change.target(), makings.get(change.target()));
        made.add(id);
        try {
            volumes.await(made);
        } catch (AwsFailure failure) {
            if (failure.code().equals(AwsFailure.VOLUME_FAILED)) {
                throw failure;
            }
        }
        return new ChangeResult(id, already);
    }
}
