package cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import report.CommandWords;

/** The options that say which cluster and which of its etcd clusters are meant. */
public abstract class ClusterOptions {
    /** The variable that kops itself reads. */
    private static final String KOPS_CLUSTER_NAME = "KOPS_CLUSTER_NAME";

    abstract Optional<String> option();

    abstract Set<String> etcds();

    /** The cluster that was named, by option or by environment. */
    final Optional<String> cluster(Map<String, String> env) {
        return option().or(() -> Optional.ofNullable(env.get(KOPS_CLUSTER_NAME))).map(String::strip).filter(c -> !c.isEmpty());
    }

    /** The cluster as words, when only the environment names it: the printed command line must work elsewhere too. */
    final String clusterAgain(Map<String, String> env) {
        return option().isPresent() ? "" : cluster(env).map(c -> " --cluster " + CommandWords.quoted(c)).orElse("");
    }

    /** The etcd clusters that were named, as words. */
    final List<String> etcdsAgain() {
        return etcds().stream().flatMap(etcd -> Stream.of("--etcd", etcd)).toList();
    }
}
