package judgement;

import java.util.Comparator;

import problem.ReportCode;

/**
 * Why a volume does not count, or counts with a warning. A code carries the tag key where there is one. Reports write
 * {@code CODE} or {@code CODE:key}.
 */
public record Reason(Code code, String key) implements Comparable<Reason> {

    /** The closed list, in the order in which reports name them. */
    public enum Code implements ReportCode {
        NO_VOLUME("no volume of the region claims this member",
                "look among the near misses, and for a set that holds this member"),
        DUPLICATE_MEMBER("more than one volume claims this member: which one a node mounts is chance",
                "reboot no control-plane node until all but one of them have lost their live tags"),
        ETCD_TAG_MALFORMED("tag %s is not <member>/<member>,<member>,...: its readers skip it or mistake its name",
                "give it the form that its siblings have"),
        MEMBER_NOT_IN_LIST("tag %s names a member that is not among the etcd cluster's members: etcd never starts",
                "a zone is no member: take the member's name from its Name tag or from its snapshot's record"),
        MEMBER_LIST_DISAGREES("tag %s lists other members than most volumes of the etcd cluster do",
                "give it the list that its siblings agree on"),
        TAG_MISSING("tag %s is missing", "set it as its siblings have it, once no other volume claims the member"),
        TAG_WRONG_VALUE("tag %s has another value than its readers look for",
                "set it as its siblings have it, once no other volume claims the member"),
        TWO_ETCD_TAGS("the volume claims to belong to two etcd clusters: both would run from one disk",
                "keep the tag that fits its Name, remove the other"),
        DUPLICATE_NAME("another volume has the same Name and KubernetesCluster: kops update cluster stops there",
                "rename the one that is not in use"),
        WRONG_ZONE("the volume is not in the zone of its member's node, which looks for it in its own zone only",
                "a volume cannot move: make one from its snapshot in the right zone"),
        NOT_READY("the volume is neither available nor held by a running node",
                "tag it only when it is available: a node that finds it before runs out of device names"),
        FOREIGN_ATTACHMENT("the volume is attached to an instance that is no control-plane node of the cluster",
                "detach it there: until then that instance is published as the member's address"),
        FOREIGN_CLUSTER("the volume's tags name another cluster as well",
                "find out whose it is before anything else: the other cluster's nodes may mount it"),
        RECORD_MISMATCH("the snapshot that the volume came from was recorded for something else",
                "do not start it: one member's data behind another's name never joins"),
        BLANK_SUSPECT("the volume came from no snapshot though its siblings did: it may be empty",
                "start it only when a quorum that has the data is up and has a leader"),
        SKEWED_SET("the volume holds an older moment than the newest quorum: started too early, writes are lost",
                "start the newest quorum first, the rest only after a leader is seen"),
        RETIRED("the volume was retired; its live tags are parked", "");

        private final String sentence;
        private final String remedy;

        Code(String sentence, String remedy) {
            this.sentence = sentence;
            this.remedy = remedy;
        }

        @Override
        public String word() {
            return name();
        }

        /** What is wrong and what comes of it; %s stands for the tag key. */
        @Override
        public String sentence() {
            return sentence;
        }

        @Override
        public String remedy() {
            return remedy;
        }
    }

    public static Reason of(Code code) {
        return new Reason(code, "");
    }

    public static Reason of(Code code, String key) {
        return new Reason(code, key);
    }

    /** The sentence with the key in its place. */
    public String sentence() {
        return code.sentence.formatted(key);
    }

    /** As reports write it. */
    @Override
    public String toString() {
        return key.isEmpty() ? code.name() : code.name() + ":" + key;
    }

    @Override
    public int compareTo(Reason other) {
        return Comparator.comparing(Reason::code).thenComparing(Reason::key).compare(this, other);
    }
}
