package practice;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A command that is run against a practice cloud, and what it must find in its environment to reach no other. */
public final class Guest {
    private final Cloud cloud;
    private final World world;

    public Guest(Cloud cloud, World world) {
        this.cloud = cloud;
        this.world = world;
    }

    /** What points an AWS client at the cloud. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("AWS_ENDPOINT_URL", cloud.endpoint().toString());
        settings.put("AWS_ACCESS_KEY_ID", "practice");
        settings.put("AWS_SECRET_ACCESS_KEY", "practice");
        settings.put("AWS_REGION", world.region());
        // boto3 and the AWS CLI v1 read only this one.
        settings.put("AWS_DEFAULT_REGION", world.region());
        settings.put("KOPS_CLUSTER_NAME", Worlds.CLUSTER);
        return settings;
    }

    /**
     * Runs it to its end with our streams, and returns its exit code. Ctrl-C reaches both of us: the command has its last
     * calls to make, so the cloud outlives it.
     */
    public int run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        // A leftover AWS_ENDPOINT_URL_EC2 would go before ours, and a rehearsal would reach a real account.
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_") || name.equalsIgnoreCase("http_proxy"));
        builder.environment().putAll(settings());
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread onSignal = new Thread(() ->
                started.handle((process, cannot) -> cannot == null ? end(process) : 0).join());
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            started.complete(builder.start());
        } catch (IOException cannot) {
            started.completeExceptionally(cannot);
            throw cannot;
        }
        int code = waited(started.join());
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException ending) {
            // A signal came: the JVM ends with the signal's code once its hooks are through.
        }
        return code;
    }

    private static int end(Process process) {
        process.destroy();
        return waited(process);
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
