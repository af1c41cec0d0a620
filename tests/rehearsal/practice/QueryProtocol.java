package practice;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests and replies of two protocols on one port: those of EC2 and of STS. Both take a form and answer with XML; the
 * elements around the answer differ (Smithy, "AWS EC2 query protocol" and "AWS query protocol").
 */
final class QueryProtocol {

    static final String EC2_VERSION = "2016-11-15";
    static final String STS_VERSION = "2011-06-15";

    private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/,\\s]+)/");

    private QueryProtocol() {
    }

    static Map<String, String> form(String body) {
        Map<String, String> form = new TreeMap<>();
        for (String pair : body.split("&")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                form.put(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
            }
        }
        return form;
    }

    /** Without the parameters of a presigned URL and of signature version 2, which belong to no action. */
    static Map<String, String> unsigned(Map<String, String> form) {
        Map<String, String> unsigned = new TreeMap<>(form);
        unsigned.keySet().removeIf(key -> key.startsWith("X-Amz-")
                || List.of("AWSAccessKeyId", "Signature", "SecurityToken").contains(key));
        return unsigned;
    }

    /** The access key id: {@code Credential=ID/date/region/service/aws4_request} in a signature of version 4. */
    static String caller(String authorization, Map<String, String> form) {
        Matcher credential = CREDENTIAL.matcher(authorization != null ? authorization
                : "Credential=" + form.getOrDefault("X-Amz-Credential", ""));
        return credential.find() ? credential.group(1) : "";
    }

    static String reply(String action, String version, String requestId, Xml body) {
        return version.equals(STS_VERSION)
                ? "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/" + version + "/\"><" + action
                        + "Result>" + body + "</" + action + "Result><ResponseMetadata><RequestId>" + requestId
                        + "</RequestId></ResponseMetadata></" + action + "Response>"
                : "<" + action + "Response xmlns=\"http://ec2.amazonaws.com/doc/" + version + "/\"><requestId>"
                        + requestId + "</requestId>" + body + "</" + action + "Response>";
    }

    static String error(Ec2Error failure, String version, String requestId) {
        Xml error = new Xml();
        error.inside("Error", () -> error.element("Code", failure.code()).element("Message", failure.getMessage()));
        return version.equals(STS_VERSION)
                ? "<ErrorResponse>" + error + "<RequestId>" + requestId + "</RequestId></ErrorResponse>"
                : "<Response><Errors>" + error + "</Errors><RequestID>" + requestId + "</RequestID></Response>";
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw Ec2Error.of("MalformedQueryString", "The query string contains a syntax error.");
        }
    }
}
