import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What an answer must be.
 *
 * @param is    exactly these texts at a path, in any order
 * @param has   these texts at a path, among others
 * @param not   some texts at a path, but not these
 * @param oneOf some texts at a path, and each of them is one of these
 */
record RefereeExpectation(int status, List<String> codes, Map<String, List<String>> is, Map<String, List<String>> has,
                          Map<String, List<String>> not, Map<String, List<String>> oneOf, Map<String, String> matches,
                          Map<String, Integer> count, List<String> present, List<String> absent) {

    static final RefereeExpectation SUCCESS = new RefereeExpectation(200, List.of(), Map.of(), Map.of(), Map.of(),
            Map.of(), Map.of(), Map.of(), List.of(), List.of());

    /** What is wrong with the answer, in words; empty when nothing is wrong. */
    List<String> complaints(RefereeReply reply, UnaryOperator<String> fill) {
        List<String> wrong = new ArrayList<>();
        if (reply.status() != status) {
            wrong.add("status " + reply.status() + " instead of " + status);
        }
        if (!codes.isEmpty() && !codes.contains(reply.code())) {
            wrong.add("code '" + reply.code() + "' instead of " + String.join(" or ", codes));
        }
        is.forEach((path, texts) -> say(wrong, filled(texts, fill).equals(reply.texts(path).stream().sorted().toList()),
                path, reply, "instead of " + filled(texts, fill)));
        has.forEach((path, texts) -> say(wrong, reply.texts(path).containsAll(filled(texts, fill)), path, reply,
                "without " + filled(texts, fill)));
        not.forEach((path, texts) -> say(wrong, !reply.texts(path).isEmpty()
                && filled(texts, fill).stream().noneMatch(reply.texts(path)::contains), path, reply,
                "where there must be another than " + filled(texts, fill)));
        oneOf.forEach((path, texts) -> say(wrong, !reply.texts(path).isEmpty()
                && filled(texts, fill).containsAll(reply.texts(path)), path, reply, "instead of one of "
                + filled(texts, fill)));
        matches.forEach((path, regex) -> say(wrong, !reply.texts(path).isEmpty() && reply.texts(path).stream()
                .allMatch(Pattern.compile(regex, Pattern.DOTALL).asMatchPredicate()), path, reply, "instead of " + regex));
        count.forEach((path, many) -> say(wrong, reply.texts(path).size() == many, path, reply, "instead of " + many));
        present.forEach(path -> say(wrong, !String.join("", reply.texts(path)).isEmpty(), path, reply,
                "instead of something"));
        absent.forEach(path -> say(wrong, reply.texts(path).isEmpty(), path, reply, "instead of nothing"));
        return wrong;
    }

    private static void say(List<String> wrong, boolean right, String path, RefereeReply reply, String instead) {
        if (!right) {
            wrong.add(path + " is " + reply.texts(path) + " " + instead);
        }
    }

    private static List<String> filled(List<String> texts, UnaryOperator<String> fill) {
        return texts.stream().map(fill).sorted().toList();
    }
}
