///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Make etcd volumes from a set of snapshots, retire the old, tag the new. Shows a plan; changes only with --yes.
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

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import aws.Connection;
import aws.Ec2Queries;
import aws.Ec2Writer;
import aws.KeyStates;
import aws.Restorer;
import aws.TagChanger;
import aws.VolumeMaker;
import cli.PlannedCommand;
import cli.TextForm;
import facts.Facts;
import facts.Snapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import problem.Problem;
import problem.ProblemCode;
import report.CommandWords;
import report.Console;
import report.Outcome;
import restore.Restore;
import restore.RestoreChoice;
import restore.RestoreId;
import restore.RestoreRequest.GuardOverride;
import restore.RestoreRequest.Stage;
import restore.Rollback;
import restore.VolumeSpec.Wish;
import sets.SnapshotSet;
import sets.SnapshotSets;

/** Makes inert volumes first, then retires the old ones, then gives the new ones their live tags. Deletes nothing. */
@Command(name = "restore-volume",
        description = "Make etcd volumes from a set of snapshots, retire the old, tag the new. Shows a plan; changes only with "
                + "--yes.",
        exitCodeList = {
            "0:the plan is shown, every change is made, or nothing is left to do",
            "1:a bug, or JBang could not build the script",
            "2:wrong usage",
            "20:a guard refused, the plan differs from --plan, or no set can be restored; nothing was changed",
            "21:some changes are made and some are not; the same command makes the rest",
            "22:AWS could not be asked, or refused the first change; nothing was changed",
            "130:interrupted; the report lists the changes that were made"},
        footer = {"", "Examples:",
            "  ./jbang restore-volume --cluster k8s.mycompany.tld",
            "  ./jbang restore-volume --cluster k8s.mycompany.tld --set night-1 --yes",
            "", "REPORTS.md describes the report and every code in it."})
public final class RestoreVolume extends PlannedCommand {
    @Option(names = "--set", paramLabel = "ID", converter = TextForm.SetName.class,
            description = "the set of snapshots (default: the newest restorable set is proposed, and nothing is changed)")
    private String set;

    @Option(names = "--snapshot", paramLabel = "SNAP", converter = TextForm.SnapshotId.class,
            description = "one snapshot, whoever took it, for --member of the one --etcd; for an etcd cluster of one member")
    private String snapshot;

    @Option(names = "--empty", description = "an empty volume for --member of the one --etcd, which a living quorum fills")
    private boolean empty;

    @Option(names = "--member", paramLabel = "NAME", converter = TextForm.MemberName.class,
            description = "the member that --snapshot or --empty is for")
    private String member;

    @Option(names = "--stage", paramLabel = "quorum|rest|all", defaultValue = "quorum", converter = StageWord.class,
            description = "quorum: the members of the newest snapshots; rest: the others, once the quorum has a leader; all: "
                    + "every member at once (default: ${DEFAULT-VALUE})")
    private Stage stage;

    @Option(names = "--init-rate", paramLabel = "MIBPS", converter = Rate.class,
            description = "load the data beforehand at 100 to 300 MiB/s, which AWS bills (default: load what is read)")
    private int initRate;

    @Option(names = "--volume-type", paramLabel = "TYPE", converter = TextForm.Name.class,
            description = "another volume type than the lost volumes had")
    private Optional<String> type = Optional.empty();

    @Option(names = "--iops", paramLabel = "N", converter = TextForm.Amount.class,
            description = "other I/O operations per second than the lost volumes had")
    private Optional<Integer> iops = Optional.empty();

    @Option(names = "--throughput", paramLabel = "MIBPS", converter = TextForm.Amount.class,
            description = "another throughput than the lost volumes had")
    private Optional<Integer> throughput = Optional.empty();

    @Option(names = "--rollback", paramLabel = "RESTORE", converter = TextForm.RestoreName.class,
            description = "roll a restore back: its new volumes become inert, the old ones get back every tag")
    private String rollback;

    @Option(names = "--accept-skew", description = "allow --stage all, where an election may lose the newest writes")
    private boolean acceptSkew;

    @Option(names = "--into-live-quorum", description = "allow data from a snapshot beside members that run")
    private boolean intoLiveQuorum;

    private String cluster;
    private Connection connection;
    private Ec2Queries queries;
    private Ec2Writer writer;

    @Override
    protected void checkUsage() {
        cluster = namedCluster();
        if (Stream.of(set != null, snapshot != null, empty, rollback != null).filter(given -> given).count() > 1) {
            throw wrongUsage("--set, --snapshot, --empty and --rollback exclude one another");
        }
        if (isOfOneMember() != (member != null) || isOfOneMember() && etcds().size() != 1) {
            throw wrongUsage("one member is named with --member and one --etcd, together with --snapshot or --empty");
        }
    }

    private boolean isOfOneMember() {
        return snapshot != null || empty;
    }

    @Override
    protected Outcome work() {
        connection = connect();
        queries = new Ec2Queries(connection);
        writer = new Ec2Writer(connection);
        Facts facts = queries.facts();
        clusters(facts, connection.region());
        return rollback == null ? restore(facts) : rollBack(facts);
    }

