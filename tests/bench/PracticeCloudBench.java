///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Measures the speed of the practice cloud
//JAVA 17+
//SOURCES ../../tests/rehearsal/disk/package-info.java
//SOURCES ../../tests/rehearsal/practice/package-info.java

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import disk.Disks;
import disk.Tier;
import disk.Tiers;
import practice.Cloud;
import practice.Settings;
import practice.Worlds;

/** How long a snapshot and a restore of a 20 GiB volume take in each tier, and how many calls a second are answered. */
public final class PracticeCloudBench {

    private static final int GIB = 20;
    private static final int RUNS = 5;
    private static final int CALLS = 2000;

    public static void main(String[] args) throws Exception {
        for (Tier tier : new Tier[] {Tier.BLOCK, Tier.IMAGE, Tier.DIRECTORY}) {
            Path folder = Files.createTempDirectory("bench");
            try (Disks disks = Tiers.open(tier, folder.resolve("disks"))) {
                bytes(tier, disks);
            } catch (IOException cannot) {
                System.out.println(tier + ": " + cannot.getMessage());
            }
            Files.delete(folder);
        }
        calls();
    }

    /** About 200 MB in files of 64 MB, the size of etcd's log files. */
    private static void bytes(Tier tier, Disks disks) throws Exception {
        disks.blank("vol-1", GIB);
        Path root = disks.mount("vol-1").folder();
        byte[] content = new byte[64 << 20];
        new Random(1).nextBytes(content);
        for (int n = 0; n < 3; n++) {
            Files.write(root.resolve("file" + n), content);
        }
        String mounted = median(n -> millis(() -> disks.cut(Map.of("vol-1", "snap-" + n))));
        disks.unmount("vol-1");
        String restored = median(n -> millis(() -> disks.copy("snap-" + n, "vol-r" + n, GIB)));
        String usable = median(n -> millis(() -> disks.mount("vol-r" + n)));
        for (int n = 0; n < RUNS; n++) {
            disks.unmount("vol-r" + n);
        }
        System.out.println(tier + ", " + GIB + " GiB with 192 MB written: snapshot while mounted " + mounted
                + " ms, restored " + restored + " ms, mounted again " + usable + " ms");
    }

    private static void calls() throws Exception {
        Settings settings = Settings.defaults().throttling(false);
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"), settings)) {
            String main = Worlds.volumeId(Worlds.CLUSTER, "main", "a");
            for (Map.Entry<String, String> call : Map.of(
                    "DescribeVolumes of one", "Action=DescribeVolumes&Version=2016-11-15&VolumeId.1=" + main,
                    "DescribeVolumes of all", "Action=DescribeVolumes&Version=2016-11-15",
                    "CreateTags", "Action=CreateTags&Version=2016-11-15&ResourceId.1=" + main
                            + "&Tag.1.Key=a&Tag.1.Value=b").entrySet()) {
                ask(cloud.endpoint(), call.getValue(), CALLS / 4);
                long took = millis(() -> ask(cloud.endpoint(), call.getValue(), CALLS));
                System.out.println(call.getKey() + ": " + 1000L * CALLS / took + " calls/s, one after the other");
            }
        }
    }

    private static void ask(URI endpoint, String form, int times) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        for (int n = 0; n < times; n++) {
            HttpResponse<String> reply = http.send(HttpRequest.newBuilder(endpoint).version(HttpClient.Version.HTTP_1_1)
                    .POST(HttpRequest.BodyPublishers.ofString(form)).build(), HttpResponse.BodyHandlers.ofString());
            if (reply.statusCode() != 200) {
                throw new IOException(reply.body());
            }
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private interface Measured {
        long millis(int run) throws Exception;
    }

    private static long millis(Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static String median(Measured measured) throws Exception {
        long[] all = new long[RUNS];
        for (int n = 0; n < RUNS; n++) {
            all[n] = measured.millis(n);
        }
        Arrays.sort(all);
        return all[RUNS / 2] + " (" + all[0] + "-" + all[RUNS - 1] + ")";
    }
}
