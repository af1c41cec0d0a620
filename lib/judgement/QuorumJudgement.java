package judgement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

import facts.Facts;
import facts.Instance;
import facts.Volume;
import judgement.EtcdCluster.Claim;
import judgement.EtcdCluster.Member;
import judgement.Reason.Code;
import tags.Clusters;
import tags.EtcdTag;
import tags.Generation;
import tags.LiveTags;
import tags.Membership;
import tags.OwnTags;
import tags.Reader;
import tags.VolumeName;

/**
 * Judges, per etcd cluster of one kops cluster, whether its volumes can form a quorum, and why not. "Quorum of volumes" is
 * not "healthy etcd": see {@link #CANNOT_PROVE}.
 */
public final class QuorumJudgement {
    /** The etcd clusters that kops allows (pkg/apis/kops/validation). Any other suffix is judged too, with a warning. */
    public static final List<String> KNOWN_ETCDS = List.of("main", "events", "cilium", "leases");

    /** What the EC2 API cannot show, and where to look instead. */
    public static final List<String> CANNOT_PROVE = List.of(
            "that a volume holds the data of the member it is tagged as: on the node, `etcdctl member list` names each once",
            "that all volumes hold one etcd cluster: on the nodes, `ls <mount>/data/` shows one token, alike on all",
            "that the file system is sound: on the node, `lsblk -f` shows ext4; a blank volume is formatted silently",
            "that etcd agrees with itself: `etcdctl endpoint status --cluster` and, at one revision, `endpoint hashkv --cluster`",
            "that the etcd version in the volume's `state` file is still shipped with the etcd-manager in use",
            "that the backup store holds control/etcd-cluster-created and no pending restore command: without the marker "
                    + "etcd-manager moves the data away and forms an empty cluster");

    private final Facts facts;
    private final Clusters clusters;
    private final String cluster;
    private final Generation generation;
    private final List<Volume> mine;
    private final MemberZones zones = new MemberZones();

    private QuorumJudgement(Facts facts, Clusters clusters, String cluster, Optional<Generation> asked) {
        this.facts = facts;
        this.clusters = clusters;
        this.cluster = cluster;
        this.mine = facts.volumes().stream().filter(Volume::exists).filter(this::concerns)
                .sorted(Comparator.comparing(Volume::id)).toList();
        List<Volume> live = mine.stream().filter(v -> clusters.isHome(v, cluster) && !etcdKeys(v).isEmpty()).toList();
        this.generation = asked.orElseGet(() -> Generation.detect(cluster, live));
    }

    /** The kops clusters whose etcd volumes the region holds, in the order of their names. */
    public static SortedSet<String> clusters(Facts facts) {
        return new Clusters(facts).names();
    }

    /**
     * Judges one kops cluster.
     *
     * @param asked  the generation whose readers must be satisfied; empty: the newest that any live volume shows
     * @param wanted the etcd clusters to judge; empty: all that leave any trace, and main, which every cluster has
     */
    public static List<EtcdCluster> judge(Facts facts, String cluster, Optional<Generation> asked, Set<String> wanted) {
        QuorumJudgement judgement = new QuorumJudgement(facts, new Clusters(facts), cluster, asked);
        SortedSet<String> etcds = judgement.etcds();
        etcds.forEach(judgement::seeZones);
        etcds.addAll(wanted);
        return etcds.stream().filter(e -> wanted.isEmpty() || wanted.contains(e))
                .sorted(byEtcd(e -> e))
                .map(judgement::judge).toList();
    }

    /** The order of reports: main, events, cilium, leases, then others by name. */
    public static <T> Comparator<T> byEtcd(Function<T, String> etcd) {
        return Comparator.comparing((T t) -> KNOWN_ETCDS.contains(etcd.apply(t)) ? KNOWN_ETCDS.indexOf(etcd.apply(t)) : 99)
                .thenComparing(etcd);
    }

    private boolean concerns(Volume v) {
        boolean nobodys = Clusters.evidence(v).isEmpty() && !etcdKeys(v).isEmpty();
        return clusters.isHome(v, cluster)
                || Clusters.isEtcd(v) && Clusters.evidence(v).contains(cluster)
                || nobodys && v.attachedTo().isEmpty();
    }

    private static List<String> etcdKeys(Volume v) {
        return v.tags().keySet().stream().filter(EtcdTag::isKey).sorted().toList();
    }

    private SortedSet<String> etcds() {
        SortedSet<String> etcds = new TreeSet<>(Set.of("main"));
        for (Volume v : mine) {
            if (clusters.isHome(v, cluster)) {
                etcdKeys(v).stream().map(EtcdTag::etcdOfKey).filter(e -> !isMistyped(v, e)).forEach(etcds::add);
                VolumeName.of(v).map(VolumeName::etcd).filter(KNOWN_ETCDS::contains).ifPresent(etcds::add);
                v.tags().keySet().stream().filter(OwnTags::isParkedEtcdKey)
                        .map(k -> EtcdTag.etcdOfKey(OwnTags.unpark(k))).forEach(etcds::add);
            }
        }
        return etcds;
    }

