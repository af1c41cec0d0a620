package node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where each etcd member is found. On AWS a name such as {@code etcd-a.internal.CLUSTER} leads to whichever node has
 * the member's volume; here a pair of loopback ports stands for the name, so it also follows the volume.
 */
final class Addresses {

    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 100;

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

    /**
     * Below the ports that the kernel gives to outgoing connections (ip(7), ip_local_port_range). One of those may be
     * taken before etcd opens it, and by etcd itself: a peer that dials a closed port of its own machine can be given that
     * very port to dial from, is then connected to itself, and holds the port.
     */
    private static ServerSocket free() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return new ServerSocket(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST), 1,
                        InetAddress.getLoopbackAddress());
            } catch (BindException taken) {
                // another one
            }
        }
        throw new IOException("none of " + ATTEMPTS + " ports from " + LOWEST + " to " + HIGHEST + " is free");
    }
}
