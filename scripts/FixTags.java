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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import aws.Connection;
import aws.Ec2Queries;
import aws.Ec2Writer;
import aws.TagChanger;
import cli.PlannedCommand;
import cli.TextForm;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import facts.Facts;
import fixes.TagFixes;
import fixes.TagFixes.ByHand;
import fixes.TagFixes.Fix;
import judgement.EtcdCluster;
import judgement.QuorumJudgement;
import judgement.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import plan.PlannedChange;
import problem.Problem;
import problem.Problem.Severity;
import problem.ProblemCode;
import report.CommandWords;
import report.Console;
import report.Outcome;

/** Sets live tags where they are missing or wrong, removes wrong etcd keys, touches no other tag. All or nothing. */
@Command(name = "fix-tags",
        description = "Bring the tags of etcd volumes back to what their readers look for. Shows a plan; changes only with "
                + "--yes.",
        exitCodeList = {
            "0:the plan is shown, every tag is fixed, or tags can fix nothing",
            "1:a bug, or JBang could not build the script",
            "2:wrong usage",
            "20:refused, since a fix would rest on a guess or make things worse, or the plan differs from --plan; nothing was "
                + "changed",
            "21:some tags are fixed and some are not; the same command fixes the rest",
            "22:AWS could not be asked, or refused the first change; nothing was changed",
            "130:interrupted; the report lists the changes that were made"},
        footer = {"", "Examples:",
            "  ./jbang fix-tags --cluster k8s.mycompany.tld",
            "  ./jbang fix-tags --cluster k8s.mycompany.tld --yes --plan 3f9a1c2b77aa",
            "", "REPORTS.md describes the report and every code in it."})
public final class FixTags extends PlannedCommand {
    @Option(names = "--volume", paramLabel = "ID", converter = TextForm.VolumeId.class,
            description = "only this volume, which on your word holds --member of the one --etcd that is named")
    private String volume;

    @Option(names = "--member", paramLabel = "NAME", converter = TextForm.MemberName.class,
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
        Ec2Queries queries = new Ec2Queries(connection);
        Facts facts = queries.facts(volume == null ? Set.of() : Set.of(volume));
        String cluster = clusters(facts, connection.region()).get(0);
        if (!QuorumJudgement.clusters(facts).contains(cluster)) {
            throw refuseForWantOfVolumes();
        }
        TagFixes fixes = TagFixes.of(facts, cluster, generation(), etcds(), byHand());
        count(facts, fixes);
        TagChanger tags = new TagChanger(queries, new Ec2Writer(connection), stop());
        Proposal proposal = new Proposal(facts, cluster, fixes.plan(), fixes.refusals());
        return carryOut(proposal, queries, tags::make, ended -> {
            if (!fixes.refusals().isEmpty()) {
                fixes.sound().forEach(fix -> report().next(alone(cluster, fix)));
                return;
            }
            evidence(fixes, facts);
            remaining(ended.outcome() == Outcome.PLANNED ? fixes.after() : ended.judged(), cluster);
            rollBackLines(ended.done());
        });
    }

    private Optional<ByHand> byHand() {
        return volume == null ? Optional.empty()
                : Optional.of(new ByHand(volume, etcds().iterator().next(), member));
    }

    /** The command line that fixes one volume alone, on the same evidence. */
    private String alone(String cluster, Fix fix) {
        return commandLine("fix-tags", "--cluster", cluster, "--etcd", fix.etcd(), "--volume", fix.volume().id(),
                "--member", fix.member());
    }

    private void evidence(TagFixes fixes, Facts facts) {
        for (Fix fix : fixes.fixes()) {
            String id = fix.volume().id();
            report().add(new Problem(ProblemCode.EVIDENCE.word(), Severity.NOTE, id, fix.evidence(), ""));
            facts.holderOf(fix.volume()).ifPresent(node -> report().add(new Problem(ProblemCode.IN_USE_UNTIL_RESTART.word(),
                    Severity.NOTE, id, node.id() + " holds the volume; the node reads the new tags when its etcd-manager "
                    + "starts next", "")));
        }
    }

    /** What tags cannot fix. */
    private void remaining(List<EtcdCluster> judged, String cluster) {
        for (EtcdCluster etcd : judged) {
            if (etcd.verdict() != Verdict.HEALTHY && (etcds().isEmpty() || etcds().contains(etcd.etcd()))) {
                report().next(commandLine("verify-quorum-volumes", "--cluster", cluster));
                report().next(commandLine("restore-volume", "--cluster", cluster, "--etcd", etcd.etcd()));
            }
        }
    }

    /** Command lines of the AWS CLI that roll the changes back, the last change first, for who trusts no script of ours then. */
    private void rollBackLines(List<PlannedChange> done) {
        for (int n = done.size() - 1; n >= 0; n--) {
            PlannedChange change = done.get(n);
            Map<String, String> added = new TreeMap<>(change.after());
            added.keySet().removeAll(change.before().keySet());
            rollBackLine("delete-tags", change.resource(), added);
            rollBackLine("create-tags", change.resource(), change.before());
        }
    }

    /** Tags are written as JSON, since in the AWS CLI's shorthand a comma would end a value. */
    private void rollBackLine(String call, String resource, Map<String, String> tags) {
        if (!tags.isEmpty()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            new TreeMap<>(tags).forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
            report().next("aws ec2 " + call + " --resources " + CommandWords.quoted(resource) + " --tags "
                    + CommandWords.quoted(list.toString()) + whereAgain());
        }
    }

    private void count(Facts facts, TagFixes fixes) {
        report().count("volumes_read", facts.volumes().size());
        report().count("volumes_to_mend", fixes.fixes().size());
        report().count("volumes_to_fix", fixes.fixes().size());
        report().count("refusals", fixes.refusals().size());
    }

    public static int run(String[] args, Console console) {
        return run(new FixTags(), args, console);
    }

    public static void main(String[] args) {
        main(new FixTags(), args);
    }
}
