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
 * The addresses of the etcd members. On AWS a name such as {@code etcd-a.internal.CLUSTER} leads to the node that has the
 * volume of the member. Here two ports on loopback stand for the name, so they belong to the volume as well.
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
     * A port below the range that the kernel uses for outgoing connections (ip(7), ip_local_port_range). A port in that range
     * may be taken before etcd opens it, even by an etcd: a peer that dials a closed port of its own machine may be given that
     * same port to dial from. The peer is then connected to itself, and holds the port.
     */
    private static ServerSocket free() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                return new ServerSocket(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST), 1,
                        InetAddress.getLoopbackAddress());
            } catch (BindException taken) {
                // the next attempt takes another port
            }
        }
        throw new IOException("none of " + ATTEMPTS + " ports from " + LOWEST + " to " + HIGHEST + " is free");
    }
}
