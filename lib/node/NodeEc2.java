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
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** The calls of EC2 that the programs on a node make, in the name of its instance: the role's rights are all it has. */
final class NodeEc2 {

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();
    private final URI endpoint;
    private final String instance;

    NodeEc2(URI endpoint, String instance) {
        this.endpoint = endpoint;
        this.instance = instance;
    }

    /** A volume as DescribeVolumes shows it. */
    record Seen(String id, String state, String attachedTo, String device, Map<String, String> tags) {
    }

    /** EC2 said no. */
    static final class Denied extends IOException {
        private static final long serialVersionUID = 1;
        private final String code;

        Denied(String action, String code, String message) {
            super(action + ": " + code + ": " + message);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    /** In the order in which EC2 gives them, all pages. */
    List<Seen> volumes(Map<String, String> filters) throws IOException, InterruptedException {
        Map<String, String> form = new LinkedHashMap<>();
        int n = 0;
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            n++;
            form.put("Filter." + n + ".Name", filter.getKey());
            form.put("Filter." + n + ".Value.1", filter.getValue());
        }
        form.put("MaxResults", "500");
        List<Seen> all = new ArrayList<>();
        String token = "";
        do {
            if (!token.isEmpty()) {
                form.put("NextToken", token);
            }
            Element reply = ask("DescribeVolumes", form);
            all.addAll(seen(reply));
            token = text(reply, "nextToken");
        } while (!token.isEmpty());
        return all;
    }

    /** @throws Denied when there is no such volume */
    Seen volume(String id) throws IOException, InterruptedException {
        return seen(ask("DescribeVolumes", Map.of("VolumeId.1", id))).get(0);
    }

    void attach(String volume, String device) throws IOException, InterruptedException {
        ask("AttachVolume", Map.of("VolumeId", volume, "InstanceId", instance, "Device", device));
    }

    boolean isRunning() throws IOException, InterruptedException {
        Element reservation = items(ask("DescribeInstances", Map.of("InstanceId.1", instance)), "reservationSet").get(0);
        return text(children(items(reservation, "instancesSet").get(0), "instanceState").get(0), "name")
                .equals("running");
    }

    private static List<Seen> seen(Element reply) {
        List<Seen> found = new ArrayList<>();
        for (Element item : items(reply, "volumeSet")) {
            Map<String, String> tags = new TreeMap<>();
            items(item, "tagSet").forEach(tag -> tags.put(text(tag, "key"), text(tag, "value")));
            List<Element> attachments = items(item, "attachmentSet");
            found.add(new Seen(text(item, "volumeId"), text(item, "status"),
                    attachments.isEmpty() ? "" : text(attachments.get(0), "instanceId"),
                    attachments.isEmpty() ? "" : text(attachments.get(0), "device"), tags));
        }
        return found;
    }

    private Element ask(String action, Map<String, String> parameters) throws IOException, InterruptedException {
        Map<String, String> form = new LinkedHashMap<>(Map.of("Action", action, "Version", "2016-11-15"));
        form.putAll(parameters);
        String body = form.entrySet().stream().map(p -> p.getKey() + "="
                + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8)).collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(endpoint).timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/x-www-form-urlencoded")
                // The practice cloud checks no signature; the access key tells it whose role this is.
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=" + instance + "/20260101/region/ec2/aws4_request, "
                        + "SignedHeaders=host, Signature=none")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        HttpResponse<byte[]> reply = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        Element root = parsed(action, reply.body());
        if (reply.statusCode() != 200) {
            Element error = items(root, "Errors", "Error").get(0);
            throw new Denied(action, text(error, "Code"), text(error, "Message"));
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

    private static List<Element> items(Element of, String list) {
        return items(of, list, "item");
    }

    private static List<Element> items(Element of, String list, String each) {
        List<Element> found = new ArrayList<>();
        for (Element lists : children(of, list)) {
            found.addAll(children(lists, each));
        }
        return found;
    }

    private static String text(Element of, String name) {
        List<Element> found = children(of, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent();
    }

    private static List<Element> children(Element of, String name) {
        List<Element> found = new ArrayList<>();
        for (Node child = of.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
