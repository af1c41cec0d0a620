import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a case against one endpoint, from its first step to the first that goes wrong. */
final class RefereeRun {
    private static final Pattern NAME = Pattern.compile("\\$\\{(\\w+)}");

    private final RefereeEndpoint endpoint;
    private final Consumer<Duration> pass;
    private final BiFunction<String, RefereeReply, List<String>> shapes;
    private final Map<String, String> saved = new HashMap<>();

    /**
     * @param pass   lets this much time pass
     * @param shapes what in an answer to an action AWS's model does not know
     */
    RefereeRun(RefereeEndpoint endpoint, Consumer<Duration> pass, BiFunction<String, RefereeReply, List<String>> shapes) {
        this.endpoint = endpoint;
        this.pass = pass;
        this.shapes = shapes;
        saved.put("region", endpoint.region());
        // By this value the case tells its own resources from those that other cases left on the same endpoint.
        saved.put("run", UUID.randomUUID().toString());
    }

    /** What went wrong, with the step and the answer; empty when nothing did. */
    String complaint(RefereeCase rule) throws IOException, InterruptedException {
        for (RefereeStep step : rule.steps()) {
            if (step.isWait()) {
                pass.accept(step.pause());
            }
            for (int n = 1; !step.isWait() && n <= step.repeat(); n++) {
                List<String> wrong = new ArrayList<>();
                RefereeReply reply = ask(step, wrong);
                if (!wrong.isEmpty()) {
                    return rule.name() + " (" + rule.source() + ")\n" + asked(step) + "\n" + String.join("\n", wrong) + "\n"
                            + reply;
                }
            }
        }
        return "";
    }

    private RefereeReply ask(RefereeStep step, List<String> wrong) throws IOException, InterruptedException {
        RefereeReply reply;
        if (!step.get().isEmpty()) {
            reply = endpoint.get(filled(step.get()));
        } else {
            reply = endpoint.call(step.parameters().stream().map(p -> Map.entry(p.getKey(), filled(p.getValue()))).toList());
            wrong.addAll(shapes.apply(step.call().get("Action"), reply));
        }
        wrong.addAll(step.expect().complaints(reply, this::filled));
        step.save().forEach((name, path) -> {
            List<String> texts = reply.texts(path);
            if (texts.size() == 1) {
                saved.put(name, texts.get(0));
            } else if (wrong.isEmpty()) {
                wrong.add(path + " is " + texts + " and cannot be saved as " + name);
            }
        });
        return reply;
    }

    private String asked(RefereeStep step) {
        return step.get().isEmpty() ? filled(step.call().toString()) : "GET " + filled(step.get());
    }

    private String filled(String text) {
        return NAME.matcher(text).replaceAll(name -> {
            // A number stands for a text with so many characters.
            String value = name.group(1).matches("[0-9]+") ? "x".repeat(Integer.parseInt(name.group(1)))
                    : saved.get(name.group(1));
            if (value == null) {
                throw new IllegalArgumentException("nothing was saved as " + name.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
