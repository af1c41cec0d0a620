import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import practice.Cloud;
import practice.Worlds;

/** A user without a clone adds the catalog once and runs `jbang verify-quorum-volumes@ops` from any folder. */
class CatalogTest {
    private static final Path ROOT = Checkout.root();
    private static final String JBANG = ROOT.resolve("jbang").toString();

    @TempDir
    private Path folder;

    @Test
    void an_alias_runs_from_a_catalog_on_disk() throws Exception {
        runsFrom(ROOT.resolve("jbang-catalog.json").toString());
    }

    @Test
    void an_alias_runs_from_a_catalog_over_plain_http() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", CatalogTest::serve);
        server.start();
        try {
            runsFrom("http://127.0.0.1:" + server.getAddress().getPort() + "/jbang-catalog.json");
        } finally {
            server.stop(0);
        }
    }

    private void runsFrom(String catalog) throws Exception {
        try (Cloud cloud = Cloud.start(Worlds.named("three-masters"))) {
            Map<String, String> env = Map.of("JBANG_DIR", folder.resolve("jbang dir").toString(),
                    "AWS_ENDPOINT_URL", cloud.endpoint().toString());
            Processes.Ended added = Processes.run(folder, env, JBANG, "catalog", "add", "--name", "ops", catalog);
            assertEquals(0, added.code(), added.err());
            Processes.Ended ended = Processes.run(folder, env, JBANG, "verify-quorum-volumes@ops", "--etcd", "main");
            assertEquals(0, ended.code(), ended.err());
            assertEquals("healthy", new ObjectMapper().readTree(ended.out()).get("outcome").asText());
        }
    }

    private static void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = ROOT.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
            boolean found = file.startsWith(ROOT) && Files.isRegularFile(file);
            byte[] body = found ? Files.readAllBytes(file) : new byte[0];
            exchange.sendResponseHeaders(found ? 200 : 404, found ? body.length : -1);
            exchange.getResponseBody().write(body);
        }
    }
}
