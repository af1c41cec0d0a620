package practice;

/** EC2 says no. The codes are those of the API reference, "Error codes for the Amazon EC2 API". */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final String reason;

    private Refusal(int status, String code, String reason, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.reason = reason;
    }

    static Refusal of(String code, String message, Object... values) {
        return new Refusal(400, code, "", String.format(message, values));
    }

    static Refusal of(int status, String code, String message) {
        return new Refusal(status, code, "", message);
    }

    /** The EBS direct APIs name the reason beside the code. */
    Refusal because(String why) {
        return new Refusal(status, code, why, getMessage());
    }

    /** The wording is EC2's, seen in public reports. */
    static Refusal value(String value, String parameter, String why) {
        return of("InvalidParameterValue", "Value (%s) for parameter %s is invalid. %s", value, parameter, why);
    }

    static Refusal missing(String parameter) {
        return of("MissingParameter", "The request must contain the parameter %s", parameter);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    /** Empty where there is none. */
    String reason() {
        return reason;
    }
}
