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
import problem.Refusal;
import report.Foreseen;
import report.Outcome;

/** A command that shows a plan and carries it out only when told to. Showing and doing are one path. */
public abstract class PlannedCommand extends OpsCommand {
    @Mixin
    private PlanOptions options;

    /**
     * A plan, and what decides whether it is carried out.
     *
     * @param named words that the command line which carries it out must have beside those that were given
     */
    public record Work(Facts facts, String cluster, Plan plan, List<Refusal> refusals, List<String> named) {
        public Work(Facts facts, String cluster, Plan plan, List<Refusal> refusals) {
            this(facts, cluster, plan, refusals, List.of());
        }
    }

    /** How it ended, with the judgement of what is now and what was done to get there. */
    public record Carried(Outcome outcome, List<EtcdCluster> judged, List<PlannedChange> done) {
    }

    protected final boolean isYes() {
        return options.isYes();
    }

    /**
     * Refuses, shows or does it.
     *
     * @param maker      makes one change
     * @param afterwards adds to the report what only the end shows, also when it ended in a failure
     * @throws Foreseen when a guard refused, or nothing could be done
     */
    protected final Outcome carryOut(
            Work work, Ec2Queries reader, Function<PlannedChange, ChangeResult> maker, Consumer<Carried> afterwards) {
        PlanExecution log = new PlanExecution(report(), work.plan, work.plan.open(work.facts), this::say);
        if (!work.refusals.isEmpty()) {
            log.refused();
            Foreseen refusal = refuse(work.refusals, commandLine("verify-quorum-volumes", "--cluster", work.cluster));
            afterwards.accept(new Carried(Outcome.REFUSED, judge(work.facts, work.cluster), List.of()));
            throw refusal;
        }
        boolean nothing = work.plan.open(work.facts).isEmpty();
        if (!options.isYes() || nothing || options.differs(work.plan)) {
            List<EtcdCluster> judged = judge(work.facts, work.cluster);
            options.check(work.plan, sameCommand(List.of()));
            if (!nothing) {
                report().next(sameCommand(Stream.concat(
                        work.named.stream(), PlanOptions.agreeingTo(work.plan).stream()).toList()));
            }
            Outcome shown = nothing ? Outcome.UNCHANGED : Outcome.PLANNED;
            afterwards.accept(new Carried(shown, judged, List.of()));
            return shown;
        }
        Outcome outcome = log.run(stop(), maker);
        if (outcome != Outcome.DONE && outcome != Outcome.UNCHANGED) {
            report().next(sameCommand(List.of()));
        }
        afterwards.accept(new Carried(outcome, judge(now(reader, work.facts, log), work.cluster), log.done()));
        if (log.failure().isPresent() && outcome != Outcome.PARTIAL) {
            AwsFailure failure = log.failure().get();
            throw outcome == Outcome.REFUSED ? foreseen(failure, outcome, sameCommand(List.of())) : foreseen(failure);
        }
        return outcome;
    }

    /** What EC2 shows now, or (when it cannot be asked any more) what must be so after what was done. */
    private static Facts now(Ec2Queries reader, Facts before, PlanExecution log) {
        try {
            return reader.facts();
        } catch (AwsFailure unseen) {
            return PlannedChange.applied(log.done(), before);
        }
    }
}
