import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step of a case: a call in EC2's query form, a request to the EBS direct APIs by its path, or a wait.
 *
 * @param save names for parts of the answer that later steps use, each with its path
 */
record RefereeStep(Map<String, String> call, String get, Duration pause, int repeat, RefereeExpectation expect,
                   Map<String, String> save) {

    private static final Pattern RANGE = Pattern.compile("\\{(\\d+)\\.\\.(\\d+)}");

    boolean isWait() {
        return call.isEmpty() && get.isEmpty();
    }

    /** Whether the step only reads, and only once: everybody who works in an account shares its request limits. */
    boolean onlyReads() {
        String action = call.getOrDefault("Action", "");
        return repeat == 1 && isRead(action);
    }

    private boolean isRead(String action) {
        return isWait() || action.startsWith("Describe") || action.equals("GetCallerIdentity")
                || !action.isEmpty() && call.getOrDefault("DryRun", "").equals("true");
    }

    /** The parameters, with {@code Tag.{1..50}.Key} as fifty parameters, and {@code {n}} in the value as the number. */
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
