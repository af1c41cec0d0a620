import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step of a case: a call in EC2's query form, a request of the EBS direct APIs by its path, or a wait; {@code save}
 * names what later steps use of the answer, by paths.
 */
record RefereeStep(Map<String, String> call, String get, Duration pause, int repeat, RefereeExpectation expect,
                   Map<String, String> save) {

    private static final Pattern RANGE = Pattern.compile("\\{(\\d+)\\.\\.(\\d+)}");

    boolean isWait() {
        return call.isEmpty() && get.isEmpty();
    }

    /** Whether it can do nothing to an account but be answered, once: request buckets are shared by all who work there. */
    boolean onlyReads() {
        String action = call.getOrDefault("Action", "");
        return repeat == 1 && isRead(action);
    }

    private boolean isRead(String action) {
        return isWait() || action.startsWith("Describe") || action.equals("GetCallerIdentity")
                || !action.isEmpty() && call.getOrDefault("DryRun", "").equals("true");
    }

    /** The call's parameters with {@code Tag.{1..50}.Key} written out, and {@code {n}} in its value as the number. */
    List<Map.Entry<String, String>> parameters() {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        call.forEach((key, value) -> {
            Matcher range = RANGE.matcher(key);
            if (!range.find()) {
                all.add(Map.entry(key, value));
                return;
            }
            for (int n = Integer.parseInt(range.group(1)); n <= Integer.parseInt(range.group(2)); n++) {
                String number = Integer.toString(n);
                all.add(Map.entry(range.replaceFirst(number), value.replace("{n}", number)));
            }
        });
        return all;
    }
}
