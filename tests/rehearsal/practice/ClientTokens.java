package practice;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Client tokens. A request that is sent again with its token gets what the first one made ("Ensuring idempotency in Amazon
 * EC2 API requests").
 */
final class ClientTokens {

    private record Use(Map<String, String> asked, List<String> made) {
    }

    private final Map<String, Use> uses = new HashMap<>();

    /** What the first request with this token made. Refused when the parameters differ, or when the resource is gone. */
    <T> Optional<List<T>> made(Call call, ResourceStore<T> store) {
        Use use = call.text("ClientToken").map(token -> uses.get(key(call, token))).orElse(null);
        if (use == null) {
            return Optional.empty();
        }
        List<T> still = use.made.stream().flatMap(id -> store.find(id).stream()).toList();
        // A token whose volume failed later cannot be used again (measured by the EBS CSI driver's authors, pkg/cloud/cloud.go).
        if (!use.asked.equals(asked(call)) || still.size() < use.made.size()) {
            throw Ec2Error.of("IdempotentParameterMismatch", "The client token you have provided is associated with a "
                    + "resource that was requested with other parameters or that is no longer there.");
        }
        return Optional.of(still);
    }

    void keep(Call call, List<String> made) {
        call.text("ClientToken").ifPresent(token -> uses.put(key(call, token), new Use(asked(call), made)));
    }

    private static String key(Call call, String token) {
        if (token.length() > 64) { // the page named above: up to 64 characters
            throw Ec2Error.value(token, "ClientToken", "It may have at most 64 characters.");
        }
        return call.required("Action") + " " + token;
    }

    private static Map<String, String> asked(Call call) {
        Map<String, String> asked = new TreeMap<>(call.form());
        asked.keySet().removeAll(List.of("ClientToken", "DryRun"));
        return asked;
    }
}
