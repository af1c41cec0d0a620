///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Judge, per etcd cluster, whether its EBS volumes can form a quorum, and why not. Changes nothing.
//JAVA 17+
//SOURCES ../lib/facts/package-info.java
//SOURCES ../lib/tags/package-info.java
//SOURCES ../lib/problem/package-info.java
//SOURCES ../lib/plan/package-info.java
//SOURCES ../lib/judgement/package-info.java
//SOURCES ../lib/sets/package-info.java
//SOURCES ../lib/restore/package-info.java
//SOURCES ../lib/report/package-info.java
//SOURCES ../lib/aws/package-info.java
//SOURCES ../lib/cli/package-info.java
//SOURCES ../lib/page/package-info.java

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import aws.Connection;
import aws.Ec2Queries;
import cli.AnyCluster;
import cli.ClusterOptions;
import cli.OpsCommand;
import facts.Facts;
import judgement.EtcdCluster;
import judgement.Reason;
import judgement.Verdict;
import page.JudgementPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import report.Console;
import report.Outcome;
import report.PageOptions;

/** Reads EC2 (volumes, the instances that hold them, the snapshots they came from), judges, and changes nothing. */
@Command(name = "verify-quorum-volumes",
        description = "Judge, per etcd cluster, whether its EBS volumes can form a quorum, and why not. Changes nothing.",
        exitCodeList = {
            "0:every member of every etcd cluster counts",
            "1:a bug, or JBang could not build the script",
            "2:wrong usage",
            "20:an etcd cluster has lost its quorum, or nobody can know since two volumes claim one member",
            "21:every etcd cluster has a quorum, but not all members count",
            "22:AWS could not be asked: unreachable, denied, throttled",
            "130:interrupted"},
        footer = {"", "Examples:",
            "  ./jbang verify-quorum-volumes --cluster k8s.mycompany.tld",
            "  ./jbang verify-quorum-volumes | jq -r '.etcd_clusters[].verdict'",
            "", "REPORTS.md describes the report and every code in it."})
public final class VerifyQuorumVolumes extends OpsCommand {
    @Mixin
    private AnyCluster cluster;

    @Mixin
    private PageOptions page;

    @Override
    protected ClusterOptions options() {
        return cluster;
    }

    @Override
    protected Outcome work() {
        Connection connection = connect();
        Facts facts = new Ec2Queries(connection).facts();
        List<String> clusters = clusters(facts, connection.region());
        List<EtcdCluster> all = new ArrayList<>();
        for (String cluster : clusters) {
            List<EtcdCluster> judged = judge(facts, cluster);
            all.addAll(judged);
            if (judged.stream().anyMatch(e -> e.verdict() != Verdict.HEALTHY)) {
                next(cluster, judged);
            }
        }
        count(facts, clusters, all);
        return all.stream().map(EtcdCluster::verdict).max(Comparator.naturalOrder()).map(Outcome::of).orElse(Outcome.LOST);
    }

    /** First save what is there. Then fix tags, which is quick and loses nothing. Then restore. The last two show a plan only. */
    private void next(String cluster, List<EtcdCluster> judged) {
        report().next(commandLine("snapshot-all", "--cluster", cluster));
        Stream<Reason> reasons = judged.stream().flatMap(e -> Stream.concat(
                e.members().stream().flatMap(m -> m.reasons().stream()),
                e.nearMisses().stream().flatMap(c -> c.reasons().stream())));
        if (reasons.anyMatch(r -> !r.key().isEmpty())) { // a reason with a key is a reason about a tag
            report().next(commandLine("fix-tags", "--cluster", cluster));
        }
        if (judged.stream().anyMatch(e -> e.verdict() == Verdict.LOST)) {
            report().next(commandLine("restore-volume", "--cluster", cluster));
        }
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

    @Override
    protected Optional<PageOptions> pageOptions() {
        return Optional.of(page);
    }

    @Override
    protected String page() {
        return JudgementPage.of(report()).html();
    }

    public static int run(String[] args, Console console) {
        return run(new VerifyQuorumVolumes(), args, console);
    }

    public static void main(String[] args) {
        main(new VerifyQuorumVolumes(), args);
    }
}
