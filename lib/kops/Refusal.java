package kops;

/**
 * Why nothing is changed: what stands against it, on which resource.
 *
 * @param code a reason code of {@link Reason} or a word listed in REPORTS.md
 * @param hint what to do about it
 */
public record Refusal(String code, String resource, String summary, String hint) {

    /** A volume is to lose its tags while an etcd works on it. */
    static Refusal stillAttached(Volume volume, String whose, String holder) {
        return new Refusal("STILL_ATTACHED", volume.id(), whose + " is attached to " + holder
                + ", which runs: its etcd goes on with it whatever the tags say",
                "stop the node: aws ec2 stop-instances --instance-ids " + holder
                        + " (or scale its Auto Scaling group to 0, which terminates it)");
    }
}