    private Outcome restore(Facts facts) {
        GuardOverride override = intoLiveQuorum ? GuardOverride.INTO_LIVE_QUORUM
                : acceptSkew ? GuardOverride.ACCEPT_SKEW : GuardOverride.NONE;
        List<SnapshotSet> sets = SnapshotSets.of(cluster, queries.snapshotsOfCluster(cluster));
        RestoreChoice choice = new RestoreChoice(facts, cluster, sets, etcds(),
                new RestoreChoice.How(stage, generation(), new Wish(type, iops, throughput), override));
        Restore restore = chosen(choice, sets);
        report().restore(restore.id());
        report().count("initialization_at_most_s", restore.loadSeconds(initRate));
        if (override != GuardOverride.NONE) {
            report().add(Problem.warning(ProblemCode.OVERRIDDEN, "",
                    override.option() + " switched a guard off; acknowledged writes may be lost"));
        }
        List<Problem> refusals = restore.refusals(new KeyStates(connection).unusable(restore.keys()), isYes(),
                isPlanNamed());
        Restorer restorer = new Restorer(new VolumeMaker(queries, writer, stop(), restore.id(), initRate),
                new TagChanger(queries, writer, stop()), restore.newVolumes());
        Proposal proposal = new Proposal(facts, cluster, restore.plan(), refusals, restore.wordsToName());
        return carryOut(proposal, queries, restorer::make, ended -> {
            String etcd = restore.etcds().get(0);
            notes(etcd, ProblemCode.BACKUP_FIRST, ProblemCode.BACKUP_STORE, ProblemCode.NODES, ProblemCode.TERRAFORM);
            if (!ended.done().isEmpty()) {
                notes(etcd, ProblemCode.LEADER, ProblemCode.REVISION, ProblemCode.LAZY_LOAD);
                next(restore);
            }
        });
    }

    private Restore chosen(RestoreChoice choice, List<SnapshotSet> sets) {
        if (empty) {
            return choice.ofNothing(etcds().iterator().next(), member);
        }
        if (snapshot != null) {
            Snapshot found = queries.snapshots(List.of(snapshot)).stream().findFirst().orElseThrow(() -> refused(Problem.error(
                    ProblemCode.NO_SNAPSHOT, snapshot, "the region shows no such snapshot", "check the account and the region")));
            return choice.ofSnapshot(found, etcds().iterator().next(), member);
        }
        String source = set != null ? set : choice.newestRestorable().orElseThrow(() -> refused(Problem.error(
                ProblemCode.NO_RESTORABLE_SET, cluster, ProblemCode.NO_RESTORABLE_SET.sentence())));
        report().sets(sets.stream().filter(s -> s.set().equals(source)).toList());
        return choice.ofSet(source, set == null).orElseThrow(() -> refused(choice.nothingOf(source)));
    }

    private RuntimeException refused(Problem problem) {
        return refuse(List.of(problem), verify());
    }

    private Outcome rollBack(Facts facts) {
        Rollback plan = new Rollback(facts, cluster, rollback, etcds());
        report().restore(rollback);
        if (!plan.isKnown()) {
            Set<String> known = RestoreId.standing(facts, cluster);
            throw refused(Problem.error(ProblemCode.UNKNOWN_RESTORE, rollback, "nothing of such a restore is left in "
                    + report().region(), "restores that can be rolled back: "
                    + (known.isEmpty() ? "none" : String.join(", ", known))));
        }
        Proposal proposal = new Proposal(facts, cluster, plan.plan(), plan.refusals());
        return carryOut(proposal, queries, new TagChanger(queries, writer, stop())::make, ended -> { });
    }

    /** What is not the job of this command. Nothing in EC2 shows whether somebody did it, so it is said each time. */
    private void notes(String etcd, ProblemCode... codes) {
        String store = CommandWords.quoted("s3://BUCKET/" + cluster + "/backups/etcd/" + etcd);
        Stream.of(codes).forEach(code -> report().add(Problem.note(code, code.remedy().replace("STORE", store))));
    }

    private void next(Restore restore) {
        report().next(verify());
        if (restore.leavesRest()) {
            report().next(commandLine(List.of("restore-volume", "--cluster", cluster), etcdsAgain(),
                    List.of("--set", RestoreId.source(restore.id()), "--stage", "rest")));
        }
        report().next(commandLine("restore-volume", "--cluster", cluster, "--rollback", restore.id()));
    }

    private String verify() {
        return commandLine("verify-quorum-volumes", "--cluster", cluster);
    }

    static final class StageWord implements ITypeConverter<Stage> {
        @Override
        public Stage convert(String value) {
            return Stream.of(Stage.values()).filter(s -> s.name().toLowerCase(Locale.ROOT).equals(value)).findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + value + "' is none of quorum, rest, all"));
        }
    }

    /** EBS takes 100 to 300 MiB/s (CreateVolume, API reference). */
    static final class Rate implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("[12]\\d\\d|300")) {
                return Integer.valueOf(value);
            }
            throw new TypeConversionException("'" + value + "' is no rate from 100 to 300 MiB/s");
        }
    }

    public static int run(String[] args, Console console) {
        return run(new RestoreVolume(), args, console);
    }

    public static void main(String[] args) {
        main(new RestoreVolume(), args);
    }
}
