package node;

import java.time.Duration;

/**
 * How long the programs on a node wait. The real programs wait for minutes, so a rehearsal has shorter times.
 *
 * @param search    between two searches, when no volume was found; etcd-manager and protokube wait a minute
 *                  (etcd-manager pkg/volumes/boot.go)
 * @param again     after a search that failed; a second (same file)
 * @param loop      between two checks of the etcd process and of the peers; 10 s (pkg/etcd/etcdserver.go)
 * @param unhealthy how long a member is down before an empty volume may replace it; a minute
 *                  (pkg/controller/controller.go, removeUnhealthyDeadline)
 */
public record WaitTimes(Duration search, Duration again, Duration loop, Duration unhealthy) {

    public static final WaitTimes REAL = new WaitTimes(Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(10),
            Duration.ofMinutes(1));
    public static final WaitTimes REHEARSAL = new WaitTimes(Duration.ofSeconds(1), Duration.ofMillis(300),
            Duration.ofMillis(500), Duration.ofSeconds(5));
}
