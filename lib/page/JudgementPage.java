package page;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import facts.Volume;
import judgement.EtcdCluster;
import judgement.EtcdCluster.Claim;
import judgement.EtcdCluster.Member;
import judgement.QuorumJudgement;
import judgement.Reason;
import judgement.Verdict;
import page.Members.Cluster;
import problem.Problem;
import report.Outcome;
import report.Report;

/** The page of verify-quorum-volumes: the verdict, every member with its volumes, the reasons, and what to do. */
public final class JudgementPage {
    private JudgementPage() {
    }

    public static Page of(Report report) {
        List<Block> blocks = new ArrayList<>();
        if (!report.etcdClusters().isEmpty()) {
            blocks.add(new Members("Members and their volumes", report.etcdClusters().stream().map(JudgementPage::cluster)
                    .toList()));
        }
        List<Points.Point> points = report.problems().stream().map(JudgementPage::point).toList();
        if (!points.isEmpty()) {
            blocks.add(new Points("Why, and what to do", points));
        }
        if (!report.next().isEmpty()) {
            blocks.add(new Commands("Next", report.next()));
        }
        if (!report.etcdClusters().isEmpty()) {
            blocks.add(new Notes("What the EC2 API cannot prove", QuorumJudgement.CANNOT_PROVE.stream()
                    .map(what -> what.replace("`", "")).toList()));
        }
        return new Page("Quorum volumes" + (report.cluster().isEmpty() ? "" : " of " + report.cluster()), tone(report.outcome()),
                capital(report.outcome().word()), sentence(report),
                List.of(report.region(), report.startedAt().truncatedTo(ChronoUnit.SECONDS).toString(), "run " + report.runId()),
                blocks);
    }

    private static String sentence(Report report) {
        if (report.etcdClusters().isEmpty()) {
            return report.problems().stream().findFirst().map(Problem::summary).orElse("No etcd cluster was judged.");
        }
        return String.join("; ", report.etcdClusters().stream().map(e -> e.etcd() + ": " + of(e)).toList()) + ".";
    }

    private static String of(EtcdCluster etcd) {
        return etcd.counted() + " of " + etcd.membersExpected().size() + " members count, quorum is " + etcd.quorum();
    }

    private static Cluster cluster(EtcdCluster etcd) {
        List<Members.Member> members = new ArrayList<>();
        for (Member member : etcd.members()) {
            List<Members.Volume> volumes = new ArrayList<>();
            member.claims().forEach(c -> volumes.add(volume(c, member.counted())));
            if (volumes.isEmpty()) {
                volumes.add(new Members.Volume("no volume", Tone.BAD, "", false, "no volume in the region claims this member"));
            }
            members.add(new Members.Member(member.name(), member.zone(), volumes));
        }
        etcd.nearMisses().forEach(c -> members.add(new Members.Member("near miss", c.volume().zone(), List.of(
                new Members.Volume(isRetired(c) ? "retired" : "not found", Tone.PLAIN, c.volume().id(), true, more(c))))));
        return new Cluster(etcd.etcd(), capital(etcd.verdict().word()), tone(etcd.verdict()), of(etcd), members);
    }

    private static boolean isRetired(Claim claim) {
        return claim.reasons().stream().anyMatch(r -> r.code() == Reason.Code.RETIRED);
    }

    private static Members.Volume volume(Claim claim, boolean counts) {
        boolean warned = counts && !claim.reasons().isEmpty();
        return new Members.Volume(warned ? "counts, but" : counts ? "counts" : "does not count",
                warned ? Tone.DOUBTFUL : counts ? Tone.GOOD : Tone.BAD, claim.volume().id(), false, more(claim));
    }

    private static String more(Claim claim) {
        Volume volume = claim.volume();
        String reasons = String.join(", ", claim.reasons().stream().map(Reason::toString).toList());
        return volume.state() + volume.attachedTo().map(i -> " by " + i).orElse("") + (reasons.isEmpty() ? "" : "; " + reasons);
    }

    private static Points.Point point(Problem problem) {
        Tone tone = switch (problem.severity()) {
            case ERROR -> Tone.BAD;
            case WARNING -> Tone.DOUBTFUL;
            case NOTE -> Tone.PLAIN;
        };
        return new Points.Point(tone, problem.code(), problem.resource(), problem.summary(), problem.hint());
    }

    private static Tone tone(Outcome outcome) {
        return switch (outcome.exitCode()) {
            case 0 -> Tone.GOOD;
            case 21, 130 -> Tone.DOUBTFUL;
            default -> Tone.BAD;
        };
    }

    private static Tone tone(Verdict verdict) {
        return switch (verdict) {
            case HEALTHY -> Tone.GOOD;
            case DEGRADED -> Tone.DOUBTFUL;
            case LOST, AMBIGUOUS -> Tone.BAD;
        };
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
