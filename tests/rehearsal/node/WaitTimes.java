package node;

import java.time.Duration;

/**
 * How long the programs on a node wait. The real waits are minutes, so a rehearsal runs them faster.
 *
 * @param search    between two looks for volumes when none was found; etcd-manager and protokube wait a minute
 *                  (etcd-manager pkg/volumes/boot.go)
 * @param again     after a failed look; a second (same file)
 * @param loop      between two looks at the etcd process and at the peers; 10 s (pkg/etcd/etcdserver.go)
 * @param unhealthy how long a member is down before its empty replacement is let in; a minute
 *                  (pkg/controller/controller.go, removeUnhealthyDeadline)
 */
public record WaitTimes(Duration search, Duration again, Duration loop, Duration unhealthy) {

    public static final WaitTimes REAL = new WaitTimes(Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(10),
            Duration.ofMinutes(1));
    public static final WaitTimes REHEARSAL = new WaitTimes(Duration.ofSeconds(1), Duration.ofMillis(300),
            Duration.ofMillis(500), Duration.ofSeconds(5));
}
