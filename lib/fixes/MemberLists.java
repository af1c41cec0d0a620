package fixes;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import facts.Facts;
import judgement.EtcdCluster;
import judgement.Reason.Code;
import problem.ProblemCode;
import problem.ReportCode;
import tags.SnapshotRecord;

/** The members of each etcd cluster, as far as they are proven, and what proves them. */
final class MemberLists {
    /**
     * Either a list and what proves it, or the code that says why there is none.
     *
     * @param members the list; without a proof all members that anything names
     */
    record Proof(List<String> members, String by, Optional<ReportCode> missing) {
    }

    private final Map<String, Proof> byEtcd = new HashMap<>();

    MemberLists(Facts facts, List<EtcdCluster> judged) {
        judged.forEach(etcd -> byEtcd.put(etcd.etcd(), proof(facts, judged, etcd)));
    }

    Proof of(String etcd) {
        return byEtcd.getOrDefault(etcd, new Proof(List.of(), "", Optional.of(ProblemCode.MEMBERS_UNPROVEN)));
    }

    boolean isMember(String etcd, String member) {
        return of(etcd).members().contains(member);
    }

    private static Proof proof(Facts facts, List<EtcdCluster> judged, EtcdCluster etcd) {
        if (etcd.agreed()) {
            return new Proof(etcd.membersExpected(), "most volumes of " + etcd.etcd(), Optional.empty());
        }
        boolean disagree = etcd.claims().stream().anyMatch(c -> c.reasons().stream()
                .anyMatch(r -> r.code() == Code.MEMBER_LIST_DISAGREES));
        if (disagree) {
            return new Proof(etcd.membersExpected(), "", Optional.of(Code.MEMBER_LIST_DISAGREES));
        }
        // No volume has a list any more; kops gives the etcd clusters of one cluster the same members.
        Set<List<String>> lists = new HashSet<>();
        etcd.claims().stream().flatMap(c -> facts.originOf(c.volume()).stream())
                .flatMap(s -> SnapshotRecord.of(s).members().stream()).forEach(lists::add);
        judged.stream().filter(EtcdCluster::agreed).map(EtcdCluster::membersExpected).forEach(lists::add);
        return lists.stream().findFirst().filter(l -> lists.size() == 1 && l.containsAll(etcd.membersExpected()))
                .map(l -> new Proof(l, "the other etcd clusters or snapshots' records", Optional.empty()))
                .orElse(new Proof(etcd.membersExpected(), "", Optional.of(ProblemCode.MEMBERS_UNPROVEN)));
    }
}
