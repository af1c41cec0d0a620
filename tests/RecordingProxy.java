import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A proxy on loopback that writes down what it is asked, wants a password, and passes nothing on. */
record RecordingProxy(ServerSocket server, Queue<String> lines) implements AutoCloseable {
    private static final int PATIENCE_MS = 5000;

    static RecordingProxy start() throws IOException {
        RecordingProxy proxy = new RecordingProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                new ConcurrentLinkedQueue<>());
        Thread thread = new Thread(proxy::serve, "proxy");
        thread.setDaemon(true);
        thread.start();
        return proxy;
    }

    String place() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** The heads of all requests. */
    String heard() {
        return String.join("\n", lines);
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.setSoTimeout(PATIENCE_MS);
                boolean hasPassword = head(client);
                String answer = hasPassword ? "502 No" : "407 Who\r\nProxy-Authenticate: Basic realm=\"proxy\"";
                client.getOutputStream().write(("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
                continue;
            }
        }
    }

    private boolean head(Socket client) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        boolean hasPassword = false;
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            lines.add(line);
            hasPassword |= line.toLowerCase(Locale.ROOT).startsWith("proxy-authorization:");
        }
        return hasPassword;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
