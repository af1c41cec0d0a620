package practice;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** KMS, as far as a restore needs it: DescribeKey, as JSON over POST with the action in a header (KMS API reference). */
final class KeyService {

    static final String ACTION = "DescribeKey";
    private static final Pattern KEY = Pattern.compile("\"KeyId\"\\s*:\\s*\"([^\"\\\\]+)\"");
    private static final String ARN = "arn:aws:kms:%s:%s:";

    private final Account account;

    KeyService(Account account) {
        this.account = account;
    }

    /** Whether a request is for KMS. */
    static boolean isFor(String target) {
        return target != null && target.startsWith("TrentService.");
    }

    static Optional<String> key(String body) {
        Matcher key = KEY.matcher(body);
        return key.find() ? Optional.of(key.group(1)) : Optional.empty();
    }

    /** Every key id of this account and region exists here. The settings give its state; the default is Enabled. */
    EbsDirect.Answer answer(String target, String body) {
        if (!target.equals("TrentService." + ACTION)) {
            throw Ec2Error.of("UnknownOperationException", "%s is not modelled", target);
        }
        String key = key(body).orElseThrow(() -> Ec2Error.of("ValidationException", "KeyId is missing"));
        if (!key.startsWith(String.format(ARN, account.region, Account.ID))) {
            throw Ec2Error.of("NotFoundException", "Key '%s' does not exist", key);
        }
        String state = account.settings.keyState(key);
        return json(200, "{\"KeyMetadata\":{\"AWSAccountId\":\"" + Account.ID + "\",\"Arn\":\"" + key + "\",\"KeyId\":\""
                + key.substring(key.lastIndexOf('/') + 1) + "\",\"Enabled\":" + state.equals("Enabled") + ",\"KeyState\":\""
                + state + "\",\"KeyManager\":\"CUSTOMER\",\"KeyUsage\":\"ENCRYPT_DECRYPT\"}}");
    }

    static EbsDirect.Answer answer(Ec2Error error) {
        String code = error.code().equals("UnauthorizedOperation") ? "AccessDeniedException"
                : error.code().equals("RequestLimitExceeded") ? "ThrottlingException" : error.code();
        return json(error.code().equals("UnauthorizedOperation") || error.status() == 503 ? 400 : error.status(),
                "{\"__type\":\"" + code + "\",\"message\":\"" + error.getMessage().replace("\"", "'") + "\"}");
    }

    private static EbsDirect.Answer json(int status, String body) {
        return new EbsDirect.Answer(status, "application/x-amz-json-1.1", Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }
}
