package cli;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import restore.RestoreRequest.Override;
import restore.RestoreRequest.Stage;
import restore.VolumeSpec;

/** What restore-volume is to restore from, how far, and into what kind of volumes. */
public final class RestoreOptions {
    @Option(names = "--set", paramLabel = "ID", converter = SetOptions.SetId.class,
            description = "the set of snapshots (default: the newest restorable one is proposed, and nothing done)")
    private String set;

    @Option(names = "--snapshot", paramLabel = "SNAP", converter = ResourceOptions.SnapshotId.class,
            description = "one snapshot, whoever took it, for --member of the one --etcd; for a cluster of one member")
    private String snapshot;

    @Option(names = "--empty", description = "an empty volume for --member of the one --etcd, which a living quorum fills")
    private boolean empty;

    @Option(names = "--member", paramLabel = "NAME", converter = ResourceOptions.Member.class,
            description = "the member that --snapshot or --empty is for")
    private String member;

    @Option(names = "--stage", paramLabel = "quorum|rest|all", defaultValue = "quorum", converter = StageWord.class,
            description = "quorum: the members of the newest snapshots; rest: the others, once those have a leader "
                    + "(default: quorum)")
    private Stage stage;

    @Option(names = "--init-rate", paramLabel = "MIBPS", converter = Rate.class,
            description = "bring the data in at 100 to 300 MiB/s, which AWS bills; default: as it is read")
    private Integer initRate;

    @Option(names = "--volume-type", paramLabel = "TYPE", description = "another type than the lost volumes had")
    private String type;

    @Option(names = "--iops", paramLabel = "N", description = "other I/O operations per second")
    private Integer iops;

    @Option(names = "--throughput", paramLabel = "MIBPS", description = "another throughput")
    private Integer throughput;

    @Option(names = "--rollback", paramLabel = "RUN", converter = RunId.class,
            description = "undo a run: the new volumes inert, every tag of the old ones back")
    private String rollback;

    @Option(names = "--accept-skew", description = "allow --stage all, where an election may lose the newest writes")
    private boolean acceptSkew;

    @Option(names = "--into-live-quorum", description = "allow data from a snapshot beside members that run")
    private boolean intoLiveQuorum;

    public Optional<String> set() {
        return Optional.ofNullable(set);
    }

    public Optional<String> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    public boolean isEmpty() {
        return empty;
    }

    /** Whether one member is restored, and not what a set holds. */
    public boolean isOfOne() {
        return snapshot != null || empty;
    }

    public String member() {
        return member;
    }

    public Stage stage() {
        return stage;
    }

    /** 0 when none was asked for. */
    public int initRate() {
        return initRate == null ? 0 : initRate;
    }

    public VolumeSpec.Wish wish() {
        return new VolumeSpec.Wish(Optional.ofNullable(type), Optional.ofNullable(iops), Optional.ofNullable(throughput));
    }

    public Optional<String> rollback() {
        return Optional.ofNullable(rollback);
    }

    public Override override() {
        return intoLiveQuorum ? Override.INTO_LIVE_QUORUM : acceptSkew ? Override.ACCEPT_SKEW : Override.NONE;
    }

    /** What is wrong with these together; empty when nothing is. */
    public Optional<String> wrong(int etcdsNamed) {
        long sources = Stream.of(set != null, snapshot != null, empty, rollback != null).filter(b -> b).count();
        if (sources > 1) {
            return Optional.of("--set, --snapshot, --empty and --rollback exclude one another");
        }
        boolean one = snapshot != null || empty;
        if (one != (member != null) || one && etcdsNamed != 1) {
            return Optional.of("one member is named with --member and one --etcd, together with --snapshot or --empty");
        }
        return Optional.empty();
    }

    static final class StageWord implements ITypeConverter<Stage> {
        @java.lang.Override
        public Stage convert(String value) {
            for (Stage stage : Stage.values()) {
                if (stage.name().toLowerCase(Locale.ROOT).equals(value)) {
                    return stage;
                }
            }
            throw new TypeConversionException("'" + value + "' is none of quorum, rest, all");
        }
    }

    /** EBS takes 100 to 300 MiB/s (CreateVolume, API reference). */
    static final class Rate implements ITypeConverter<Integer> {
        @java.lang.Override
        public Integer convert(String value) {
            if (value.matches("[123]\\d\\d") && Integer.parseInt(value) <= 300) {
                return Integer.valueOf(value);
            }
            throw new TypeConversionException("'" + value + "' is no rate from 100 to 300 MiB/s");
        }
    }

    static final class RunId implements ITypeConverter<String> {
        @java.lang.Override
        public String convert(String value) {
            if (!value.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,150}\\.\\d{1,6}")) {
                throw new TypeConversionException("'" + value + "' is no run like 20261121T020304Z-7f3a.1");
            }
            return value;
        }
    }
}
