package aws;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import facts.Snapshot;
import report.Stop;
import sets.SnapshotPlan.SnapshotCall;
import sets.SnapshotPlan.Source;
import sets.SnapshotTags;

/**
 * Takes the snapshots of one cluster's set. All calls are made side by side, so that the members' moments are as near as the
 * network allows. Tags, locks and waiting come afterwards. CreateSnapshot and CreateSnapshots take no client token. So no call
 * is repeated before the set was searched for what a lost reply may have left.
 */
public final class SnapshotTaker {
    /** How often and how long to look for snapshots that a lost reply may have left: EC2 shows new ones with a delay. */
    private static final List<Duration> LOOKS = Retries.seconds(0, 1, 2, 3);
    /** Between attempts. EC2 refuses a second snapshot of one volume within 15 seconds. */
    private static final List<Duration> PAUSES = Retries.seconds(1, 2, 5, 10);
    private static final int PATIENCE = 5;
    /** Looks in which a snapshot may be unseen. */
    private static final int UNSEEN = 10;

    /**
     * One thing that was done in AWS, that AWS refused, or that Ctrl-C kept from being tried.
     *
     * @param resource the volume that was snapshotted, or the snapshot that was tagged or locked
     * @param after    what it made; empty when it was not reached
     * @param failure  why it was not done; empty when it was, or was not reached
     */
    public record Step(
            String action, Source source, String resource, Map<String, String> after, Optional<AwsFailure> failure) {
        public boolean isDone() {
            return failure.isEmpty() && !after.isEmpty();
        }
    }

    private record Taken(Source source, Optional<Snapshot> snapshot, Optional<AwsFailure> failure) {
    }

    private final Ec2Queries queries;
    private final Ec2Writer writer;
    private final Stop stop;
    private final String set;
    private final String cluster;
    private final Consumer<Step> log;
    private final Map<String, Integer> unseen = new HashMap<>();
    private final List<Snapshot> strays = Collections.synchronizedList(new ArrayList<>());

    /** @param log is told of each step when its end is known, in the calling thread */
    public SnapshotTaker(
            Ec2Queries queries, Ec2Writer writer, Stop stop, String set, String cluster, Consumer<Step> log) {
        this.queries = queries;
        this.writer = writer;
        this.stop = stop;
        this.set = set;
        this.cluster = cluster;
        this.log = log;
    }

    /** Makes every call, all at once. A call that fails keeps no other from being made. Returns the snapshots by source. */
    public Map<Source, Snapshot> take(List<SnapshotCall> calls) {
        Map<Source, Snapshot> snapshots = new LinkedHashMap<>();
        if (calls.isEmpty()) {
            return snapshots;
        }
        ExecutorService pool = Executors.newFixedThreadPool(calls.size(), SnapshotTaker::daemon);
        try {
            for (Future<List<Taken>> result : submit(pool, calls)) {
                for (Taken taken : result.get()) {
                    taken.snapshot.ifPresent(s -> snapshots.put(taken.source, s));
                    Map<String, String> after = taken.snapshot
                            .map(s -> Map.of("snapshot", s.id(), "start_at", s.startAt().toString())).orElse(Map.of());
                    log.accept(new Step("create_snapshot", taken.source, taken.source.volume().id(), after, taken.failure));
                }
            }
            return snapshots;
        } catch (ExecutionException e) {
            throw new IllegalStateException("snapshotting " + cluster, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while snapshotting " + cluster, e);
        } finally {
            pool.shutdown();
        }
    }

    private List<Future<List<Taken>>> submit(ExecutorService pool, List<SnapshotCall> calls) {
        List<Future<List<Taken>>> results = new ArrayList<>();
        for (SnapshotCall call : calls) {
            Callable<List<Taken>> task = () -> takeOne(call);
            results.add(pool.submit(task));
        }
        return results;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "snapshot");
        thread.setDaemon(true);
        return thread;
    }

    private List<Taken> takeOne(SnapshotCall call) {
        Map<String, Snapshot> found = new HashMap<>();
        AwsFailure last = null;
        for (int attempt = 0; attempt <= PAUSES.size() && !stop.isAsked(); attempt++) {
            SnapshotCall missing = without(call, found.keySet());
            if (missing.sources().isEmpty()) {
                break;
            }
            try {
                create(missing).forEach(s -> keep(s, call, found));
                break;
            } catch (AwsFailure failure) {
                last = failure;
                lookFor(missing, failure).forEach(s -> found.putIfAbsent(s.volume(), s));
                if (!failure.isPassing() || attempt == PAUSES.size()) {
                    break;
                }
                if (!found.keySet().containsAll(call.volumes())) {
                    stop.pause(PAUSES.get(attempt));
                }
            }
        }
        if (last == null && !stop.isAsked()) {
            last = AwsFailure.notMade("snapshotting " + String.join(" and ", call.volumes()));
        }
        Optional<AwsFailure> why = Optional.ofNullable(last);
        return call.sources().stream().map(source -> {
            Optional<Snapshot> snapshot = Optional.ofNullable(found.get(source.volume().id()));
            return new Taken(source, snapshot, snapshot.isPresent() ? Optional.empty() : why);
        }).toList();
    }

    private void keep(Snapshot snapshot, SnapshotCall call, Map<String, Snapshot> found) {
        if (call.volumes().contains(snapshot.volume())) {
            found.putIfAbsent(snapshot.volume(), snapshot);
        } else {
            strays.add(snapshot);
        }
    }

    /** Snapshots of volumes that were excluded: an endpoint may ignore ExcludeDataVolumeIds. No part of any member. */
    public List<Snapshot> strays() {
        return List.copyOf(strays);
    }

