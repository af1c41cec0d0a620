///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Judge, per etcd cluster, whether its EBS volumes can form a quorum, and why not. Changes nothing.
//JAVA 17+
//SOURCES ../lib/kops/package-info.java
//SOURCES ../lib/aws/package-info.java
//SOURCES ../lib/cli/package-info.java

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import aws.Connection;
import aws.Ec2Reader;
import cli.Console;
import cli.OpsCommand;
import cli.Outcome;
import kops.EtcdCluster;
import kops.Facts;
import kops.Verdict;
import picocli.CommandLine.Command;

/** Reads EC2 (volumes, the instances that hold them, the snapshots they came from), judges, and changes nothing. */
@Command(name = "verify-quorum-volumes",
        description = "Judge, per etcd cluster, whether its EBS volumes can form a quorum, and why not. Changes nothing.")
public final class VerifyQuorumVolumes extends OpsCommand {

    @Override
    protected Outcome work() {
        Connection connection = connect();
        Facts facts = new Ec2Reader(connection).facts();
        List<String> clusters = clusters(facts, connection.region());
        List<EtcdCluster> all = new ArrayList<>();
        for (String cluster : clusters) {
            List<EtcdCluster> judged = judge(facts, cluster);
            all.addAll(judged);
            if (judged.stream().anyMatch(e -> e.verdict() != Verdict.HEALTHY)) {
                report().next(commandLine("snapshot-all", "--cluster " + cluster));
            }
        }
        count(facts, clusters, all);
        return all.stream().map(EtcdCluster::verdict).max(Comparator.naturalOrder()).map(Outcome::of).orElse(Outcome.LOST);
    }

    private void count(Facts facts, List<String> clusters, List<EtcdCluster> all) {
        report().count("clusters", clusters.size());
        report().count("etcd_clusters", all.size());
        for (Verdict verdict : Verdict.values()) {
            report().count(verdict.word(), all.stream().filter(e -> e.verdict() == verdict).count());
        }
        report().count("members_expected", all.stream().mapToInt(e -> e.membersExpected().size()).sum());
        report().count("members_counted", all.stream().mapToInt(EtcdCluster::counted).sum());
        report().count("near_misses", all.stream().mapToInt(e -> e.nearMisses().size()).sum());
        report().count("volumes_read", facts.volumes().size());
    }

    public static int run(String[] args, Console console) {
        return run(new VerifyQuorumVolumes(), args, console);
    }

    public static void main(String[] args) {
        main(new VerifyQuorumVolumes(), args);
    }
}
