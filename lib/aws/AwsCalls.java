package aws;

import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import software.amazon.awssdk.core.exception.SdkException;

/** Makes the calls to AWS: turns what the SDK throws into an {@link AwsFailure}, and tells when AWS is silent for long. */
final class AwsCalls {
    private static final int SILENCE_S = 5;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(AwsCalls::daemon);
    private volatile Consumer<String> onSilence = what -> { };

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "silence");
        thread.setDaemon(true);
        return thread;
    }

    /** Who is told what is waited for, once a call has taken five seconds. */
    void onSilence(Consumer<String> told) {
        onSilence = told;
    }

    /** @param doing what is being done and on which resource, such as "describing volumes of eu-central-1" */
    <T> T make(String doing, Supplier<T> call) {
        Future<?> notice = timer.schedule(() -> onSilence.accept("Still waiting for AWS: " + doing), SILENCE_S, TimeUnit.SECONDS);
        try {
            return call.get();
        } catch (SdkException e) {
            throw AwsFailure.of(doing, e);
        } catch (UncheckedIOException | IllegalStateException | IllegalArgumentException e) {
            throw AwsFailure.ofProfile(doing, e);
        } finally {
            notice.cancel(false);
        }
    }
}
