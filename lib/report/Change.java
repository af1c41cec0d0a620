package report;

import java.util.Locale;
import java.util.Map;

/** One thing done to AWS, or to be done. {@code before} and {@code after} hold only what differs. */
public record Change(
        String action, String resource, String etcd, String member, String reason, Map<String, String> before,
        Map<String, String> after, Status status) {

    public enum Status {
        PLANNED, DONE, ALREADY, FAILED, UNDONE, NOT_REACHED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
