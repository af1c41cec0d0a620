package cli;

import java.util.List;
import java.util.Map;
import java.util.Set;

import facts.Facts;
import judgement.EtcdCluster;
import judgement.EtcdCluster.Claim;
import judgement.EtcdCluster.Member;
import judgement.QuorumJudgement;
import judgement.Reason;
import judgement.Reason.Code;
import problem.Problem;
import problem.Problem.Severity;
import report.Report;
import tags.EtcdTag;
import tags.LiveTags;

/** Says a judgement in problems: each reason once, with what its readers look for and what to do. */
public final class Findings {
    private final Report report;
    private final Facts facts;

    public Findings(Report report, Facts facts) {
        this.report = report;
        this.facts = facts;
    }

    /**
     * Adds what speaks against the volumes of one kops cluster, in the order of the judgement.
     *
     * @param wanted the etcd clusters that were asked for; empty: all
     */
    public void add(List<EtcdCluster> judged, Set<String> wanted) {
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
        report.add(new Problem(reason.toString(), severity, resource, who + ": " + reason.sentence(),
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
            report.add(new Problem("START_ORDER", Severity.WARNING, etcd.etcd(),
                    etcd.etcd() + " of " + etcd.cluster() + ": start " + String.join(" and ", first)
                            + " first and no other until they have a leader",
                    "newest by the snapshots' StartTime, a guess until their contents are read"));
        }
    }

    private void oddities(EtcdCluster etcd) {
        if (!etcd.membersExpected().isEmpty() && etcd.membersExpected().size() % 2 == 0) {
            report.add(new Problem("EVEN_MEMBERS", Severity.WARNING, etcd.etcd(), etcd.etcd() + " of " + etcd.cluster()
                    + ": " + etcd.membersExpected().size() + " members; kops allows odd numbers only", ""));
        }
        if (!QuorumJudgement.KNOWN_ETCDS.contains(etcd.etcd())) {
            report.add(new Problem("UNKNOWN_ETCD", Severity.WARNING, etcd.etcd(), etcd.etcd() + " of " + etcd.cluster()
                    + ": kops knows no etcd cluster of this name", ""));
        }
    }

    private void eventsUnseen(String cluster) {
        report.add(new Problem("EVENTS_UNSEEN", Severity.WARNING, "events", "no volume of " + cluster
                + " leaves a trace of the etcd cluster events, which kops makes unless its spec says otherwise",
                "if the cluster has one, its volumes are gone: judge it with --etcd events"));
    }
}
