package report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import facts.Snapshot;
import facts.Volume;
import judgement.EtcdCluster;
import judgement.EtcdCluster.Claim;
import judgement.EtcdCluster.Member;
import judgement.QuorumJudgement;
import judgement.Reason;
import sets.SnapshotSet;
import tags.Reader;

/** The parts of a report that hold judgements: {@code etcd_clusters} and {@code sets}. */
final class JudgementJson {
    private JudgementJson() {
    }

    static void fill(ArrayNode list, List<EtcdCluster> judged) {
        for (EtcdCluster etcd : judged) {
            ObjectNode node = list.addObject().put("cluster", etcd.cluster()).put("etcd", etcd.etcd())
                    .put("verdict", etcd.verdict().word()).put("generation", etcd.generation().word());
            etcd.membersExpected().forEach(node.putArray("members_expected")::add);
            node.put("quorum", etcd.quorum()).put("counted", etcd.counted());
            ArrayNode members = node.putArray("members");
            etcd.members().forEach(m -> fill(members.addObject(), m));
            ArrayNode nearMisses = node.putArray("near_misses");
            etcd.nearMisses().forEach(c -> fill(nearMisses.addObject(), c));
            QuorumJudgement.CANNOT_PROVE.forEach(node.putArray("cannot_prove")::add);
        }
    }

    private static void fill(ObjectNode node, Member member) {
        node.put("member", member.name()).put("counted", member.counted()).put("zone", Report.emptyAsNull(member.zone()));
        ArrayNode volumes = node.putArray("volumes");
        member.claims().forEach(c -> volumes.add(c.volume().id()));
        ObjectNode readers = node.putObject("readers");
        for (Reader reader : Reader.values()) {
            readers.put(reader.word(), member.satisfies(reader));
        }
        reasons(node, member.reasons());
        ArrayNode claims = node.putArray("claims");
        member.claims().forEach(c -> fill(claims.addObject(), c));
    }

    private static void fill(ObjectNode node, Claim claim) {
        Volume volume = claim.volume();
        node.put("volume", volume.id());
        reasons(node, claim.reasons());
        ObjectNode readers = node.putObject("readers");
        for (Reader reader : Reader.values()) {
            readers.put(reader.word(), claim.satisfied().contains(reader));
        }
        node.put("state", volume.state()).put("zone", volume.zone())
                .put("attached_to", volume.attachedTo().orElse(null))
                .put("snapshot", Report.emptyAsNull(volume.snapshot()))
                .put("created_at", String.valueOf(volume.createdAt()))
                .put("size_gib", volume.sizeGib()).put("encrypted", volume.encrypted());
    }

    private static void reasons(ObjectNode node, List<Reason> reasons) {
        ArrayNode list = node.putArray("reasons");
        reasons.forEach(r -> list.add(r.toString()));
    }

    static void fillSets(ArrayNode list, List<SnapshotSet> sets, Instant now) {
        for (SnapshotSet set : sets) {
            ObjectNode node = list.addObject().put("set", set.set()).put("cluster", set.cluster()).put("etcd", set.etcd())
                    .put("verdict", set.verdict().word());
            set.membersExpected().forEach(node.putArray("members_expected")::add);
            node.put("quorum", set.quorum()).put("skew_ms", set.skew().toMillis());
            node.put("newest_start_at", set.newestStartAt().map(Instant::toString).orElse(null));
            set.newestStartAt().ifPresentOrElse(
                    at -> node.put("age_s", Math.max(0, Duration.between(at, now).toSeconds())), () -> node.putNull("age_s"));
            ArrayNode snapshots = node.putArray("snapshots");
            set.parts().forEach(p -> fill(snapshots.addObject(), p));
        }
    }

    private static void fill(ObjectNode node, SnapshotSet.Part part) {
        Snapshot snapshot = part.snapshot();
        node.put("member", part.member()).put("snapshot", snapshot.id()).put("volume", part.sourceVolume())
                .put("zone", part.zone()).put("start_at", snapshot.startAt().toString()).put("state", snapshot.state())
                .put("size_gib", snapshot.sizeGib()).put("encrypted", snapshot.encrypted());
    }
}