    /** `k8s.io/etcd/mian` on the volume named a.etcd-main.CLUSTER is a slip, not a fifth etcd cluster. */
    private static boolean isMistyped(Volume v, String etcd) {
        return !KNOWN_ETCDS.contains(etcd) && VolumeName.of(v).filter(n -> !n.etcd().equals(etcd)).isPresent();
    }

    private List<Volume> candidates(String etcd) {
        return mine.stream().filter(v -> v.tag(EtcdTag.key(etcd)).isPresent()).toList();
    }

    private void seeZones(String etcd) {
        for (Volume v : candidates(etcd)) {
            zones.saw(claimedMember(v, etcd), v, isHeldByNode(v));
        }
    }

    private static String claimedMember(Volume v, String etcd) {
        return Membership.claimed(v, etcd).orElse("");
    }

    private boolean isHeldByNode(Volume v) {
        return facts.holderOf(v).filter(i -> i.isRunning() && Clusters.isNodeOf(cluster, i) && i.zone().equals(v.zone()))
                .isPresent();
    }

    private EtcdCluster judge(String etcd) {
        List<Volume> candidates = candidates(etcd);
        Map<List<String>, Integer> votes = votes(etcd, candidates);
        Optional<List<String>> agreed = majority(votes);
        List<String> expected = agreed.orElseGet(() -> union(etcd, candidates));
        int quorum = expected.size() / 2 + 1;

        Map<String, List<Volume>> claiming = new TreeMap<>();
        expected.forEach(m -> claiming.put(m, new ArrayList<>()));
        List<Volume> near = new ArrayList<>(mine.stream().filter(v -> isNearMiss(v, etcd)).toList());
        for (Volume v : candidates) {
            List<Volume> claims = claiming.get(claimedMember(v, etcd));
            (claims == null || !isOurs(v, etcd) ? near : claims).add(v);
        }
        claiming.values().forEach(claims -> {
            List<Volume> unseen = unseenBesideFound(claims, etcd);
            claims.removeAll(unseen);
            near.addAll(unseen);
        });

        Origins origins = new Origins(cluster, etcd);
        claiming.forEach((member, claims) -> {
            if (claims.size() == 1) {
                origins.add(member, claims.get(0), facts.originOf(claims.get(0)));
            }
        });
        Map<String, List<Reason>> ofOrigin = origins.reasons(quorum);
        Map<String, List<Claim>> claims = new LinkedHashMap<>();
        claiming.forEach((member, volumes) -> claims.put(member, volumes.stream()
                .map(v -> claim(v, etcd, expected, agreed, ofOrigin.getOrDefault(v.id(), List.of()))).toList()));
        List<Claim> nearMisses = near.stream().map(v -> claim(v, etcd, expected, agreed, List.of()))
                .filter(c -> !c.reasons().isEmpty()).sorted(Comparator.comparing(c -> c.volume().id())).toList();

        List<Member> members = members(claims, quorum);
        boolean duplicates = members.stream().anyMatch(m -> m.reasons().contains(Reason.of(Code.DUPLICATE_MEMBER)));
        long counted = members.stream().filter(Member::counted).count();
        Verdict verdict = duplicates || agreed.isEmpty() && !votes.isEmpty() ? Verdict.AMBIGUOUS
                : counted < quorum ? Verdict.LOST
                : counted < members.size() ? Verdict.DEGRADED : Verdict.HEALTHY;
        return new EtcdCluster(
                cluster, etcd, verdict, generation, agreed.isPresent(), expected, members, nearMisses);
    }

    /** How many well-formed etcd tags of the cluster's own volumes name each list of members. */
    private Map<List<String>, Integer> votes(String etcd, List<Volume> candidates) {
        Map<List<String>, Integer> votes = new HashMap<>();
        candidates.stream().filter(v -> clusters.isHome(v, cluster)).flatMap(v -> parsed(v, etcd).stream())
                .filter(EtcdTag::isListed).forEach(t -> votes.merge(t.members(), 1, Integer::sum));
        return votes;
    }

    private static Optional<List<String>> majority(Map<List<String>, Integer> votes) {
        int all = votes.values().stream().mapToInt(Integer::intValue).sum();
        return votes.entrySet().stream().filter(e -> e.getValue() * 2 > all).map(Map.Entry::getKey).findFirst();
    }

