package judgement;

import java.util.Locale;

/** What the volumes of one etcd cluster allow, from best to worst. */
public enum Verdict {
    /** Every member counts. */
    HEALTHY,
    /** A quorum counts, not every member. */
    DEGRADED,
    /** Fewer than a quorum count. */
    LOST,
    /** A member is claimed by two live volumes, or the member lists disagree without a majority: nobody can know. */
    AMBIGUOUS;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
