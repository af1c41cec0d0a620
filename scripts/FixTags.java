///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Bring the tags of etcd volumes back to what their readers look for. Shows a plan; changes only with --yes.
//JAVA 17+
//SOURCES ../lib/facts/package-info.java
//SOURCES ../lib/tags/package-info.java
//SOURCES ../lib/problem/package-info.java
//SOURCES ../lib/plan/package-info.java
//SOURCES ../lib/judgement/package-info.java
//SOURCES ../lib/sets/package-info.java
//SOURCES ../lib/restore/package-info.java
//SOURCES ../lib/fixes/package-info.java
//SOURCES ../lib/report/package-info.java
//SOURCES ../lib/aws/package-info.java
//SOURCES ../lib/cli/package-info.java

import java.util.List;
import java.util.Optional;
import java.util.Set;

import aws.Connection;
import aws.Ec2Queries;
import aws.Ec2Writer;
import aws.TagChanger;
import cli.PlannedCommand;
import cli.ResourceOptions;
import facts.Facts;
import fixes.TagFixes;
import fixes.TagFixes.ByHand;
import fixes.TagFixes.Mend;
import judgement.EtcdCluster;
import judgement.QuorumJudgement;
import judgement.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import problem.Problem;
import report.Console;
import report.Outcome;

/** Sets live tags where they are missing or wrong, removes wrong etcd keys, touches no other tag. All or nothing. */
@Command(name = "fix-tags",
        description = "Bring the tags of etcd volumes back to what their readers look for. Shows a plan; changes only with "
                + "--yes.")
public final class FixTags extends PlannedCommand {
    @Option(names = "--volume", paramLabel = "ID", converter = ResourceOptions.VolumeId.class,
            description = "only this volume, which holds --member of the one --etcd that is named: on your word")
    private String volume;

    @Option(names = "--member", paramLabel = "NAME", converter = ResourceOptions.Member.class,
            description = "the member that --volume holds")
    private String member;

    @Override
    protected void checkUsage() {
        namedCluster();
        if ((volume == null) != (member == null) || volume != null && etcds().size() != 1) {
            throw wrongUsage("a volume is named by hand with --volume, --member and one --etcd together");
        }
    }

    @Override
    protected Outcome work() {
        Connection connection = connect();
        Ec2Queries reader = new Ec2Queries(connection);
        Facts facts = reader.facts(volume == null ? Set.of() : Set.of(volume));
        String cluster = clusters(facts, connection.region()).get(0);
        if (!QuorumJudgement.clusters(facts).contains(cluster)) {
            throw refuseForWantOfVolumes();
        }
        TagFixes repair = TagFixes.of(facts, cluster, generation(), etcds(), byHand());
        count(facts, repair);
        TagChanger tags = new TagChanger(reader, new Ec2Writer(connection), stop());
        Work work = new Work(facts, cluster, repair.plan(), repair.refusals());
        return carryOut(work, reader, tags::make, ended -> {
            if (!repair.refusals().isEmpty()) {
                repair.sound().forEach(mend -> report().next(alone(cluster, mend)));
                return;
            }
            evidence(repair, facts);
            remaining(ended.outcome() == Outcome.PLANNED ? repair.after() : ended.judged(), cluster);
            nextToUndo(ended.done());
        });
    }

    private Optional<ByHand> byHand() {
        return volume == null ? Optional.empty()
                : Optional.of(new ByHand(volume, etcds().iterator().next(), member));
    }

    /** The command line that mends one volume alone, on the same evidence. */
    private String alone(String cluster, Mend mend) {
        return commandLine("fix-tags", "--cluster", cluster, "--etcd", mend.etcd(), "--volume", mend.volume().id(),
                "--member", mend.member());
    }

    private void evidence(TagFixes repair, Facts facts) {
        for (Mend mend : repair.mends()) {
            String id = mend.volume().id();
            report().add(new Problem("EVIDENCE", Problem.Severity.NOTE, id, mend.evidence(), ""));
            facts.holderOf(mend.volume()).ifPresent(node -> report().add(new Problem("IN_USE_UNTIL_RESTART",
                    Problem.Severity.NOTE, id, node.id() + " holds it: a change of tags has no effect there until that node's "
                    + "etcd-manager restarts", "")));
        }
    }

    /** What tags cannot mend. */
    private void remaining(List<EtcdCluster> judged, String cluster) {
        for (EtcdCluster etcd : judged) {
            if (etcd.verdict() != Verdict.HEALTHY && (etcds().isEmpty() || etcds().contains(etcd.etcd()))) {
                report().next(commandLine("verify-quorum-volumes", "--cluster", cluster));
                report().next(commandLine("restore-volume", "--cluster", cluster, "--etcd", etcd.etcd()));
            }
        }
    }

    private void count(Facts facts, TagFixes repair) {
        report().count("volumes_read", facts.volumes().size());
        report().count("volumes_to_mend", repair.mends().size());
        report().count("refusals", repair.refusals().size());
    }

    public static int run(String[] args, Console console) {
        return run(new FixTags(), args, console);
    }

    public static void main(String[] args) {
        main(new FixTags(), args);
    }
}
