package node;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** A client of EC2's Query API that signs nothing: a practice cloud answers it, AWS would not. */
public final class UnsignedEc2 {

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();
    private final URI endpoint;
    private final String caller;

    /** @param caller the access key; the id of an instance stands for the role of that instance */
    public UnsignedEc2(URI endpoint, String caller) {
        this.endpoint = endpoint;
        this.caller = caller;
    }

    /** EC2 answered with an error. */
    public static final class ErrorReply extends IOException {
        private static final long serialVersionUID = 1;
        private final String code;

        ErrorReply(String action, String code, String message) {
            super(action + ": " + code + ": " + message);
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** @throws ErrorReply when EC2 answers with an error */
    public Element ask(String action, Map<String, String> parameters) throws IOException, InterruptedException {
        Map<String, String> form = new LinkedHashMap<>(Map.of("Action", action, "Version", "2016-11-15"));
        form.putAll(parameters);
        String body = form.entrySet().stream().map(p -> p.getKey() + "="
                + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(endpoint).timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/x-www-form-urlencoded")
                // The practice cloud checks no signature, and takes the role of the caller from the access key.
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=" + caller + "/20260101/region/ec2/aws4_request, "
                        + "SignedHeaders=host, Signature=none")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        HttpResponse<byte[]> reply = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        Element root = parsed(action, reply.body());
        if (reply.statusCode() != 200) {
            Element error = items(root, "Errors", "Error").get(0);
            throw new ErrorReply(action, text(error, "Code"), text(error, "Message"));
        }
        return root;
    }

    private static Element parsed(String action, byte[] body) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(body))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException notXml) {
            throw new IOException(action + ": the reply is not XML", notXml);
        }
    }

    static List<Element> items(Element of, String list) {
        return items(of, list, "item");
    }

    private static List<Element> items(Element of, String list, String each) {
        List<Element> found = new ArrayList<>();
        for (Element lists : children(of, list)) {
            found.addAll(children(lists, each));
        }
        return found;
    }

    static String text(Element of, String name) {
        List<Element> found = children(of, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent();
    }

    static List<Element> children(Element of, String name) {
        List<Element> found = new ArrayList<>();
        for (Node child = of.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
