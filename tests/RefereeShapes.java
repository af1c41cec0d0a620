import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.w3c.dom.Element;
import org.w3c.dom.Node;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;

/** Names, types and enums of requests and replies in AWS's own model, which the SDK's classes carry. */
final class RefereeShapes {
    /** Elements that the model does not have: API reference, "Common ... response" of each action. */
    private static final Set<String> OF_THE_ENVELOPE = Set.of("requestId", "return");

    private RefereeShapes() {
    }

    /** What the model does not know in a successful answer. The form of an error is checked where its code is read. */
    static List<String> strangeInReply(String action, RefereeReply reply) {
        List<String> strange = new ArrayList<>();
        if (reply.status() != 200) {
            return strange;
        }
        Element root = reply.xml().getDocumentElement();
        if (!root.getNodeName().equals(action + "Response")) {
            strange.add("the answer to " + action + " is a " + root.getNodeName());
        }
        boolean sts = action.equals("GetCallerIdentity");
        for (Element element : children(root)) {
            if (sts && element.getNodeName().equals(action + "Result")) {
                children(element).forEach(inner -> check(inner, shape(action, "Response"), action, strange));
            } else if (!OF_THE_ENVELOPE.contains(element.getNodeName()) && !sts) {
                check(element, shape(action, "Response"), action, strange);
            }
        }
        return strange;
    }

    /** The parameters of a call that the model does not know. */
    static List<String> strangeInCall(Map<String, String> call) {
        List<String> strange = new ArrayList<>();
        for (String key : call.keySet()) {
            if (!Set.of("Action", "Version").contains(key)
                    && !knows(shape(call.get("Action"), "Request"), List.of(key.split("\\.(?![.\\d]+})")))) {
                strange.add(call.get("Action") + " has no " + key);
            }
        }
        return strange;
    }

    private static SdkPojo shape(String action, String suffix) {
        String service = action.equals("GetCallerIdentity") ? "sts" : "ec2";
        try {
            return (SdkPojo) Class.forName("software.amazon.awssdk.services." + service + ".model." + action + suffix)
                    .getMethod("builder").invoke(null);
        } catch (ReflectiveOperationException unknown) {
            throw new IllegalArgumentException(service + " has no " + action + suffix, unknown);
        }
    }

    private static void check(Element element, SdkPojo shape, String where, List<String> strange) {
        String here = where + "." + element.getNodeName();
        SdkField<?> field = shape.sdkFields().stream()
                .filter(f -> f.unmarshallLocationName().equals(element.getNodeName())).findFirst().orElse(null);
        if (field == null) {
            strange.add("the model does not know " + here);
        } else if (field.marshallingType() == MarshallingType.LIST) {
            SdkField<?> member = field.getTrait(ListTrait.class).memberFieldInfo();
            for (Element item : children(element)) {
                if (!item.getNodeName().equals("item")) {
                    strange.add(here + " is a list, of items");
                } else if (member.marshallingType() == MarshallingType.SDK_POJO) {
                    children(item).forEach(inner -> check(inner, member.constructor().get(), here, strange));
                } else if (!fits(member.marshallingType(), item.getTextContent())) {
                    strange.add(here + " holds " + item.getTextContent());
                }
            }
        } else if (field.marshallingType() == MarshallingType.SDK_POJO) {
            children(element).forEach(inner -> check(inner, field.constructor().get(), here, strange));
        } else if (!fits(field.marshallingType(), element.getTextContent())) {
            strange.add(here + " is no " + field.marshallingType() + ": " + element.getTextContent());
        } else if (!isOfItsList(shape, field.memberName(), element.getTextContent())) {
            strange.add(here + " has no value " + element.getTextContent());
        }
    }

    private static boolean fits(MarshallingType<?> type, String text) {
        if (type == MarshallingType.INSTANT) {
            try {
                return Instant.parse(text) != null;
            } catch (DateTimeParseException notATime) {
                return false;
            }
        }
        return type == MarshallingType.STRING
                || type == MarshallingType.BOOLEAN && text.matches("true|false")
                || (type == MarshallingType.INTEGER || type == MarshallingType.LONG) && text.matches("-?[0-9]+")
                || type == MarshallingType.DOUBLE && text.matches("-?[0-9.]+");
    }

    /** An enum of the model is an enum of the SDK. Any other value becomes UNKNOWN_TO_SDK_VERSION there. */
    private static boolean isOfItsList(SdkPojo builder, String member, String text) {
        try {
            Class<?> type = builder.getClass().getEnclosingClass()
                    .getMethod(member.substring(0, 1).toLowerCase(Locale.ROOT) + member.substring(1)).getReturnType();
            return !type.isEnum()
                    || !type.getMethod("fromValue", String.class).invoke(null, text).toString().equals("null");
        } catch (NoSuchMethodException namedOtherwise) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(member, e);
        }
    }

    /** EC2's query form: a dot before the member of a structure, a dot and a number before the member of a list. */
    private static boolean knows(SdkPojo shape, List<String> path) {
        for (SdkField<?> field : shape.sdkFields()) {
            if (capital(field.locationName()).equals(path.get(0))) {
                List<String> rest = path.subList(1, path.size());
                SdkField<?> at = field;
                if (field.marshallingType() == MarshallingType.LIST) {
                    if (rest.isEmpty() || !rest.get(0).matches("[0-9]+|\\{[0-9.]+}")) {
                        return false;
                    }
                    at = field.getTrait(ListTrait.class).memberFieldInfo();
                    rest = rest.subList(1, rest.size());
                }
                return at.marshallingType() == MarshallingType.SDK_POJO ? !rest.isEmpty() && knows(at.constructor().get(), rest)
                        : rest.isEmpty();
            }
        }
        return false;
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static List<Element> children(Element parent) {
        List<Element> all = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                all.add(element);
            }
        }
        return all;
    }
}
