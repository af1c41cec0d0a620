package node;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Load on an etcd cluster that remembers what was acknowledged, and when: only that may not be lost. */
public final class Writer implements AutoCloseable {

    private final String prefix;
    private final List<Ack> acks = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong next = new AtomicLong();
    private volatile boolean stopped;

    /** {@code at} is when the answer was here: the write was on a quorum of disks by then. */
    public record Ack(String key, long revision, Instant at) {
    }

    private Writer(String prefix) {
        this.prefix = prefix;
    }

    /** Each thread writes one new key after the other, to the next member when one does not answer. */
    public static Writer start(String prefix, List<String> clientUrls, int threads) {
        Writer writer = new Writer(prefix);
        for (int n = 0; n < threads; n++) {
            int first = n;
            Thread thread = new Thread(() -> writer.write(clientUrls, first), "writer-" + n);
            thread.setDaemon(true);
            writer.threads.add(thread);
            thread.start();
        }
        return writer;
    }

    public List<Ack> acks() {
        synchronized (acks) {
            return List.copyOf(acks);
        }
    }

    /** Keys acknowledged before an instant. */
    public List<String> ackedBefore(Instant instant) {
        return acks().stream().filter(a -> a.at.isBefore(instant)).map(Ack::key).toList();
    }

    private void write(List<String> clientUrls, int first) {
        int member = first;
        while (!stopped) {
            EtcdClient etcd = new EtcdClient(clientUrls.get(member % clientUrls.size()), Duration.ofSeconds(2));
            String key = prefix + String.format("%08d", next.getAndIncrement());
            try {
                long revision = etcd.put(key, "written by " + Thread.currentThread().getName());
                synchronized (acks) {
                    acks.add(new Ack(key, revision, Instant.now()));
                }
            } catch (IOException notAcknowledged) {
                member++;
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException interrupted) {
            stopped = true;
        }
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(5000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
