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
import judgement.QuorumJudgement;
import picocli.CommandLine.Mixin;
import plan.PlannedChange;
import problem.Problem;
import report.CommandWords;
import report.Foreseen;
import report.Outcome;
import report.ReportingCommand;
import tags.Generation;

/** A command about the etcd volumes of an account: where they are, which are meant, and what AWS's failures mean. */
public abstract class OpsCommand extends ReportingCommand {
    @Mixin
    private ClusterOptions options;

    @Override
    protected void warmUp(String[] args) {
        Connection.warmUp(ClusterOptions.endpointIn(args).or(() -> Connection.endpointOf(System.getenv())));
    }

    @Override
    protected Optional<Foreseen> foreseen(RuntimeException failure) {
        return failure instanceof AwsFailure ofAws ? Optional.of(foreseen(ofAws)) : Optional.empty();
    }

    /** For commands that change a cluster: which one must be said, not found. */
    protected final String namedCluster() {
        return options.cluster(console().env()).orElseThrow(
                () -> wrongUsage("which cluster is not said: neither --cluster nor KOPS_CLUSTER_NAME is set"));
    }

    protected final Set<String> etcds() {
        return options.etcds();
    }

    /** The etcd clusters that were named, for a command line about the same ones. */
    protected final List<String> etcdsAgain() {
        return options.etcds().stream().flatMap(etcd -> Stream.of("--etcd", etcd)).toList();
    }

    protected final Optional<Generation> generation() {
        return options.generation();
    }

    protected final Connection connect() {
        Connection connection = options.connect(console().env());
        report().where("", connection.region(), options.cluster(console().env()).orElse(""));
        return connection;
    }

    /** The clusters that are meant: the one that was named, else all that the region shows. Says and reports where we are. */
    protected final List<String> clusters(Facts facts, String region) {
        List<String> seen = List.copyOf(QuorumJudgement.clusters(facts));
        List<String> clusters = options.cluster(console().env()).map(List::of).orElse(seen);
        String account = facts.instances().values().stream().map(Instance::account).findFirst().orElse("");
        report().where(account, region, String.join(",", clusters));
        say("Account " + (account.isEmpty() ? "unknown (no instance holds an etcd volume)" : account) + ", region " + region
                + ", cluster " + (clusters.isEmpty() ? "none found" : String.join(", ", clusters)));
        if (clusters.isEmpty() || !seen.containsAll(clusters)) {
            report().add(new Problem("CLUSTER_UNSEEN", Problem.Severity.ERROR, "", noVolume(),
                    seen.isEmpty() ? "is it the right account and region?" : "the region shows " + String.join(", ", seen)));
        }
        return clusters;
    }

    private String noVolume() {
        return "no etcd volume of " + (report().cluster().isEmpty() ? "any kops cluster" : report().cluster()) + " in "
                + report().region();
    }

    /** For commands that cannot do anything without a volume. */
    protected final Foreseen refuseForWantOfVolumes() {
        return new Foreseen(Outcome.REFUSED, "NO_VOLUME", "looking for what to do: " + noVolume(),
                commandLine(report().cluster().isEmpty() ? List.of("verify-quorum-volumes")
                        : List.of("verify-quorum-volumes", "--cluster", report().cluster())));
    }

    /** Judges one cluster and reports what speaks against its volumes. */
    protected final List<EtcdCluster> judge(Facts facts, String cluster) {
        List<EtcdCluster> judged = QuorumJudgement.judge(facts, cluster, options.generation(), options.etcds());
        new Findings(report(), facts).add(judged, options.etcds());
        report().judged(judged);
        return judged;
    }

    /** A whole command line for the same AWS. */
    protected final String commandLine(String... words) {
        return commandLine(List.of(words));
    }

    @SafeVarargs
    protected final String commandLine(List<String>... words) {
        return "./jbang " + CommandWords.quoted(Stream.of(words).flatMap(List::stream).toList()) + options.versionAgain()
                + options.whereAgain();
    }

    /** The whole command line again, with the cluster it meant and with other words in the place of --yes and --plan. */
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
        return "./jbang " + name() + options.clusterAgain(console().env())
                + (words.isEmpty() ? "" : " " + CommandWords.quoted(words));
    }

    /** The command lines of the AWS CLI that take back what was done to tags, the last first. */
    protected final void nextToUndo(List<PlannedChange> done) {
        new RollbackLines(options.whereAgain()).of(done).forEach(report()::next);
    }

    /** For a failure that means something else than that AWS cannot be asked. */
    protected final Foreseen foreseen(AwsFailure failure, Outcome outcome, String tryCommand) {
        return new Foreseen(outcome, failure.code(), failure.getMessage(), tryCommand);
    }

    protected final Foreseen foreseen(AwsFailure failure) {
        String where = options.whereAgain();
        String again = "./jbang " + name() + (arguments().length == 0 ? "" : " " + CommandWords.quoted(List.of(arguments())));
        String tryCommand = switch (failure.kind()) {
            case NO_REGION -> again + " --region eu-central-1";
            case NO_CREDENTIALS -> "aws " + (failure.isOfSingleSignOn() ? "sso login" : "sts get-caller-identity") + where;
            case DENIED, BAD_CREDENTIALS -> "aws sts get-caller-identity" + where;
            case UNREACHABLE -> "aws ec2 describe-availability-zones" + where;
            case GARBLED, THROTTLED, SERVER, REJECTED -> again;
        };
        return foreseen(failure, Outcome.UNKNOWN, tryCommand);
    }
}