    private static SnapshotCall without(SnapshotCall call, Set<String> volumes) {
        List<Source> left = call.sources().stream().filter(s -> !volumes.contains(s.volume().id())).toList();
        List<String> excluded = new ArrayList<>(call.excluded());
        call.volumes().stream().filter(volumes::contains).forEach(excluded::add);
        return new SnapshotCall(call.instance(), left, excluded);
    }

    private List<Snapshot> create(SnapshotCall call) {
        String description = "etcd of " + cluster + ", set " + set;
        if (call.instance().isEmpty()) {
            Source source = call.sources().get(0);
            return List.of(writer.createSnapshot(
                    source.volume().id(), description, SnapshotTags.of(set, cluster, source).wanted()));
        }
        boolean allTags = call.sources().stream().allMatch(s -> SnapshotTags.of(set, cluster, s).dropped() == 0);
        return writer.createSnapshots(
                call.instance(), call.excluded(), allTags, description, SnapshotTags.common(set, cluster));
    }

    private List<Snapshot> lookFor(SnapshotCall call, AwsFailure failure) {
        if (!failure.mayHaveHadEffect()) {
            return List.of();
        }
        for (Duration look : LOOKS) {
            stop.pause(look);
            try {
                List<Snapshot> found = queries.snapshotsOfSet(set, cluster).stream()
                        .filter(s -> call.volumes().contains(s.volume()) && !s.isFailed()).toList();
                if (!found.isEmpty()) {
                    return found;
                }
            } catch (AwsFailure unseen) {
                failure.addSuppressed(unseen);
            }
        }
        return List.of();
    }

    /**
     * Writes what the snapshots' tags still lack, and reads them back until they are there: one CreateSnapshots call gives
     * all its snapshots the same tags, and an endpoint may ignore CopyTagsFromSource. Returns the snapshots as read.
     */
    public Map<Source, Snapshot> label(Map<Source, Snapshot> snapshots) {
        Map<Source, Snapshot> now = snapshots;
        for (Duration look : LOOKS) {
            Map<Source, Map<String, String>> missing = missingTags(now);
            if (missing.isEmpty() || stop.isAsked()) {
                return now;
            }
            stop.pause(look);
            Map<Source, Snapshot> before = now;
            boolean allWritten = true;
            for (Map.Entry<Source, Map<String, String>> tags : missing.entrySet()) {
                String id = before.get(tags.getKey()).id();
                allWritten &= step("tag", tags.getKey(), id, tags.getValue(), () -> writer.tag(id, tags.getValue()));
            }
            if (!allWritten) {
                return now;
            }
            now = refresh(now);
        }
        missingTags(now).forEach((source, tags) -> log.accept(new Step("tag", source, snapshots.get(source).id(), tags,
                Optional.of(AwsFailure.notSeen("reading back the tags of " + snapshots.get(source).id())))));
        return now;
    }

    private Map<Source, Map<String, String>> missingTags(Map<Source, Snapshot> snapshots) {
        Map<Source, Map<String, String>> missing = new LinkedHashMap<>();
        snapshots.forEach((source, snapshot) -> {
            Map<String, String> tags = SnapshotTags.of(set, cluster, source).missingFrom(snapshot.tags());
            if (!tags.isEmpty()) {
                missing.put(source, tags);
            }
        });
        return missing;
    }

    public void lock(Map<Source, Snapshot> snapshots, int days) {
        snapshots.forEach((source, snapshot) -> {
            if (!stop.isAsked()) {
                step("lock", source, snapshot.id(), Map.of("lock_days", Integer.toString(days)),
                        () -> writer.lock(snapshot.id(), days));
            }
        });
    }

    private boolean step(String action, Source source, String resource, Map<String, String> after, Runnable call) {
        try {
            Retries.repeat(stop, SnapshotTaker::isPassing, call);
            log.accept(new Step(action, source, resource, after, Optional.empty()));
            return true;
        } catch (AwsFailure failure) {
            log.accept(new Step(action, source, resource, after, Optional.of(failure)));
            return false;
        }
    }

    /** A snapshot just made may not be known to every part of EC2 yet. */
    private static boolean isPassing(AwsFailure failure) {
        return failure.isPassing() || failure.code().startsWith("InvalidSnapshot") && failure.code().endsWith(".NotFound");
    }

    /** A new snapshot may be unseen for a moment. A snapshot that stays unseen was deleted by somebody. */
    private boolean isGone(Snapshot snapshot) {
        return unseen.merge(snapshot.id(), 1, Integer::sum) >= UNSEEN;
    }

    /**
     * What the snapshots are now. A snapshot that EC2 does not show yet is as it was, and after several looks it is gone.
     *
     * @throws AwsFailure when EC2 cannot be asked for long
     */
    public Map<Source, Snapshot> refresh(Map<Source, Snapshot> snapshots) {
        List<String> ids = snapshots.values().stream().map(Snapshot::id).toList();
        for (int attempt = 1;; attempt++) {
            try {
                Map<String, Snapshot> read = queries.snapshots(ids).stream()
                        .collect(Collectors.toMap(Snapshot::id, s -> s, (first, again) -> again));
                Map<Source, Snapshot> now = new LinkedHashMap<>();
                snapshots.forEach((source, old) -> now.put(source, Optional.ofNullable(read.get(old.id()))
                        .orElseGet(() -> isGone(old) ? old.inState(Snapshot.GONE) : old)));
                return now;
            } catch (AwsFailure failure) {
                if (!failure.isPassing() || attempt == PATIENCE || stop.isAsked()) {
                    throw failure;
                }
                stop.pause(PAUSES.get(Math.min(attempt, PAUSES.size()) - 1));
            }
        }
    }
}
