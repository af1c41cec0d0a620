package node;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Writes keys to an etcd cluster, and records which writes were acknowledged and when: only those may not be lost. */
public final class Writer implements AutoCloseable {

    private final String prefix;
    private final List<Ack> acks = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong next = new AtomicLong();
    private volatile boolean stopped;

    /** @param at when the answer came: the write was on the disks of a quorum by then */
    public record Ack(String key, long revision, Instant at) {
    }

    private Writer(String prefix) {
        this.prefix = prefix;
    }

    /** Each thread writes one new key after the other. When a member does not answer, the thread takes the next member. */
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

    /** The keys that were acknowledged before an instant. */
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
