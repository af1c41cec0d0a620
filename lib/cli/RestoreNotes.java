package cli;

import java.util.List;

import problem.Problem;
import problem.Problem.Severity;
import report.CommandWords;

/** What is not the job of restore-volume, said before and after: nothing in EC2 shows whether it was done. */
public final class RestoreNotes {
    private RestoreNotes() {
    }

    /** Before anything is changed. */
    public static List<Problem> before(String cluster, String etcd) {
        String store = "s3://BUCKET/" + cluster + "/backups/etcd/" + etcd;
        return List.of(
                note("BACKUP_FIRST", "etcd-manager backs etcd up to S3 every 15 minutes; its own restore keeps no stale member "
                        + "and comes first, if that backup is there and sound",
                        "etcd-manager-ctl " + CommandWords.quoted("--backup-store=" + store) + " list-backups"),
                note("BACKUP_STORE", "etcd-manager obeys its backup store before it looks at a volume: without the marker "
                        + "control/etcd-cluster-created it moves restored data to data-trashcan and forms an empty cluster, "
                        + "and a pending restore command overwrites it",
                        "aws s3 ls " + CommandWords.quoted(store + "/control/")
                                + " must show etcd-cluster-created and no _command.json"),
                note("NODES", "control-plane nodes take a volume within a minute once it has its tags: keep them off until the "
                        + "tags are as planned, then start those of the restored members only", "aws autoscaling "
                        + "update-auto-scaling-group --auto-scaling-group-name NAME --min-size 0 --max-size 0"),
                note("TERRAFORM", "if Terraform made the volumes its state still names the old ones, and the next apply would "
                        + "tag them again; no kops update either before the cluster serves", "terraform state rm and import, "
                        + "one aws_ebs_volume after the other"));
    }

    /** Once volumes have their live tags. */
    public static List<Problem> after() {
        return List.of(
                note("LEADER", "volumes are no etcd yet: start the nodes of the restored members, see one leader, equal "
                        + "raftAppliedIndex and equal hashes before anything else",
                        "etcdctl endpoint status --cluster -w table; etcdctl endpoint hashkv --cluster"),
                note("REVISION", "etcd's revision went back, which API servers, controllers and kubelets do not notice: they "
                        + "must be restarted, and leases of API servers that are gone removed", "etcdctl del --prefix "
                        + "/registry/masterleases/; then restart the API servers, or kops rolling-update cluster --force --yes"),
                note("LAZY_LOAD", "a volume made of a snapshot is slow until its data was read once", "--init-rate 300 brings "
                        + "it in beforehand"));
    }

    private static Problem note(String code, String summary, String hint) {
        return new Problem(code, Severity.NOTE, "", summary, hint);
    }
}
