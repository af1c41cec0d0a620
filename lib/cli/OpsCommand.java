package cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import aws.AwsFailure;
import aws.Connection;
import facts.Facts;
import facts.Instance;
import judgement.EtcdCluster;
import judgement.Findings;
import judgement.QuorumJudgement;
import judgement.Reason;
import picocli.CommandLine.Mixin;
import problem.Problem;
import problem.ProblemCode;
import report.CommandWords;
import report.Foreseen;
import report.Outcome;
import report.ReportingCommand;
import tags.Generation;

/** A command about the etcd volumes of an account: where they are, which are meant, and what AWS's failures mean. */
public abstract class OpsCommand extends ReportingCommand {
    @Mixin
    private AwsOptions aws;

    /** Which cluster and which etcd clusters are meant. */
    protected abstract ClusterOptions options();

    @Override
    protected void warmUp(String[] args) {
        Connection.warmUp(AwsOptions.endpointIn(args).or(() -> Connection.endpointOf(System.getenv())));
    }

    @Override
    protected Optional<Foreseen> foreseen(RuntimeException failure) {
        return failure instanceof AwsFailure ofAws ? Optional.of(foreseen(ofAws)) : Optional.empty();
    }

    protected final Set<String> etcds() {
        return options().etcds();
    }

    protected final List<String> etcdsAgain() {
        return options().etcdsAgain();
    }

    protected final Optional<Generation> generation() {
        return aws.generation();
    }

    protected final Connection connect() {
        Connection connection = aws.connect(console().env()).onSilence(this::say);
        report().where("", connection.region(), options().cluster(console().env()).orElse(""));
        return connection;
    }

    /** The clusters that are meant: the cluster that was named, else all that the region shows. stderr and report name them. */
    protected final List<String> clusters(Facts facts, String region) {
        List<String> seen = List.copyOf(QuorumJudgement.clusters(facts));
        List<String> clusters = options().cluster(console().env()).map(List::of).orElse(seen);
        String account = facts.instances().values().stream().map(Instance::account).findFirst().orElse("");
        report().where(account, region, String.join(",", clusters));
        say("Account " + (account.isEmpty() ? "unknown (no instance holds an etcd volume)" : account) + ", region " + region
                + ", cluster " + (clusters.isEmpty() ? "none found" : String.join(", ", clusters)));
        if (clusters.isEmpty() || !seen.containsAll(clusters)) {
            report().add(Problem.error(ProblemCode.CLUSTER_UNSEEN, "", noVolume(), seen.isEmpty()
                    ? ProblemCode.CLUSTER_UNSEEN.remedy() : "the region shows " + String.join(", ", seen)));
        }
        return clusters;
    }

    private String noVolume() {
        return "no etcd volume of " + (report().cluster().isEmpty() ? "any kops cluster" : report().cluster()) + " in "
                + report().region();
    }

    /** For commands that cannot do anything without a volume. */
    protected final Foreseen refuseForWantOfVolumes() {
        return new Foreseen(Outcome.REFUSED, Reason.Code.NO_VOLUME, "looking for what to do: " + noVolume(),
                commandLine(report().cluster().isEmpty() ? List.of("verify-quorum-volumes")
                        : List.of("verify-quorum-volumes", "--cluster", report().cluster())));
    }

    /** Judges one cluster and reports what speaks against its volumes. */
    protected final List<EtcdCluster> judge(Facts facts, String cluster) {
        List<EtcdCluster> judged = QuorumJudgement.judge(facts, cluster, aws.generation(), etcds());
        Findings.of(judged, etcds(), facts).forEach(report()::add);
        report().judged(judged);
        return judged;
    }

    /** A whole command line for the same AWS; the first word is the command's name. */
    protected final String commandLine(String... words) {
        return commandLine(List.of(words));
    }

    @SafeVarargs
    protected final String commandLine(List<String>... words) {
        List<String> all = Stream.of(words).flatMap(List::stream).toList();
        return (launcher().command(all.get(0)) + " " + CommandWords.quoted(all.subList(1, all.size()))).strip()
                + aws.versionAgain() + aws.whereAgain();
    }

    /** This command line again, with the cluster it meant and with other words in the place of --yes and --plan. */
    protected final String sameCommand(List<String> instead) {
        String[] arguments = arguments();
        List<String> words = new ArrayList<>();
        for (int n = 0; n < arguments.length; n++) {
            if (arguments[n].equals("--plan")) {
                n++;
            } else if (!arguments[n].equals("--yes") && !arguments[n].startsWith("--plan=")) {
                words.add(arguments[n]);
            }
        }
        words.addAll(instead);
        return launcher().command(name()) + options().clusterAgain(console().env())
                + (words.isEmpty() ? "" : " " + CommandWords.quoted(words));
    }

    /** The options that say which AWS is meant, as words; the AWS CLI spells them as we do. */
    protected final String whereAgain() {
        return aws.whereAgain();
    }

    /** A failure that means something else than that AWS cannot be asked. */
    protected final Foreseen foreseen(AwsFailure failure, Outcome outcome, String tryCommand) {
        return new Foreseen(outcome, failure.code(), failure.getMessage(), tryCommand);
    }

    protected final Foreseen foreseen(AwsFailure failure) {
        String again = launcher().command(name())
                + (arguments().length == 0 ? "" : " " + CommandWords.quoted(List.of(arguments())));
        String tryCommand = switch (failure.kind()) {
            case NO_REGION -> again + " --region eu-central-1";
            case BAD_ENDPOINT -> "env -u " + failure.variable() + " " + again + " --endpoint-url http://127.0.0.1:4566";
            case BAD_VARIABLE -> "env -u " + failure.variable() + " " + again;
            case BAD_PROFILE -> "aws configure list-profiles";
            case NO_CREDENTIALS -> "aws " + (failure.isOfSingleSignOn() ? "sso login" : "sts get-caller-identity") + whereAgain();
            case DENIED, BAD_CREDENTIALS -> "aws sts get-caller-identity" + whereAgain();
            case UNREACHABLE -> "aws ec2 describe-availability-zones" + whereAgain();
            case GARBLED, THROTTLED, SERVER, REJECTED -> again;
        };
        return foreseen(failure, Outcome.UNKNOWN, tryCommand);
    }
}
