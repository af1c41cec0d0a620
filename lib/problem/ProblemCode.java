package problem;

/**
 * The codes of problems, in the order of REPORTS.md. Reasons of a judgement have codes of their own
 * ({@code judgement.Reason.Code}).
 */
public enum ProblemCode implements ReportCode {
    START_ORDER("these members must start first; no other member may start before they have a leader",
            "start the newest quorum, see a leader, then start the rest"),
    CLUSTER_UNSEEN("the region shows no etcd volume of the cluster", "check the account and the region"),
    EVENTS_UNSEEN("no volume leaves a trace of the etcd cluster events",
            "kops makes events unless the spec says otherwise; if the volumes are gone, judge them by name: --etcd events"),
    UNKNOWN_ETCD("kops knows no etcd cluster of this name", ""),
    EVEN_MEMBERS("the etcd cluster has an even number of members; kops allows odd numbers only", ""),
    EVIDENCE("what proves the member and the member list behind a change of tags", ""),
    IN_USE_UNTIL_RESTART("a node holds the volume; the node reads the tags when its etcd-manager starts next", ""),
    PLAN_DIFFERS("the plan computed now has another id than the plan that --plan names",
            "look at the plan again, then give its id to --plan"),
    MEMBER_UNPROVEN("neither the volume's etcd tag nor its Name nor a snapshot's record names a member; a zone is no proof",
            "if you know the member, name it: --volume ID --etcd ETCD --member MEMBER"),
    EVIDENCE_DISAGREES("the etcd tag, the Name and the snapshot's record name different members",
            "if you know the member, name it: --volume ID --etcd ETCD --member MEMBER"),
    MEMBERS_UNPROVEN("no tag and no record proves which members the etcd cluster has",
            "the kops spec names the members; give one volume its etcd tag by hand, then run this command again"),
    CLUSTER_UNPROVEN("none of the volume's tags names a cluster",
            "if you know the member, name it: --volume ID --etcd ETCD --member MEMBER"),
    VOLUME_UNSEEN("the region shows no volume of this id", "check the account and the region"),
    TAG_LIMIT("the volume would have more than 50 tags, and EC2 takes 50", "remove tags that nobody reads"),
    INERT("a restore made the volume and has not given it live tags yet",
            "restore-volume finishes what it began; restore-volume --rollback ends it"),
    WOULD_WORSEN("a member that counts now would not count any more",
            "find out which of the volumes hold the data before any of them is tagged"),
    STRAY_SNAPSHOT("EC2 snapshotted a volume that the call excluded", "the snapshot is no part of the set; delete it"),
    NO_REGION("NoRegion", "no region is set anywhere the AWS SDK looks", "name the region: --region REGION"),
    NO_CREDENTIALS("NoCredentials", "the AWS SDK finds no credentials that can be used",
            "log in, or name a profile: --profile NAME"),
    BAD_SETTING("a variable, a profile or a file of the AWS settings has a value that cannot be used",
            "correct the setting"),
    GARBLED_REPLY("GarbledReply", "a reply was cut short, or is no reply of EC2",
            "run the command again; nothing was concluded from the reply"),
    NOT_MADE("NotMade", "EC2 accepted a call and did not do all of it", "run the command again"),
    LIVE_QUORUM("running nodes hold the volumes of a quorum; data from a snapshot beside them breaks what they acknowledged",
            "let the lost member rejoin on an empty volume: restore-volume --etcd ETCD --member MEMBER --empty"),
    STILL_ATTACHED("a volume that must lose its live tags is attached to a running instance", "stop the node first"),
    QUORUM_NOT_STARTED("fewer than a quorum of the members that must have a leader first are held by running nodes",
            "start the nodes of the quorum and see a leader: etcdctl endpoint status --cluster"),
    FEWER_THAN_QUORUM("volumes can be made for fewer members than a quorum", "take another set"),
    SNAPSHOT_NOT_COMPLETED("nothing can be made from the snapshot, since it is not completed", "wait, or take another set"),
    SNAPSHOT_ARCHIVED("the snapshot is in the archive tier", "restore its tier first, which takes up to 72 hours"),
    NO_SNAPSHOT("the set holds no snapshot of the member, or no such snapshot or set exists", "take another set"),
    ZONE_UNKNOWN("nothing says in which zone the member's node is",
            "name a snapshot that snapshot-all took, since such a snapshot records the zone"),
    KEY_UNUSABLE("KMS says that the key of the volumes cannot be used; without kms:DescribeKey this is not looked at",
            "make the key usable, or take a set that was copied to another key"),
    CANNOT_PARK("EC2's limits of tags do not allow to park the old volume's live tags",
            "remove tags that nobody needs from the volume"),
    NO_RESTORABLE_SET("no set has usable snapshots of a quorum of every etcd cluster that is lost",
            "name a set to see what it lacks: --set ID"),
    NOTHING_LOST("no etcd cluster of the set is lost", "to restore an etcd cluster all the same, name it: --etcd NAME"),
    SET_NOT_NAMED("the set is only proposed; changes need a set that is named", "name the set: --set ID"),
    UNKNOWN_RESTORE("UNKNOWN_RUN", "nothing of the restore is left to roll back", ""),
    LATER_RESTORE("LATER_RUN", "a later restore retired a volume of this restore", "roll back the later restore first"),
    BACKUP_FIRST("etcd-manager writes a backup to S3 every 15 minutes; if that backup is there and sound, restore it instead",
            "etcd-manager-ctl --backup-store=STORE list-backups"),
    BACKUP_STORE("etcd-manager obeys its backup store before any volume. Without control/etcd-cluster-created it moves restored "
            + "data to data-trashcan. A waiting restore command overwrites the data",
            "aws s3 ls STORE/control/ must show etcd-cluster-created and no _command.json"),
    NODES("a control-plane node takes a volume within a minute after the volume got its live tags",
            "keep the nodes off until the tags are as planned. Then start the nodes of the restored members only. To stop nodes: "
                    + "aws autoscaling update-auto-scaling-group --auto-scaling-group-name NAME --min-size 0 --max-size 0"),
    TERRAFORM("if Terraform made the volumes, its state still names the old ones, and the next apply tags them again",
            "terraform state rm and import, volume by volume; run no kops update before the cluster serves"),
    LEADER("tagged volumes are no running etcd yet",
            "start the nodes of the restored members. See one leader, equal raftAppliedIndex and equal hashes before anything "
                    + "else. To look: etcdctl endpoint status --cluster -w table; etcdctl endpoint hashkv --cluster"),
    REVISION("etcd's revision went back, and API servers, controllers and kubelets do not notice",
            "remove the leases of API servers that are gone, then restart the API servers: etcdctl del --prefix "
                    + "/registry/masterleases/; kops rolling-update cluster --force --yes"),
    LAZY_LOAD("a volume made from a snapshot is slow until its data was read once", "--init-rate 300 loads the data beforehand"),
    OVERRIDDEN("an option switched a guard off; acknowledged writes may be lost", ""),
    VOLUME_FAILED("VolumeFailed", "a volume that was being made is gone, is in error or never became available",
            "look at the KMS key and at the volume, then run the same command again"),
    CHANGED_MEANWHILE("ChangedMeanwhile",
            "a tag has neither the value that the plan saw nor the value that the plan sets; it stays",
            "look at the plan again"),
    NOT_READ_BACK("NotReadBack", "EC2 accepted a write and does not show it", "run the command again"),
    NOT_PROVED("of a game day: data is lost, members differ, or a command ended otherwise than it must", ""),
    NO_ETCD("a game day cannot show data without etcd", "apt-get install etcd-server"),
    NO_CLONE("a game day finds no clone with the commands to rehearse", "run it in a clone"),
    NO_REHEARSAL("this machine failed the game day", ""),
    BUG("not foreseen; please report it", "");

    private final String word;
    private final String sentence;
    private final String remedy;

    ProblemCode(String sentence, String remedy) {
        this.word = name();
        this.sentence = sentence;
        this.remedy = remedy;
    }

    /** @param word the spelling that reports had before all codes were capitals; pipes may rely on it */
    ProblemCode(String word, String sentence, String remedy) {
        this.word = word;
        this.sentence = sentence;
        this.remedy = remedy;
    }

    @Override
    public String word() {
        return word;
    }

    @Override
    public String sentence() {
        return sentence;
    }

    @Override
    public String remedy() {
        return remedy;
    }
}
