package practice;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How the EBS direct APIs say no: JSON, with the name of the exception in a header (EBS direct APIs reference). */
final class EbsDirectErrors {

    /** What hits any API here, in the words of this one. */
    private static final Map<String, String> CODES = Map.of("RequestLimitExceeded", "RequestThrottledException",
            "InternalError", "InternalServerException", "UnauthorizedOperation", "AccessDeniedException",
            "RequestExpired", "InvalidSignatureException");
    private static final Map<String, Integer> STATUSES = Map.of("RequestThrottledException", 400,
            "InvalidSignatureException", 403);

    private EbsDirectErrors() {
    }

    static String code(Ec2Error refusal) {
        return CODES.getOrDefault(refusal.code(), refusal.code());
    }

    static EbsDirect.Answer answer(Ec2Error refusal) {
        String code = code(refusal);
        String json = "{\"Message\":\"" + refusal.getMessage().replace("\\", "\\\\").replace("\"", "\\\"") + "\""
                + (refusal.reason().isEmpty() ? "" : ",\"Reason\":\"" + refusal.reason() + "\"") + "}";
        return new EbsDirect.Answer(STATUSES.getOrDefault(code, refusal.status()), "application/json",
                Map.of("x-amzn-errortype", code), json.getBytes(StandardCharsets.UTF_8));
    }
}