    /** Without a list that most agree on: every member that a volume of this etcd cluster names, else of any etcd cluster. */
    private List<String> union(String etcd, List<Volume> candidates) {
        SortedSet<String> named = new TreeSet<>();
        candidates.stream().filter(v -> isOurs(v, etcd))
                .forEach(v -> parsed(v, etcd).ifPresent(t -> named.addAll(t.members())));
        mine.stream().flatMap(v -> VolumeName.of(v).stream()).filter(n -> n.etcd().equals(etcd))
                .filter(n -> n.cluster().equals(cluster)).forEach(n -> named.add(n.member()));
        if (named.isEmpty()) {
            mine.forEach(v -> etcdKeys(v).forEach(k -> EtcdTag.parse("", v.tags().get(k))
                    .filter(EtcdTag::isListed).ifPresent(t -> named.addAll(t.members()))));
        }
        return List.copyOf(named);
    }

    private static Optional<EtcdTag> parsed(Volume v, String etcd) {
        return v.tag(EtcdTag.key(etcd)).flatMap(value -> EtcdTag.parse(etcd, value));
    }

    private boolean isFound(Volume v, String etcd) {
        return Reader.finders(generation).stream().anyMatch(r -> r.finds(v, cluster, etcd));
    }

    private boolean isOurs(Volume v, String etcd) {
        return clusters.isHome(v, cluster) || isFound(v, etcd);
    }

    /** Whether the volume lost its etcd tag but kept its Name, or was retired. */
    private boolean isNearMiss(Volume v, String etcd) {
        boolean named = VolumeName.of(v).filter(n -> n.etcd().equals(etcd) && n.cluster().equals(cluster)).isPresent();
        boolean tagged = etcdKeys(v).stream().map(EtcdTag::etcdOfKey).anyMatch(e -> !isMistyped(v, e));
        return v.tag(EtcdTag.key(etcd)).isEmpty()
                && (named && !tagged || v.tag(OwnTags.parked(EtcdTag.key(etcd))).isPresent());
    }

    /** Of several volumes that claim one member, those that no reader finds while a reader finds another. */
    private List<Volume> unseenBesideFound(List<Volume> claims, String etcd) {
        List<Volume> unseen = claims.stream().filter(v -> !isFound(v, etcd)).toList();
        return claims.size() < 2 || unseen.size() == claims.size() ? List.of() : unseen;
    }

    private Claim claim(
            Volume v, String etcd, List<String> expected, Optional<List<String>> agreed, List<Reason> ofOrigin) {
        if (v.tag(OwnTags.parked(EtcdTag.key(etcd))).isPresent() && v.tag(EtcdTag.key(etcd)).isEmpty()) {
            return new Claim(v, Set.of(), List.of(Reason.of(Code.RETIRED)));
        }
        List<Reason> reasons = new ArrayList<>(ofOrigin);
        reasons.addAll(reasonsOfEtcdTag(v, etcd, expected, agreed));
        reasons.addAll(reasonsOfTags(v, etcd, expected));
        reasons.addAll(reasonsOfPlace(v, etcd));
        return new Claim(v, satisfied(v, etcd, expected, reasons), reasons);
    }

    private List<Reason> reasonsOfEtcdTag(Volume v, String etcd, List<String> expected, Optional<List<String>> agreed) {
        String key = EtcdTag.key(etcd);
        if (v.tag(key).isEmpty()) {
            return List.of(Reason.of(Code.TAG_MISSING, key));
        }
        List<Reason> reasons = new ArrayList<>();
        Optional<EtcdTag> tag = parsed(v, etcd);
        if (tag.isEmpty()) {
            reasons.add(Reason.of(Code.ETCD_TAG_MALFORMED, key));
        } else if (!tag.get().isListed() || !expected.contains(tag.get().member())) {
            reasons.add(Reason.of(Code.MEMBER_NOT_IN_LIST, key));
        } else if (!agreed.equals(Optional.of(tag.get().members()))) {
            reasons.add(Reason.of(Code.MEMBER_LIST_DISAGREES, key));
        }
        if (etcdKeys(v).size() > 1) {
            reasons.add(Reason.of(Code.TWO_ETCD_TAGS));
        }
        return reasons;
    }

    private List<Reason> reasonsOfTags(Volume v, String etcd, List<String> expected) {
        EtcdTag right = new EtcdTag(etcd, Membership.claimedOrNamed(v, etcd).orElse(""), expected);
        List<Reason> reasons = new ArrayList<>();
        LiveTags.required(generation, cluster, right).forEach((key, value) -> {
            if (key.equals(right.key())) {
                return;
            }
            if (v.tag(key).isEmpty()) {
                reasons.add(Reason.of(Code.TAG_MISSING, key));
            } else if (!v.hasTag(key, value)) {
                reasons.add(Reason.of(Code.TAG_WRONG_VALUE, key));
            }
        });
        if (namesAnotherCluster(v)) {
            reasons.add(Reason.of(Code.FOREIGN_CLUSTER));
        }
        if (isNameTaken(v)) {
            reasons.add(Reason.of(Code.DUPLICATE_NAME));
        }
        return reasons;
    }

