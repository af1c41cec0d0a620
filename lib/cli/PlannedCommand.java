package cli;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import aws.AwsFailure;
import aws.ChangeResult;
import aws.Ec2Queries;
import facts.Facts;
import judgement.EtcdCluster;
import picocli.CommandLine.Mixin;
import plan.Plan;
import plan.PlannedChange;
import problem.Problem;
import problem.ProblemCode;
import report.Foreseen;
import report.Outcome;

/** A command that shows a plan and carries it out only with --yes. Showing and carrying out are one path. */
public abstract class PlannedCommand extends OpsCommand {
    @Mixin
    private NamedCluster cluster;

    @Mixin
    private PlanOptions options;

    /**
     * A plan with what speaks against it.
     *
     * @param wordsToName words that the command line which carries the plan out needs beside the given ones
     */
    public record Proposal(Facts facts, String cluster, Plan plan, List<Problem> refusals, List<String> wordsToName) {
        public Proposal(Facts facts, String cluster, Plan plan, List<Problem> refusals) {
            this(facts, cluster, plan, refusals, List.of());
        }
    }

    /** How the command ended, with the judgement of the volumes now and the changes that were made. */
    public record Ended(Outcome outcome, List<EtcdCluster> judged, List<PlannedChange> done) {
    }

    @Override
    protected final ClusterOptions options() {
        return cluster;
    }

    /** The cluster that was named: a command that changes a cluster never chooses one itself. */
    protected final String namedCluster() {
        return cluster.cluster(console().env()).orElseThrow(
                () -> wrongUsage("no cluster is named: neither --cluster nor KOPS_CLUSTER_NAME is set"));
    }

    protected final boolean isYes() {
        return options.isYes();
    }

    /** Whether the operator named the plan to be carried out. */
    protected final boolean isPlanNamed() {
        return options.isNamed();
    }

    /**
     * Refuses, shows the plan or carries it out.
     *
     * @param maker      makes one change
     * @param afterwards adds to the report what only the end shows, also when the command ended in a failure
     * @throws Foreseen when a guard refused, or when nothing could be done
     */
    protected final Outcome carryOut(
            Proposal proposal, Ec2Queries queries, Function<PlannedChange, ChangeResult> maker, Consumer<Ended> afterwards) {
        Plan plan = proposal.plan;
        boolean nothing = plan.open(proposal.facts).isEmpty();
        PlanExecution execution = new PlanExecution(report(), plan, plan.open(proposal.facts), this::say);
        if (!proposal.refusals.isEmpty()) {
            execution.notReached();
            Foreseen refusal = refuse(proposal.refusals, commandLine("verify-quorum-volumes", "--cluster", proposal.cluster));
            afterwards.accept(new Ended(Outcome.REFUSED, judge(proposal.facts, proposal.cluster), List.of()));
            throw refusal;
        }
        if (!options.isYes() || nothing || options.differs(plan)) {
            List<EtcdCluster> judged = judge(proposal.facts, proposal.cluster);
            options.check(plan, sameCommand(List.of()));
            if (!nothing) {
                report().next(sameCommand(Stream.concat(
                        proposal.wordsToName.stream(), PlanOptions.agreeingTo(plan).stream()).toList()));
            }
            Outcome shown = nothing ? Outcome.UNCHANGED : Outcome.PLANNED;
            afterwards.accept(new Ended(shown, judged, List.of()));
            return shown;
        }
        execution.notReached();
        if (!queries.confirm(proposal.facts)) {
            throw refuse(List.of(Problem.error(ProblemCode.CHANGED_MEANWHILE, proposal.cluster,
                    "two looks at the etcd volumes of " + report().region() + " differ, and nothing was done")),
                    sameCommand(List.of()));
        }
        Outcome outcome = execution.run(stop(), maker);
        if (outcome != Outcome.DONE && outcome != Outcome.UNCHANGED) {
            report().next(sameCommand(List.of()));
        }
        Facts now = now(queries, proposal.facts, execution.done());
        afterwards.accept(new Ended(outcome, judge(now, proposal.cluster), execution.done()));
        if (execution.failure().isPresent() && outcome != Outcome.PARTIAL) {
            AwsFailure failure = execution.failure().get();
            throw outcome == Outcome.REFUSED ? foreseen(failure, outcome, sameCommand(List.of())) : foreseen(failure);
        }
        return outcome;
    }

    /** What EC2 shows now. When EC2 cannot be asked any more, what the changes that were made must have led to. */
    private static Facts now(Ec2Queries queries, Facts before, List<PlannedChange> done) {
        try {
            return queries.facts();
        } catch (AwsFailure unseen) {
            return PlannedChange.applied(done, before);
        }
    }
}
