package aws;

import java.io.EOFException;
import java.io.IOException;
import java.util.Set;

import problem.ProblemCode;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** A failed call to AWS: what was being done, AWS's code, and whether the call may have had an effect. */
public final class AwsFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of thing would help. */
    public enum Kind {
        NO_CREDENTIALS, NO_REGION, BAD_ENDPOINT, BAD_VARIABLE, BAD_PROFILE,
        UNREACHABLE, GARBLED, DENIED, BAD_CREDENTIALS, THROTTLED, REJECTED, SERVER
    }

    private static final Set<String> DENIALS = Set.of("UnauthorizedOperation", "AccessDenied", "AccessDeniedException");
    private static final Set<String> CREDENTIAL_CODES = Set.of("AuthFailure", "InvalidClientTokenId", "ExpiredToken",
            "ExpiredTokenException", "RequestExpired", "SignatureDoesNotMatch", "UnrecognizedClientException",
            "InvalidSignatureException", "Blocked", "OptInRequired");
    private static final Set<String> THROTTLES = Set.of("RequestLimitExceeded", "Throttling", "ThrottlingException",
            "EC2ThrottledException", "SnapshotCreationPerVolumeRateExceeded", "ConcurrentTagAccess");

    private final Kind kind;
    private final String code;

    private AwsFailure(Kind kind, String doing, String code, String detail, Throwable cause) {
        super(doing + ": " + code + (detail.isEmpty() ? "" : ": " + detail), cause);
        this.kind = kind;
        this.code = code;
    }

    public static AwsFailure noRegion(String doing) {
        return new AwsFailure(Kind.NO_REGION, doing, ProblemCode.NO_REGION.word(),
                "no region is set anywhere the AWS SDK looks", null);
    }

    /** A reply from which nothing can be concluded. */
    static AwsFailure garbled(String doing, String why) {
        return new AwsFailure(Kind.GARBLED, doing, ProblemCode.GARBLED_REPLY.word(), why, null);
    }

    /** @param setting a variable, a file or what is set, in the form "AWS_MAX_ATTEMPTS" */
    static AwsFailure badSetting(Kind kind, String setting, String what) {
        return new AwsFailure(kind, "reading " + setting, ProblemCode.BAD_SETTING.word(), what, null);
    }

    /** A setting that only the SDK understands. */
    static AwsFailure ofSettings(RuntimeException cause) {
        return new AwsFailure(Kind.BAD_PROFILE, "reading the AWS settings", ProblemCode.BAD_SETTING.word(),
                oneLine(cause.getMessage()), cause);
    }

    /** EC2 accepted a call and left a volume out: the volume may have been detached since the first look. */
    static AwsFailure notMade(String doing) {
        return new AwsFailure(Kind.REJECTED, doing, ProblemCode.NOT_MADE.word(),
                "EC2 accepted the call and made no snapshot of it", null);
    }

    /** A write that cannot be read back. */
    static AwsFailure notSeen(String doing) {
        return new AwsFailure(Kind.REJECTED, doing, ProblemCode.NOT_READ_BACK.word(),
                "EC2 accepted the write and does not show it", null);
    }

    /** A new volume that cannot be used. An unusable key shows only like this (CreateVolume, API reference). */
    static AwsFailure volumeFailed(String id, String state) {
        return new AwsFailure(Kind.REJECTED, "waiting for " + id, ProblemCode.VOLUME_FAILED.word(), state.isEmpty()
                ? "it was being made and is gone, as happens when its KMS key cannot be used" : "it is " + state, null);
    }

    /** A resource that is no longer as it was when the change was planned. */
    static AwsFailure changedMeanwhile(String doing, String what) {
        return new AwsFailure(Kind.REJECTED, doing, ProblemCode.CHANGED_MEANWHILE.word(), what, null);
    }

    /** @param doing what was being done and on which resource, in the form "describing volumes of eu-central-1" */
    static AwsFailure of(String doing, SdkException cause) {
        if (cause instanceof AwsServiceException service && service.statusCode() > 0) {
            return ofReply(doing, service);
        }
        String text = cause.getMessage() == null ? cause.toString() : oneLine(cause.getMessage());
        if (text.contains("load credentials") || text.contains("Profile file contained no credentials")) {
            String none = "no credentials anywhere the AWS SDK looks";
            return new AwsFailure(Kind.NO_CREDENTIALS, doing, ProblemCode.NO_CREDENTIALS.word(), none, cause);
        }
        if (text.matches("(?i).*\\bsso\\b.*")) {
            return new AwsFailure(Kind.NO_CREDENTIALS, doing, ProblemCode.NO_CREDENTIALS.word(), text, cause);
        }
        if (cause instanceof ApiCallTimeoutException || cause instanceof ApiCallAttemptTimeoutException) {
            return new AwsFailure(Kind.UNREACHABLE, doing, "Timeout", "no whole reply came in time", cause);
        }
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        if (root instanceof IOException && !isCut(root)) {
            return new AwsFailure(Kind.UNREACHABLE, doing, root.getClass().getSimpleName(), oneLine(root.getMessage()), cause);
        }
        return new AwsFailure(Kind.GARBLED, doing, ProblemCode.GARBLED_REPLY.word(), oneLine(root.getMessage()), cause);
    }

    /** A profile that cannot be used, such as one without a single sign-on session: the SDK throws no exception of its own. */
    static AwsFailure ofProfile(String doing, RuntimeException cause) {
        return new AwsFailure(Kind.NO_CREDENTIALS, doing, ProblemCode.NO_CREDENTIALS.word(), oneLine(cause.getMessage()), cause);
    }

    private static boolean isCut(Throwable root) {
        return root instanceof EOFException || String.valueOf(root.getMessage()).contains("remature EOF");
    }

    private static AwsFailure ofReply(String doing, AwsServiceException reply) {
        AwsErrorDetails details = reply.awsErrorDetails();
        String code = details == null || details.errorCode() == null ? "HTTP " + reply.statusCode() : details.errorCode();
        String said = details == null || details.errorMessage() == null ? "" : oneLine(details.errorMessage());
        Kind kind = DENIALS.contains(code) ? Kind.DENIED
                : CREDENTIAL_CODES.contains(code) || code.equals("HTTP 401") ? Kind.BAD_CREDENTIALS
                : THROTTLES.contains(code) ? Kind.THROTTLED
                : reply.statusCode() >= 500 ? Kind.SERVER : reply.statusCode() < 300 ? Kind.GARBLED : Kind.REJECTED;
        return new AwsFailure(kind, doing, code, said, reply);
    }

    private static String oneLine(String text) {
        String line = String.valueOf(text).strip().replaceAll("\\s+", " ");
        return line.length() <= 300 ? line : line.substring(0, 297) + "...";
    }

    /** The variable that {@link Kind#BAD_VARIABLE} and {@link Kind#BAD_ENDPOINT} are about. */
    public String variable() {
        return getMessage().replaceFirst("^reading (\\w+):(?s).*", "$1");
    }

    /** Whether a login at the single sign-on portal would help. */
    public boolean isOfSingleSignOn() {
        return kind == Kind.NO_CREDENTIALS && getMessage().matches("(?i).*\\bsso\\b.*");
    }

    public Kind kind() {
        return kind;
    }

    /** AWS's own code, or the word of a {@link ProblemCode} where no reply came. */
    public String code() {
        return code;
    }

    public boolean is(ProblemCode known) {
        return code.equals(known.word());
    }

    /** Whether the call may have done its work although no good reply came. Only a plain refusal rules that out. */
    public boolean mayHaveHadEffect() {
        return kind == Kind.UNREACHABLE || kind == Kind.GARBLED || kind == Kind.SERVER;
    }

    /** Whether the same call may succeed a moment later. */
    public boolean isPassing() {
        return mayHaveHadEffect() || kind == Kind.THROTTLED;
    }
}
