package practice;

/** An error that EC2 answers with. The codes are those of the API reference, "Error codes for the Amazon EC2 API". */
final class Ec2Error extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final String reason;

    private Ec2Error(int status, String code, String reason, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.reason = reason;
    }

    static Ec2Error of(String code, String message, Object... values) {
        return new Ec2Error(400, code, "", String.format(message, values));
    }

    static Ec2Error of(int status, String code, String message) {
        return new Ec2Error(status, code, "", message);
    }

    /** The same error with a Reason: the EBS direct APIs send one beside the code. */
    Ec2Error because(String why) {
        return new Ec2Error(status, code, why, getMessage());
    }

    /** The wording is EC2's, as seen in public bug reports. */
    static Ec2Error value(String value, String parameter, String why) {
        return of("InvalidParameterValue", "Value (%s) for parameter %s is invalid. %s", value, parameter, why);
    }

    static Ec2Error missing(String parameter) {
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
