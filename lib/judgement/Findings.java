package judgement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import facts.Facts;
import judgement.EtcdCluster.Claim;
import judgement.EtcdCluster.Member;
import judgement.Reason.Code;
import problem.Problem;
import problem.Problem.Severity;
import problem.ProblemCode;
import tags.EtcdTag;
import tags.LiveTags;

/** Turns a judgement into problems: each reason once, with the tag that its readers look for and with what to do. */
public final class Findings {
    private final List<Problem> problems = new ArrayList<>();
    private final Facts facts;

    private Findings(Facts facts) {
        this.facts = facts;
    }

    /**
     * What speaks against the volumes of one kops cluster, in the order of the judgement.
     *
     * @param wanted the etcd clusters that were asked for; empty: all
     */
    public static List<Problem> of(List<EtcdCluster> judged, Set<String> wanted, Facts facts) {
        Findings findings = new Findings(facts);
        findings.find(judged, wanted);
        return findings.problems;
    }

    private void find(List<EtcdCluster> judged, Set<String> wanted) {
        for (EtcdCluster etcd : judged) {
            etcd.members().forEach(m -> member(etcd, m));
            etcd.nearMisses().forEach(c -> nearMiss(etcd, c));
            startOrder(etcd);
            oddities(etcd);
        }
        List<String> etcds = judged.stream().map(EtcdCluster::etcd).toList();
        if (wanted.isEmpty() && !etcds.contains("events")) {
            eventsUnseen(judged.get(0).cluster());
        }
    }

    private void member(EtcdCluster etcd, Member member) {
        String who = etcd.etcd() + "/" + member.name();
        for (Reason reason : member.reasons()) {
            List<Claim> of = member.claims().stream().filter(c -> c.reasons().contains(reason)).toList();
            Severity severity = member.counted() ? Severity.WARNING : Severity.ERROR;
            if (of.isEmpty()) {
                String volumes = String.join(", ", member.claims().stream().map(c -> c.volume().id()).toList());
                add(reason, severity, volumes.isEmpty() ? who : volumes, who + " of " + etcd.cluster(), "");
            }
            of.forEach(c -> add(reason, severity, c.volume().id(), who + " of " + etcd.cluster(),
                    wanted(etcd, member.name(), reason)));
        }
    }

    private void nearMiss(EtcdCluster etcd, Claim claim) {
        for (Reason reason : claim.reasons()) {
            add(reason, reason.code() == Code.RETIRED ? Severity.NOTE : Severity.WARNING, claim.volume().id(),
                    "near miss of " + etcd.etcd() + " of " + etcd.cluster(), "");
        }
    }

    private void add(Reason reason, Severity severity, String resource, String who, String wanted) {
        String remedy = reason.code().remedy();
        problems.add(new Problem(reason.toString(), severity, resource, who + ": " + reason.sentence(),
                wanted.isEmpty() ? remedy : "its readers look for " + wanted + "; " + remedy));
    }

    private static String wanted(EtcdCluster etcd, String member, Reason reason) {
        Map<String, String> required = LiveTags.required(
                etcd.generation(), etcd.cluster(), new EtcdTag(etcd.etcd(), member, etcd.membersExpected()));
        return required.containsKey(reason.key()) ? reason.key() + "=" + required.get(reason.key()) : "";
    }

    private void startOrder(EtcdCluster etcd) {
        boolean skewed = etcd.members().stream().flatMap(m -> m.reasons().stream()).anyMatch(r -> r.code() == Code.SKEWED_SET);
        List<String> first = etcd.startFirst(facts);
        if (skewed && !first.isEmpty()) {
            problems.add(new Problem(ProblemCode.START_ORDER.word(), Severity.WARNING, etcd.etcd(),
                    etcd.etcd() + " of " + etcd.cluster() + ": start " + String.join(" and ", first)
                            + " first and no other until they have a leader",
                    "the order goes by the snapshots' StartTime, which is a guess until their contents are read"));
        }
    }

    private void oddities(EtcdCluster etcd) {
        if (!etcd.membersExpected().isEmpty() && etcd.membersExpected().size() % 2 == 0) {
            problems.add(Problem.warning(ProblemCode.EVEN_MEMBERS, etcd.etcd(), etcd.etcd() + " of " + etcd.cluster()
                    + ": " + etcd.membersExpected().size() + " members; kops allows odd numbers only"));
        }
        if (!QuorumJudgement.KNOWN_ETCDS.contains(etcd.etcd())) {
            problems.add(Problem.warning(ProblemCode.UNKNOWN_ETCD, etcd.etcd(), etcd.etcd() + " of " + etcd.cluster()
                    + ": kops knows no etcd cluster of this name"));
        }
    }

    private void eventsUnseen(String cluster) {
        problems.add(Problem.warning(ProblemCode.EVENTS_UNSEEN, "events",
                "no volume of " + cluster + " leaves a trace of the etcd cluster events"));
    }
}
