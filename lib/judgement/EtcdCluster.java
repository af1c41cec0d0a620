package judgement;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import facts.Facts;
import facts.Volume;
import tags.Generation;
import tags.Reader;

/**
 * The judgement over one etcd cluster's volumes.
 *
 * @param agreed     whether most volumes name the same members; else the expected members are all that anything names
 * @param members    in the order of their names
 * @param nearMisses volumes that nearly belong here, in the order of their ids
 */
public record EtcdCluster(
        String cluster, String etcd, Verdict verdict, Generation generation, boolean agreed,
        List<String> membersExpected, List<Member> members, List<Claim> nearMisses) {

    /**
     * One volume compared with what its readers want.
     *
     * @param satisfied the readers that find it and take it for the member it claims
     */
    public record Claim(Volume volume, Set<Reader> satisfied, List<Reason> reasons) {
        public Claim {
            satisfied = satisfied.isEmpty() ? Set.of() : EnumSet.copyOf(satisfied);
            reasons = reasons.stream().distinct().sorted().toList();
        }
    }

    /**
     * One member: it counts only when exactly one volume claims it and nothing speaks against that volume.
     *
     * @param claims  the volumes that claim it: none, one, or the duplicates
     * @param reasons all that is known against it, warnings included
     */
    public record Member(String name, boolean counted, String zone, List<Claim> claims, List<Reason> reasons) {
        public Member {
            reasons = reasons.stream().distinct().sorted().toList();
        }

        /** Whether exactly one volume claims the member and the reader takes that volume for it. */
        public boolean satisfies(Reader reader) {
            return claims.size() == 1 && claims.get(0).satisfied().contains(reader);
        }

        public Optional<Volume> volume() {
            return claims.size() == 1 ? Optional.of(claims.get(0).volume()) : Optional.empty();
        }
    }

    /** The least number of members that can elect a leader and acknowledge a write. */
    public int quorum() {
        return membersExpected.size() / 2 + 1;
    }

    public int counted() {
        return (int) members.stream().filter(Member::counted).count();
    }

    /**
     * The members whose restored volumes must start first: a quorum, those of the newest snapshots. Newest means by
     * StartTime, which is a guess until the contents are read. Empty when fewer than a quorum came from snapshots.
     */
    public List<String> startFirst(Facts facts) {
        record Start(String member, Instant at) {
        }
        List<Start> starts = members.stream().flatMap(m -> m.volume().flatMap(facts::originOf)
                .map(s -> new Start(m.name(), s.startAt())).stream()).toList();
        return starts.size() < quorum() ? List.of() : starts.stream()
                .sorted(Comparator.comparing(Start::at).reversed().thenComparing(Start::member))
                .limit(quorum()).map(Start::member).sorted().toList();
    }

    /** Every volume that claims a member or is a near miss, each once. */
    public List<Claim> claims() {
        return Stream.concat(members.stream().flatMap(m -> m.claims().stream()), nearMisses.stream()).toList();
    }

    /** The same without retired ones. */
    public List<Claim> allVolumes() {
        return claims().stream().filter(c -> !c.reasons().contains(Reason.of(Reason.Code.RETIRED))).toList();
    }
}
