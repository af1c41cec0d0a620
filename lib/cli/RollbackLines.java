package cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import plan.PlannedChange;
import report.CommandWords;

/**
 * What takes back changes of tags, as whole command lines of the AWS CLI: for the hour in which somebody trusts no script of
 * ours. Tags are written as JSON, since in the CLI's shorthand a comma would end a value.
 */
final class RollbackLines {
    private final String where;

    /** @param where the options that say which AWS is meant; the CLI spells them as we do */
    RollbackLines(String where) {
        this.where = where;
    }

    /** The lines for changes that were done, the last change first. */
    List<String> of(List<PlannedChange> done) {
        List<String> lines = new ArrayList<>();
        for (int n = done.size() - 1; n >= 0; n--) {
            PlannedChange change = done.get(n);
            Map<String, String> added = new TreeMap<>(change.after());
            added.keySet().removeAll(change.before().keySet());
            add(lines, "delete-tags", change.resource(), added);
            add(lines, "create-tags", change.resource(), change.before());
        }
        return lines;
    }

    private void add(List<String> lines, String call, String resource, Map<String, String> tags) {
        if (!tags.isEmpty()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            new TreeMap<>(tags).forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
            lines.add("aws ec2 " + call + " --resources " + CommandWords.quoted(resource) + " --tags "
                    + CommandWords.quoted(list.toString()) + where);
        }
    }
}
