package practice;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Errors of the EBS direct APIs: JSON, with the name of the exception in a header (EBS direct APIs reference). */
final class EbsDirectErrors {

    /** The EC2 codes of faults, and what the EBS direct APIs call the same errors. */
    private static final Map<String, String> CODES = Map.of("RequestLimitExceeded", "RequestThrottledException",
            "InternalError", "InternalServerException", "UnauthorizedOperation", "AccessDeniedException",
            "RequestExpired", "InvalidSignatureException");
    private static final Map<String, Integer> STATUSES = Map.of("RequestThrottledException", 400,
            "InvalidSignatureException", 403);

    private EbsDirectErrors() {
    }

    static String code(Ec2Error error) {
        return CODES.getOrDefault(error.code(), error.code());
    }

    static EbsDirect.Answer answer(Ec2Error error) {
        String code = code(error);
        String json = "{\"Message\":\"" + error.getMessage().replace("\\", "\\\\").replace("\"", "\\\"") + "\""
                + (error.reason().isEmpty() ? "" : ",\"Reason\":\"" + error.reason() + "\"") + "}";
        return new EbsDirect.Answer(STATUSES.getOrDefault(code, error.status()), "application/json",
                Map.of("x-amzn-errortype", code), json.getBytes(StandardCharsets.UTF_8));
    }
}
