package aws;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import aws.AwsFailure.Kind;

/**
 * The proxies that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, read as the AWS CLI reads them (Python's urllib.request,
 * getproxies_environment and proxy_bypass_environment; botocore.httpsession, ProxyConfiguration). There is one difference: what
 * listens on loopback is never asked through a proxy, so that a rehearsal cannot leave the machine.
 *
 * <p>The SDK makes clients of its own to assume roles. All clients of the process therefore get the proxies from Java.
 */
final class Proxies extends ProxySelector {
    private static final Pattern URL = Pattern.compile(
            "http://(?:([^/?#@:\\s]*)(?::([^/?#@\\s]*))?@)?([\\w.-]+|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,5}))?/?");
    private static final Pattern LOOPBACK = Pattern.compile("(.+\\.)?localhost|127(\\.\\d+){3}|\\[(::1|0:0:0:0:0:0:0:1)]");
    private static final int LAST_PORT = 65_535;
    private static final int USUAL_PORT = 80;

    private record Server(String host, int port, String user, char[] password) {
    }

    private final Map<String, String> env;

    private Proxies(Map<String, String> env) {
        this.env = env;
    }

    /**
     * Makes these the proxies of the process.
     *
     * @throws AwsFailure when the proxy for this URL is no proxy that can be used
     */
    static void use(Map<String, String> env, URI url) {
        Proxies proxies = new Proxies(env);
        Optional<Server> server = proxies.of(url);
        if (Stream.of("https", "http").anyMatch(scheme -> proxies.variable(scheme).isPresent())
                || ProxySelector.getDefault() instanceof Proxies) {
            ProxySelector.setDefault(proxies);
        }
        server.filter(s -> !s.user.isEmpty()).ifPresent(Proxies::logIn);
    }

    private static void logIn(Server server) {
        // Java sends no password in clear text to a proxy unless told so (java.base, conf/net.properties). The AWS CLI does.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        Authenticator.setDefault(new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                boolean ours = getRequestorType() == RequestorType.PROXY && getRequestingHost().equalsIgnoreCase(server.host)
                        && getRequestingPort() == server.port;
                return ours ? new PasswordAuthentication(server.user, server.password) : null;
            }
        });
    }

    @Override
    public List<Proxy> select(URI url) {
        return List.of(of(url).map(s -> new Proxy(Proxy.Type.HTTP, new InetSocketAddress(s.host, s.port)))
                .orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI url, SocketAddress address, IOException failure) {
        // There is no second proxy to choose.
    }

    private Optional<Server> of(URI url) {
        return isDirect(url) ? Optional.empty() : variable(url.getScheme()).map(this::server);
    }

    /** The lower-case variable wins, also when its value is empty: the proxy is then off. */
    private Optional<String> variable(String scheme) {
        String lower = scheme + "_proxy";
        String upper = lower.toUpperCase(Locale.ROOT);
        boolean ofWebServer = upper.equals("HTTP_PROXY") && env.containsKey("REQUEST_METHOD"); // CVE-2016-1000110
        return Optional.of(env.containsKey(lower) || ofWebServer ? lower : upper)
                .filter(name -> !env.getOrDefault(name, "").isEmpty());
    }

    private Server server(String variable) {
        String value = env.get(variable);
        String url = value.startsWith("//") ? "http:" + value : value.contains("://") ? value : "http://" + value;
        Matcher parts = URL.matcher(url);
        int port = !parts.matches() ? 0 : parts.group(4) == null ? USUAL_PORT : Integer.parseInt(parts.group(4));
        if (port < 1 || port > LAST_PORT) {
            throw AwsFailure.badSetting(Kind.BAD_VARIABLE, variable,
                    AwsSettings.shown(value) + " is no proxy like http://proxy.example.com:3128");
        }
        return new Server(parts.group(3), port, decoded(parts.group(1)), decoded(parts.group(2)).toCharArray());
    }

    /** As a URL has it: a plus sign means itself there. */
    private static String decoded(String text) {
        try {
            return text == null ? "" : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private boolean isDirect(URI url) {
        String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        String no = env.getOrDefault(env.containsKey("no_proxy") ? "no_proxy" : "NO_PROXY", "");
        if (LOOPBACK.matcher(host).matches() || no.equals("*")) {
            return true;
        }
        String withPort = host + ":" + url.getPort();
        return Stream.of(no.split(",")).map(name -> name.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\.+", ""))
                .filter(name -> !name.isEmpty())
                .anyMatch(name -> Stream.of(host, withPort).anyMatch(h -> h.equals(name) || h.endsWith("." + name)));
    }
}
