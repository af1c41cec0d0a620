package fixes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

import facts.Snapshot;
import facts.Volume;
import judgement.Reason.Code;
import tags.EtcdTag;
import tags.SnapshotRecord;
import tags.VolumeName;

/**
 * What says which member a volume holds: its etcd tags, its Name, and the record on the snapshot it came from. A zone says
 * nothing. A source that names no member of the etcd cluster is a slip and says nothing either, but for the record: what
 * was written down at the time stands.
 */
final class MemberEvidence {
    enum Source {
        TAG("its etcd tag"), NAME("its Name"), RECORD("its snapshot's record"), HAND("the command line");

        private final String words;

        Source(String words) {
            this.words = words;
        }
    }

    /** An etcd cluster and a member of it. */
    record Identity(String etcd, String member) {
        @Override
        public String toString() {
            return etcd + "/" + member;
        }
    }

    private record Said(Source source, Identity identity) {
        @Override
        public String toString() {
            return source.words + " (" + identity + ")";
        }
    }

    /** Either an identity that is proven, or the code of the reason why it is not. */
    record Finding(Optional<Identity> identity, String code, String because) {
        private static Finding proven(Identity identity, String because) {
            return new Finding(Optional.of(identity), "", because);
        }

        private static Finding unproven(String code, String because) {
            return new Finding(Optional.empty(), code, because);
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
                new Identity(EtcdTag.etcdOfKey(key), EtcdTag.identity(volume.tags().get(key)))));
        VolumeName.of(volume).filter(n -> n.cluster().equals(cluster))
                .ifPresent(n -> say(Source.NAME, isMember, new Identity(n.etcd(), n.member())));
        record.ifPresent(r -> r.etcd().ifPresent(etcd -> r.member().filter(m -> !m.isEmpty())
                .ifPresent(member -> said.add(new Said(Source.RECORD, new Identity(etcd, member))))));
    }

    private void say(Source source, BiPredicate<String, String> isMember, Identity identity) {
        if (isMember.test(identity.etcd, identity.member)) {
            said.add(new Said(source, identity));
        }
    }

    /** From the volume and its past alone; two sources that disagree prove nothing unless the record settles it. */
    Finding found() {
        if (isRecordedForAnotherCluster()) {
            return Finding.unproven(Code.RECORD_MISMATCH.name(), "its snapshot was recorded for another cluster");
        }
        List<Identity> named = identities(said);
        Optional<Identity> recorded = of(Source.RECORD);
        if (named.isEmpty()) {
            return Finding.unproven("MEMBER_UNPROVEN", "neither its etcd tag nor its Name nor a snapshot's record names a "
                    + "member; a zone is no proof");
        }
        if (recorded.isPresent() && named.size() > 1 && count(recorded.get()) == 1) {
            return Finding.unproven(Code.RECORD_MISMATCH.name(), "against each other: " + said);
        }
        Optional<Identity> name = of(Source.NAME);
        if (isTaggedTwice() && (name.isEmpty() || recorded.isPresent() && !recorded.equals(name))) {
            return Finding.unproven(Code.TWO_ETCD_TAGS.name(), "no Name says which of its etcd tags is right: " + said);
        }
        Optional<Identity> settled = recorded.or(() -> isTaggedTwice() ? name : Optional.empty())
                .filter(i -> named.size() > 1);
        if (named.size() > 1 && settled.isEmpty()) {
            return Finding.unproven("EVIDENCE_DISAGREES", "against each other: " + said);
        }
        return proven(settled.orElse(named.get(0)));
    }

    /** As somebody said it, who is believed where the volume itself does not clearly say otherwise. */
    Finding byHand(Identity identity) {
        boolean retags = volume.tag(EtcdTag.key(identity.etcd)).flatMap(v -> EtcdTag.parse(identity.etcd, v))
                .filter(t -> t.isListed() && !t.member().equals(identity.member)).isPresent();
        Optional<Identity> recorded = of(Source.RECORD);
        if (isRecordedForAnotherCluster() || recorded.filter(r -> !r.equals(identity)).isPresent()) {
            return Finding.unproven(Code.RECORD_MISMATCH.name(), "its snapshot was recorded for "
                    + recorded.map(Identity::toString).orElse("another cluster"));
        }
        Optional<Identity> name = of(Source.NAME).filter(n -> !n.equals(identity));
        if (retags && name.isPresent()) {
            return Finding.unproven("EVIDENCE_DISAGREES", "its etcd tag is well formed and its Name says " + name.get());
        }
        said.add(new Said(Source.HAND, identity));
        return proven(identity);
    }

    private Finding proven(Identity identity) {
        return Finding.proven(identity, said.stream().filter(s -> s.identity.equals(identity)).map(s -> s.source.words)
                .distinct().collect(Collectors.joining(" and ")));
    }

    private boolean isRecordedForAnotherCluster() {
        return record.flatMap(SnapshotRecord::cluster).filter(c -> !c.equals(cluster)).isPresent();
    }

    private boolean isTaggedTwice() {
        return volume.tags().keySet().stream().filter(EtcdTag::isKey).count() > 1;
    }

    private static List<Identity> identities(List<Said> said) {
        return said.stream().map(Said::identity).distinct().toList();
    }

    private Optional<Identity> of(Source source) {
        return said.stream().filter(s -> s.source == source).map(Said::identity).findFirst();
    }

    private long count(Identity identity) {
        return said.stream().filter(s -> s.identity.equals(identity)).count();
    }
}
