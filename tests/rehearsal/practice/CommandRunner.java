package practice;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A command that is run against a practice cloud, and what it must find in its environment to reach no other. */
public final class CommandRunner {
    private final Cloud cloud;
    private final World world;
    private final Map<String, String> more;
    private volatile Optional<Process> running = Optional.empty();
    private boolean ended;

    /** @param more what else it finds in its environment */
    public CommandRunner(Cloud cloud, World world, Map<String, String> more) {
        this.cloud = cloud;
        this.world = world;
        this.more = Map.copyOf(more);
    }

    /** What points an AWS client at the cloud, and what else there is to know. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("AWS_ENDPOINT_URL", cloud.endpoint().toString());
        settings.put("AWS_ACCESS_KEY_ID", "practice");
        settings.put("AWS_SECRET_ACCESS_KEY", "practice");
        settings.put("AWS_REGION", world.region());
        // boto3 and the AWS CLI v1 read only this one.
        settings.put("AWS_DEFAULT_REGION", world.region());
        settings.put("KOPS_CLUSTER_NAME", Worlds.CLUSTER);
        settings.putAll(new TreeMap<>(more));
        return settings;
    }

    /** Runs it to its end with our streams, and returns its exit code. */
    public int run(List<String> command) throws IOException {
        return run(new ProcessBuilder(command).inheritIO());
    }

    /** The same, with streams and a folder of its own. */
    public int run(ProcessBuilder builder) throws IOException {
        // A leftover AWS_ENDPOINT_URL_EC2 would go before ours, and a rehearsal would reach a real account.
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.equalsIgnoreCase("http_proxy"));
        builder.environment().putAll(settings());
        synchronized (this) {
            if (ended) {
                throw new IOException("interrupted before " + builder.command().get(0) + " was started");
            }
            running = Optional.of(builder.start());
        }
        return waited(running.get());
    }

    /** Tells it to end and waits: Ctrl-C reaches both of us, and it has its last calls to make. */
    public void end() {
        synchronized (this) {
            ended = true;
        }
        running.ifPresent(process -> {
            process.destroy();
            waited(process);
        });
    }

    private static int waited(Process process) {
        while (true) {
            try {
                return process.waitFor();
            } catch (InterruptedException interrupted) {
                process.destroy();
            }
        }
    }
}
