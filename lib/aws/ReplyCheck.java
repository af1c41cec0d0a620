package aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Accepts a successful reply of EC2 only if it is the reply to this very action. The SDK itself reads an empty body, a login
 * page or another action's document as "there is nothing", which a restore would take for lost volumes. The EC2 query protocol
 * names the root element after the action and puts a request id into it (Smithy, "AWS EC2 query protocol").
 */
final class ReplyCheck implements ExecutionInterceptor {
    /** A page of 500 volumes with 50 tags each is below 16 MiB. */
    private static final int LONGEST = 64 << 20;
    private static final XMLInputFactory XML = factory();

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    @Override
    public Optional<InputStream> modifyHttpResponseContent(Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        if (!context.httpResponse().isSuccessful()) {
            return context.responseBody();
        }
        String action = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        try (InputStream stream = context.responseBody().orElseGet(InputStream::nullInputStream)) {
            byte[] body = stream.readNBytes(LONGEST + 1);
            if (body.length > LONGEST) {
                throw garbled(action, "it is longer than " + (LONGEST >> 20) + " MiB");
            }
            check(action, body);
            return Optional.of(new ByteArrayInputStream(body));
        } catch (IOException cut) {
            throw SdkClientException.create("reading the reply to " + action + ": " + cut.getMessage(), cut);
        } catch (XMLStreamException wrong) {
            throw garbled(action, "it is no XML document: " + wrong.getMessage());
        }
    }

    /** Reads the document to its end, so that one that was cut short is noticed too. */
    private static void check(String action, byte[] body) throws XMLStreamException {
        XMLStreamReader reply = XML.createXMLStreamReader(new ByteArrayInputStream(body));
        int depth = 0;
        boolean hasRequestId = false;
        while (reply.hasNext()) {
            int event = reply.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                depth++;
                if (depth == 1 && !reply.getLocalName().equals(action + "Response")) {
                    throw garbled(action, "its root element is " + reply.getLocalName());
                }
                if (depth == 2 && reply.getLocalName().equals("requestId")) {
                    hasRequestId = !reply.getElementText().isBlank();
                    depth--;
                }
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            }
        }
        if (!hasRequestId) {
            throw garbled(action, "it has no request id");
        }
    }

    private static SdkClientException garbled(String action, String why) {
        return SdkClientException.create("the reply is no reply to " + action + ": " + why);
    }
}
