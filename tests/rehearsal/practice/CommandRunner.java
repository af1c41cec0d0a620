package practice;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs commands against a practice cloud, in an environment from which they can reach no other endpoint. */
public final class CommandRunner {
    private final Cloud cloud;
    private final World world;
    private final Map<String, String> extra;
    private volatile Optional<Process> running = Optional.empty();
    private boolean ended;

    /** @param extra more environment variables for the commands */
    public CommandRunner(Cloud cloud, World world, Map<String, String> extra) {
        this.cloud = cloud;
        this.world = world;
        this.extra = Map.copyOf(extra);
    }

    /** The environment variables that point an AWS client at the cloud, and the extra ones. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("AWS_ENDPOINT_URL", cloud.endpoint().toString());
        settings.put("AWS_ACCESS_KEY_ID", "practice");
        settings.put("AWS_SECRET_ACCESS_KEY", "practice");
        settings.put("AWS_REGION", world.region());
        // boto3 and the AWS CLI v1 read the region from this variable only.
        settings.put("AWS_DEFAULT_REGION", world.region());
        settings.put("KOPS_CLUSTER_NAME", Worlds.CLUSTER);
        settings.putAll(new TreeMap<>(extra));
        return settings;
    }

    /** Runs a command to its end with our streams, and returns its exit code. */
    public int run(List<String> command) throws IOException {
        return run(new ProcessBuilder(command).inheritIO());
    }

    /** Runs a command with the streams and the folder that the builder names, and returns its exit code. */
    public int run(ProcessBuilder builder) throws IOException {
        // AWS_ENDPOINT_URL_EC2 in the user's environment would win over ours, and the command would reach a real account.
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

    /** Tells the running command to end, and waits: Ctrl-C reaches both processes, and the command may make last calls. */
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
