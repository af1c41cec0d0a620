package practice;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** One page of a list that is sorted by id. The token is opaque, and valid for the same request only. */
record Paging<T>(List<T> items, String nextToken) {

    static <T> Paging<T> page(Call call, List<T> all, Function<T, String> id, boolean namedById, int cap) {
        if (namedById) {
            // The rule: API reference, DescribeInstances. EC2's words: aws/aws-cli#2452.
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
        // A page that is exactly full has a token, even when the next page is empty (aws/aws-sdk-js#939).
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
            // the error below: any text that is not one of our tokens is just invalid
        }
        throw Ec2Error.value(token, "NextToken", "The token is invalid.");
    }
}
