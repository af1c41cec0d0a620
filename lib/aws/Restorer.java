package aws;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import plan.PlannedChange;
import plan.PlannedChange.Action;
import problem.ProblemCode;
import restore.Restore.NewVolume;

/** Makes the changes of a restore one by one: volumes first, and no tag before every new volume can be used. */
public final class Restorer {
    private final VolumeMaker volumes;
    private final TagChanger tags;
    private final Map<String, NewVolume> newVolumes;
    private final List<String> made = new ArrayList<>();

    /** @param newVolumes what each volume is made of, by the target that the plan names */
    public Restorer(VolumeMaker volumes, TagChanger tags, Map<String, NewVolume> newVolumes) {
        this.volumes = volumes;
        this.tags = tags;
        this.newVolumes = new LinkedHashMap<>(newVolumes);
    }

    /** A node that finds a volume before it is available runs out of device names. Hence the wait for all volumes. */
    public ChangeResult make(PlannedChange change) {
        if (change.action() == Action.CREATE_VOLUME) {
            return created(change);
        }
        volumes.mustBeReady(made);
        made.clear();
        return tags.make(change);
    }

    /** A volume that fails is noticed before the next is made. A look that fails is reported before the first tag. */
    private ChangeResult created(PlannedChange change) {
        boolean already = !change.resource().isEmpty();
        String id = already ? change.resource() : volumes.make(change.target(), newVolumes.get(change.target()));
        made.add(id);
        try {
            volumes.await(made);
        } catch (AwsFailure failure) {
            if (failure.is(ProblemCode.VOLUME_FAILED)) {
                throw failure;
            }
        }
        return new ChangeResult(id, already);
    }
}
