import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import practice.World;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** moto's server as a process of its own: an EC2 that this project did not write. A world is put into it through the EC2 API. */
final class Moto implements AutoCloseable {
    private final Process server;
    private final URI endpoint;

    private Moto(Process server, URI endpoint) {
        this.server = server;
        this.endpoint = endpoint;
    }

    /** Where moto is not installed the test is skipped, and named as skipped. */
    static Moto start() throws IOException, InterruptedException {
        boolean installed = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> new File(folder, "moto_server").canExecute());
        assumeTrue(installed, "moto_server is not installed: pip install 'moto[ec2,server]'");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("MOTO_EC2_LOAD_DEFAULT_AMIS", "false");
        Process server = builder.start();
        for (int attempt = 0; attempt < 300 && server.isAlive(); attempt++) {
            try (Socket open = new Socket("127.0.0.1", port)) {
                return new Moto(server, URI.create("http://127.0.0.1:" + port));
            } catch (IOException notYet) {
                server.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
        server.destroyForcibly();
        throw new IOException("moto_server did not open port " + port);
    }

    URI endpoint() {
        return endpoint;
    }

    Ec2Client client() {
        return Ec2Client.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).region(Region.EU_CENTRAL_1)
                .endpointOverride(endpoint).build();
    }

    /** Removes everything and makes the world, but not its root volumes, which moto makes with the instances. */
    void fill(World world) throws IOException, InterruptedException {
        HttpClient.newHttpClient().send(HttpRequest.newBuilder(endpoint.resolve("/moto-api/reset"))
                .POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.discarding());
        try (Ec2Client ec2 = client()) {
            Map<String, String> ids = new HashMap<>();
            world.instances().forEach(i -> ids.put(i.id(), instance(ec2, i)));
            Map<String, String> roots = new HashMap<>();
            world.instances().forEach(i -> roots.put(i.id(), i.rootDevice()));
            List<World.Volume> volumes = world.volumes().stream()
                    .filter(v -> v.attachedTo().isEmpty() || !v.device().equals(roots.get(v.attachedTo())))
                    .sorted(Comparator.comparing(World.Volume::snapshotId)).toList();
            world.snapshots().forEach(s -> ids.put(s.id(), snapshot(ec2, s)));
            for (World.Volume volume : volumes) {
                String id = volume(ec2, volume, ids);
                if (!volume.attachedTo().isEmpty()) {
                    ec2.attachVolume(r -> r.volumeId(id).instanceId(ids.get(volume.attachedTo())).device(volume.device()));
                }
            }
            world.instances().stream().filter(i -> i.state().equals("stopped"))
                    .forEach(i -> ec2.stopInstances(r -> r.instanceIds(ids.get(i.id()))));
            world.instances().stream().filter(i -> i.state().equals("terminated"))
                    .forEach(i -> ec2.terminateInstances(r -> r.instanceIds(ids.get(i.id()))));
        }
    }

    private static String instance(Ec2Client ec2, World.Instance instance) {
        return ec2.runInstances(r -> r.imageId("ami-12c6146b").minCount(1).maxCount(1)
                .placement(p -> p.availabilityZone(instance.zone())).tagSpecifications(tags("instance", instance.tags())))
                .instances().get(0).instanceId();
    }

    private static String snapshot(Ec2Client ec2, World.Snapshot snapshot) {
        String source = ec2.createVolume(r -> r.availabilityZone("eu-central-1a").size(snapshot.sizeGib())
                .encrypted(snapshot.encrypted())).volumeId();
        String id = ec2.createSnapshot(r -> r.volumeId(source).tagSpecifications(
                snapshot.tags().isEmpty() ? List.of() : List.of(tags("snapshot", snapshot.tags())))).snapshotId();
        ec2.deleteVolume(r -> r.volumeId(source));
        return id;
    }

    private static String volume(Ec2Client ec2, World.Volume volume, Map<String, String> ids) {
        return ec2.createVolume(r -> r.availabilityZone(volume.zone()).size(volume.sizeGib()).volumeType(volume.type())
                .snapshotId(ids.get(volume.snapshotId())).encrypted(volume.encrypted())
                .tagSpecifications(volume.tags().isEmpty() ? List.of() : List.of(tags("volume", volume.tags())))).volumeId();
    }

    private static TagSpecification tags(String type, Map<String, String> tags) {
        return TagSpecification.builder().resourceType(ResourceType.fromValue(type)).tags(tags.entrySet().stream()
                .map(t -> Tag.builder().key(t.getKey()).value(t.getValue()).build()).toList()).build();
    }

    @Override
    public void close() {
        server.descendants().forEach(ProcessHandle::destroy);
        server.destroy();
    }
}