    /** A mistyped cluster is a wrong value. A cluster that exists, or that an etcd-manager would look for, is another one. */
    private boolean namesAnotherCluster(Volume v) {
        boolean owned = v.tags().keySet().stream().filter(LiveTags::isClusterKey).map(LiveTags::clusterOfKey)
                .anyMatch(c -> !c.equals(cluster));
        return owned || Clusters.evidence(v).stream().anyMatch(c -> !c.equals(cluster) && clusters.names().contains(c));
    }

    private boolean isNameTaken(Volume v) {
        return v.hasTag(LiveTags.KUBERNETES_CLUSTER, cluster) && v.tag(LiveTags.NAME).isPresent()
                && facts.volumes().stream().filter(o -> o.exists() && !o.id().equals(v.id()))
                .anyMatch(o -> o.hasTag(LiveTags.KUBERNETES_CLUSTER, cluster)
                        && o.tag(LiveTags.NAME).equals(v.tag(LiveTags.NAME)));
    }

    private List<Reason> reasonsOfPlace(Volume v, String etcd) {
        List<Reason> reasons = new ArrayList<>();
        Optional<Instance> holder = facts.holderOf(v);
        boolean foreign = v.attachedTo().isPresent() && holder.filter(i -> Clusters.isNodeOf(cluster, i)).isEmpty();
        boolean ready = v.state().equals("available") || v.state().equals("in-use") && v.attachedTo().isPresent();
        if (!ready || !foreign && holder.filter(i -> !i.isRunning()).isPresent()) {
            reasons.add(Reason.of(Code.NOT_READY));
        }
        if (foreign) {
            reasons.add(Reason.of(Code.FOREIGN_ATTACHMENT));
        }
        boolean apart = holder.filter(i -> !i.zone().equals(v.zone())).isPresent();
        if (apart || v.tag(EtcdTag.key(etcd)).isPresent() && zones.isWrong(claimedMember(v, etcd), v)) {
            reasons.add(Reason.of(Code.WRONG_ZONE));
        }
        return reasons;
    }

    private Set<Reader> satisfied(Volume v, String etcd, List<String> expected, List<Reason> reasons) {
        String member = claimedMember(v, etcd);
        boolean exact = parsed(v, etcd).filter(EtcdTag::isListed).isPresent();
        boolean named = VolumeName.of(v).filter(n -> n.member().equals(member)).isPresent();
        Set<Reader> satisfied = EnumSet.noneOf(Reader.class);
        for (Reader reader : Reader.values()) {
            boolean takesItForTheMember = switch (reader) {
                case PROTOKUBE -> exact && expected.contains(member);
                case ETCD_MANAGER_BEFORE_1_26, ETCD_MANAGER -> expected.contains(member);
                case NODE_IAM -> true;
                case KOPS_UPDATE -> named && !reasons.contains(Reason.of(Code.DUPLICATE_NAME));
            };
            if (takesItForTheMember && reader.finds(v, cluster, etcd)) {
                satisfied.add(reader);
            }
        }
        return satisfied;
    }

    private List<Member> members(Map<String, List<Claim>> claims, int quorum) {
        long withData = claims.values().stream()
                .filter(c -> c.size() == 1 && c.get(0).reasons().stream().noneMatch(this::speaksAgainst)).count();
        List<Member> members = new ArrayList<>();
        claims.forEach((name, of) -> {
            List<Reason> reasons = new ArrayList<>(of.stream().flatMap(c -> c.reasons().stream()).toList());
            if (of.isEmpty()) {
                reasons.add(Reason.of(Code.NO_VOLUME));
            } else if (of.size() > 1) {
                reasons.add(Reason.of(Code.DUPLICATE_MEMBER));
            }
            boolean refilled = withData >= quorum && of.size() == 1 && of.get(0).volume().attachedTo().isPresent();
            boolean counted = reasons.stream().noneMatch(
                    r -> r.code() == Code.BLANK_SUSPECT ? !refilled : speaksAgainst(r));
            String zone = of.size() == 1 ? of.get(0).volume().zone() : "";
            members.add(new Member(name, counted, zone, of, reasons));
        });
        return members;
    }

    /**
     * Whether a volume with this reason cannot count. The list behind the slash matters to protokube, which builds its peers
     * from the list, but not to etcd-manager. A skewed set counts when started in the right order. A suspect blank can be no
     * part of the quorum that brings the data; a quorum that has the data refills it.
     */
    private boolean speaksAgainst(Reason reason) {
        return switch (reason.code()) {
            case SKEWED_SET -> false;
            case MEMBER_LIST_DISAGREES -> generation == Generation.PROTOKUBE;
            default -> true;
        };
    }
}
