import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import practice.Cloud;

/** A line of bash in which {@code verify}, {@code snapshot} and {@code cloud} are commands of ours, each a process. */
final class ShellLine {
    private static final String JAVA = "'" + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp \"$CLASSES\" ";

    private ShellLine() {
    }

    static Processes.Ended run(Path folder, Cloud cloud, String line) throws IOException, InterruptedException {
        return run(folder, cloud.endpoint().toString(), line);
    }

    static Processes.Ended run(Path folder, String endpoint, String line) throws IOException, InterruptedException {
        Map<String, String> env = new HashMap<>(Map.of("CLASSES", System.getProperty("java.class.path"), "AWS_ENDPOINT_URL",
                endpoint, "LC_ALL", "C", "ETCD_OPS_LAUNCHER", "./jbang"));
        return Processes.run(folder, env, "bash", "-c", "verify() { " + JAVA + "VerifyQuorumVolumes \"$@\"; }\n"
                + "snapshot() { " + JAVA + "SnapshotAll \"$@\"; }\ncloud() { " + JAVA + "PracticeCloud \"$@\"; }\n"
                + "completion() { " + JAVA + "Completion \"$@\"; }\n" + line);
    }
}
