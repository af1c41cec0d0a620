package report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Planned changes as people want to see them: under each volume what comes, what turns into what, and what goes. */
final class ChangeTable {
    private final PrintWriter out;
    private final boolean colour;

    ChangeTable(PrintWriter out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    void print(String planId, List<Change> changes) {
        out.println();
        out.println("Changes  (plan " + planId + ")");
        String above = "";
        for (Change change : changes) {
            String made = change.resource().isEmpty() ? "a new volume" : change.resource();
            String head = "  " + painted(change.status()) + "  " + change.etcd() + " " + change.member() + "  " + made
                    + (change.action().equals("create_volume") && !change.resource().isEmpty() ? "  (new)" : "");
            if (!head.equals(above)) {
                out.println(head);
            }
            above = head;
            lines(change);
        }
    }

    private String painted(Change.Status status) {
        String code = switch (status) {
            case DONE, ALREADY -> ReportTable.GREEN;
            case PLANNED, UNDONE, NOT_REACHED -> ReportTable.YELLOW;
            case FAILED -> ReportTable.RED;
        };
        return TerminalText.painted(colour, status.word(), code);
    }

    private void lines(Change change) {
        Map<String, String> before = change.before();
        Map<String, String> after = change.after();
        for (String key : new TreeSet<>(before.keySet())) {
            if (!after.containsKey(key)) {
                line("-", key + "=" + before.get(key), ReportTable.RED);
            }
        }
        for (String key : new TreeSet<>(after.keySet())) {
            if (!before.containsKey(key)) {
                line("+", key + "=" + after.get(key), ReportTable.GREEN);
            } else if (!before.get(key).equals(after.get(key))) {
                line("~", key + ": " + shown(before.get(key)) + " -> " + shown(after.get(key)), ReportTable.YELLOW);
            }
        }
    }

    private void line(String sign, String text, String code) {
        out.println("    " + TerminalText.painted(colour, sign + " " + text, code));
    }

    private static String shown(String value) {
        return value.isEmpty() ? "(empty)" : value;
    }
}
