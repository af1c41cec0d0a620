package cli;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

import picocli.CommandLine.Option;

/** For commands that take every cluster of the region when none is named. */
public final class AnyCluster extends ClusterOptions {
    @Option(names = "--cluster", paramLabel = "NAME", converter = TextForm.Name.class,
            description = "the kops cluster (default: KOPS_CLUSTER_NAME, else every cluster that the region shows)")
    private String cluster;

    @Option(names = "--etcd", paramLabel = "NAME", converter = TextForm.Name.class,
            description = "only this etcd cluster: main, events, cilium, leases; repeatable (default: all)")
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
