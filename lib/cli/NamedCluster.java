package cli;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

import picocli.CommandLine.Option;

/** For commands that change a cluster, which must therefore be named. */
public final class NamedCluster extends ClusterOptions {
    @Option(names = "--cluster", paramLabel = "NAME", converter = TextForm.Name.class,
            description = "the kops cluster (default: KOPS_CLUSTER_NAME); one of the two must name it")
    private String cluster;

    @Option(names = "--etcd", paramLabel = "NAME", converter = TextForm.Name.class,
            description = "only this etcd cluster: main, events, cilium, leases; repeatable (default: all that need it)")
    private Set<String> etcds = new LinkedHashSet<>();

    @Override
    Optional<String> option() {
        return Optional.ofNullable(cluster);
    }

    @Override
    Set<String> etcds() {
        return etcds;
    }
}
