package report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import problem.Problem;

/** The parts of a report that hold what was done and what is wrong: {@code changes} and {@code problems}. */
final class ChangeJson {
    private ChangeJson() {
    }

    static void fill(ArrayNode list, List<Change> changes) {
        for (Change change : changes) {
            ObjectNode node = list.addObject().put("action", change.action()).put("resource", change.resource())
                    .put("etcd", Report.emptyAsNull(change.etcd())).put("member", Report.emptyAsNull(change.member()))
                    .put("reason", Report.emptyAsNull(change.reason()));
            fill(node.putObject("before"), change.before());
            fill(node.putObject("after"), change.after());
            node.put("status", change.status().word());
        }
    }

    private static void fill(ObjectNode node, Map<String, String> values) {
        new TreeMap<>(values).forEach(node::put);
    }

    static void fillProblems(ArrayNode list, List<Problem> problems) {
        for (Problem problem : problems) {
            list.addObject().put("code", problem.code())
                    .put("severity", problem.severity().name().toLowerCase(Locale.ROOT))
                    .put("resource", Report.emptyAsNull(problem.resource())).put("summary", problem.summary())
                    .put("hint", Report.emptyAsNull(problem.hint()))
                    .put("id", Report.emptyAsNull(problem.id()));
        }
    }
}
