import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** An answer, XML of EC2 or STS or JSON of the EBS direct APIs, whose texts are found by paths of element names. */
record RefereeReply(int status, Map<String, String> headers, byte[] body) {

    /** The texts of all elements at a path such as {@code volumeSet.item.status}, counted from below the root. */
    List<String> texts(String path) {
        List<String> texts = new ArrayList<>();
        if (text().startsWith("{")) {
            collect(json(), path.split("\\."), 0, texts);
        } else if (text().startsWith("<") && !text().startsWith("<!")) {
            collect(xml().getDocumentElement(), path.split("\\."), 0, texts);
        }
        return texts;
    }

    /** The error code; empty for an answer that has not the form of an error of EC2, STS or the EBS direct APIs. */
    String code() {
        for (String path : List.of("Errors.Error.Code", "Error.Code")) {
            for (String code : texts(path)) {
                return code;
            }
        }
        return status < 300 ? "" : headers.getOrDefault("x-amzn-errortype", "").replaceFirst(":.*", "");
    }

    Document xml() {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(body));
        } catch (Exception notXml) {
            throw new IllegalStateException("not XML: " + text(), notXml);
        }
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8).trim();
    }

    @Override
    public String toString() {
        String text = text();
        return status + " " + (text.length() > 1500 ? text.substring(0, 1500) + "..." : text);
    }

    private JsonNode json() {
        try {
            return new ObjectMapper().readTree(body);
        } catch (IOException notJson) {
            throw new IllegalStateException("not JSON: " + text(), notJson);
        }
    }

    private static void collect(Element element, String[] path, int at, List<String> texts) {
        if (at == path.length) {
            texts.add(element.getTextContent());
            return;
        }
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner && child.getNodeName().equals(path[at])) {
                collect(inner, path, at + 1, texts);
            }
        }
    }

    /** In a path, {@code item} stands for every element of a JSON list, as it does in EC2's XML. */
    private static void collect(JsonNode node, String[] path, int at, List<String> texts) {
        if (at == path.length) {
            texts.add(node.isValueNode() ? node.asText() : node.toString());
        } else if (node.isArray() && path[at].equals("item")) {
            StreamSupport.stream(node.spliterator(), false).forEach(item -> collect(item, path, at + 1, texts));
        } else if (node.hasNonNull(path[at])) {
            collect(node.get(path[at]), path, at + 1, texts);
        }
    }
}
