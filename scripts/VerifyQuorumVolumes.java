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
        description = "Judge, per etcd cluster, whether its EBS volumes can form a quorum, and why not. Changes nothing.")
public final class VerifyQuorumVolumes extends OpsCommand {
    @Mixin
    private PageOptions page;

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

    /** What is there is saved first; then tags, which are quick and lose nothing; then volumes. The last two only show a plan. */
    private void next(String cluster, List<EtcdCluster> judged) {
        report().next(commandLine("snapshot-all", "--cluster", cluster));
        Stream<Reason> reasons = judged.stream().flatMap(e -> Stream.concat(
                e.members().stream().flatMap(m -> m.reasons().stream()),
                e.nearMisses().stream().flatMap(c -> c.reasons().stream())));
        if (reasons.anyMatch(r -> !r.key().isEmpty())) { // a reason with a key is one about a tag
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
