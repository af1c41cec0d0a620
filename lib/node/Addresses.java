package node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where each etcd member is found. On AWS a name such as {@code etcd-a.internal.CLUSTER} leads to whichever node has
 * the member's volume; here a pair of loopback ports stands for the name, so it also follows the volume.
 */
final class Addresses {

    private final Map<String, Address> byName = new TreeMap<>();

    record Address(String peerUrl, String clientUrl) {
    }

    synchronized Address of(String cluster, String etcdName) {
        return byName.computeIfAbsent(cluster + "/" + etcdName, name -> {
            try (ServerSocket peer = free(); ServerSocket client = free()) {
                return new Address("http://127.0.0.1:" + peer.getLocalPort(), "http://127.0.0.1:"
                        + client.getLocalPort());
            } catch (IOException cannot) {
                throw new UncheckedIOException("finding free ports on loopback", cannot);
            }
        });
    }

    private static ServerSocket free() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
