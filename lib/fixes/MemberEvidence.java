package fixes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

import facts.Snapshot;
import facts.Volume;
import judgement.Reason.Code;
import problem.ProblemCode;
import problem.ReportCode;
import tags.EtcdTag;
import tags.Membership;
import tags.SnapshotRecord;
import tags.VolumeName;

/**
 * What says which member a volume holds: its etcd tags, its Name, and the record on the snapshot it came from. A zone says
 * nothing. A tag or Name that names no member of the etcd cluster is a slip and says nothing either. The record always
 * counts, since somebody wrote it down at the time.
 */
final class MemberEvidence {
    enum Source {
        TAG("its etcd tag"), NAME("its Name"), RECORD("its snapshot's record"), HAND("the command line");

        private final String words;

        Source(String words) {
            this.words = words;
        }
    }

    private record Said(Source source, Membership membership) {
        @Override
        public String toString() {
            return source.words + " (" + membership + ")";
        }
    }

    /** Either a membership that is proven, or the code that says why none is. */
    record Finding(Optional<Membership> membership, Optional<ReportCode> code, String because) {
        private static Finding proven(Membership membership, String because) {
            return new Finding(Optional.of(membership), Optional.empty(), because);
        }

        private static Finding unproven(ReportCode code, String because) {
            return new Finding(Optional.empty(), Optional.of(code), because);
        }
    }

    private final String cluster;
    private final Volume volume;
    private final Optional<SnapshotRecord> record;
    private final List<Said> said = new ArrayList<>();

    /** @param isMember whether an etcd cluster has a member of this name */
    MemberEvidence(String cluster, Volume volume, Optional<Snapshot> origin, BiPredicate<String, String> isMember) {
        this.cluster = cluster;
        this.volume = volume;
        this.record = origin.map(SnapshotRecord::of);
        volume.tags().keySet().stream().filter(EtcdTag::isKey).sorted().forEach(key -> say(Source.TAG, isMember,
                new Membership(EtcdTag.etcdOfKey(key), EtcdTag.identity(volume.tags().get(key)))));
        VolumeName.of(volume).filter(n -> n.cluster().equals(cluster))
                .ifPresent(n -> say(Source.NAME, isMember, new Membership(n.etcd(), n.member())));
        record.ifPresent(r -> r.etcd().ifPresent(etcd -> r.member().filter(m -> !m.isEmpty())
                .ifPresent(member -> said.add(new Said(Source.RECORD, new Membership(etcd, member))))));
    }

    private void say(Source source, BiPredicate<String, String> isMember, Membership membership) {
        if (isMember.test(membership.etcd(), membership.member())) {
            said.add(new Said(source, membership));
        }
    }

    /** From the volume and its past alone. Two sources that disagree prove nothing, unless the record settles the matter. */
    Finding found() {
        if (isRecordedForAnotherCluster()) {
            return Finding.unproven(Code.RECORD_MISMATCH, "its snapshot was recorded for another cluster");
        }
        List<Membership> named = memberships(said);
        Optional<Membership> recorded = of(Source.RECORD);
        if (named.isEmpty()) {
            return Finding.unproven(ProblemCode.MEMBER_UNPROVEN,
                    "neither its etcd tag nor its Name nor a snapshot's record names a member; a zone is no proof");
        }
        if (recorded.isPresent() && named.size() > 1 && count(recorded.get()) == 1) {
            return Finding.unproven(Code.RECORD_MISMATCH, "against each other: " + said);
        }
        Optional<Membership> name = of(Source.NAME);
        if (isTaggedTwice() && (name.isEmpty() || recorded.isPresent() && !recorded.equals(name))) {
            return Finding.unproven(Code.TWO_ETCD_TAGS, "no Name says which of its etcd tags is right: " + said);
        }
        Optional<Membership> settled = recorded.or(() -> isTaggedTwice() ? name : Optional.empty())
                .filter(i -> named.size() > 1);
        if (named.size() > 1 && settled.isEmpty()) {
            return Finding.unproven(ProblemCode.EVIDENCE_DISAGREES, "against each other: " + said);
        }
        return proven(settled.orElse(named.get(0)));
    }

    /** On somebody's word, which is believed unless the volume clearly says otherwise. */
    Finding byHand(Membership membership) {
        boolean retags = volume.tag(EtcdTag.key(membership.etcd())).flatMap(v -> EtcdTag.parse(membership.etcd(), v))
                .filter(t -> t.isListed() && !t.member().equals(membership.member())).isPresent();
        Optional<Membership> recorded = of(Source.RECORD);
        if (isRecordedForAnotherCluster() || recorded.filter(r -> !r.equals(membership)).isPresent()) {
            return Finding.unproven(Code.RECORD_MISMATCH, "its snapshot was recorded for "
                    + recorded.map(Membership::toString).orElse("another cluster"));
        }
        Optional<Membership> name = of(Source.NAME).filter(n -> !n.equals(membership));
        if (retags && name.isPresent()) {
            return Finding.unproven(ProblemCode.EVIDENCE_DISAGREES,
                    "its etcd tag is well formed and its Name says " + name.get());
        }
        said.add(new Said(Source.HAND, membership));
        return proven(membership);
    }

    private Finding proven(Membership membership) {
        return Finding.proven(membership, said.stream().filter(s -> s.membership.equals(membership)).map(s -> s.source.words)
                .distinct().collect(Collectors.joining(" and ")));
    }

    private boolean isRecordedForAnotherCluster() {
        return record.flatMap(SnapshotRecord::cluster).filter(c -> !c.equals(cluster)).isPresent();
    }

    private boolean isTaggedTwice() {
        return volume.tags().keySet().stream().filter(EtcdTag::isKey).count() > 1;
    }

    private static List<Membership> memberships(List<Said> said) {
        return said.stream().map(Said::membership).distinct().toList();
    }

    private Optional<Membership> of(Source source) {
        return said.stream().filter(s -> s.source == source).map(Said::membership).findFirst();
    }

    private long count(Membership membership) {
        return said.stream().filter(s -> s.membership.equals(membership)).count();
    }
}
