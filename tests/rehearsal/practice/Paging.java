package practice;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** A page of a list that is sorted by id. The token is opaque and good for the same request only. */
record Paging<T>(List<T> items, String nextToken) {

    static <T> Paging<T> page(Call call, List<T> all, Function<T, String> id, boolean namedById, int cap) {
        if (namedById) {
            // aws/aws-cli#2452 shows EC2's words; DescribeInstances' reference page has the rule.
            if (call.text("MaxResults").isPresent() || call.text("NextToken").isPresent()) {
                throw Ec2Error.of("InvalidParameterCombination",
                        "The parameter idSet cannot be used with the parameter maxResults");
            }
            return new Paging<>(all, "");
        }
        // "between 5 and 1000" (API reference, DescribeTags); above that EC2 gives 1000.
        int size = Math.min(cap, call.integer("MaxResults", 5, Integer.MAX_VALUE).orElse(cap));
        String bound = Integer.toHexString(call.listingHash()) + " ";
        String after = call.text("NextToken").filter(t -> !t.isEmpty()).map(t -> last(t, bound)).orElse("");
        List<T> rest = all.stream().filter(item -> id.apply(item).compareTo(after) > 0).toList();
        // A page that is just full comes with a token, and the next one may be empty (aws/aws-sdk-js#939).
        if (rest.size() < size) {
            return new Paging<>(rest, "");
        }
        String token = bound + id.apply(rest.get(size - 1));
        return new Paging<>(rest.subList(0, size),
                Base64.getUrlEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
    }

    private static String last(String token, String bound) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            if (text.startsWith(bound)) {
                return text.substring(bound.length());
            }
        } catch (IllegalArgumentException notOurs) {
            // falls to the refusal below: a token is opaque, so all that is known is that it is not one
        }
        throw Ec2Error.value(token, "NextToken", "The token is invalid.");
    }
}
