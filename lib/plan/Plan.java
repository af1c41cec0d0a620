package plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import facts.Facts;
import facts.Volume;

/** What a command would do to AWS, call by call, in the order in which it is done. */
public record Plan(List<PlannedChange> changes) {
    public Plan {
        changes = List.copyOf(changes);
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The changes that are not so already: an earlier run may have been interrupted anywhere. */
    public List<PlannedChange> open(Facts facts) {
        Map<String, Volume> volumes = new TreeMap<>();
        facts.volumes().forEach(v -> volumes.put(v.id(), v));
        return changes.stream().filter(c -> switch (c.action()) {
            case CREATE_VOLUME -> c.resource().isEmpty();
            case TAG, UNTAG -> c.resource().isEmpty() || !c.appliedTo(volumes.get(c.resource()).tags())
                    .equals(volumes.get(c.resource()).tags());
        }).toList();
    }

    /** The same changes have the same id, whatever their order and whatever ids new volumes were given. */
    public String id() {
        return fingerprint(changes.stream().map(c -> line(c.action().word(), c.target(), c.etcd(), c.member(),
                line(c.before()), line(c.after()))).toList());
    }

    /** Twelve hexadecimal digits for some lines in any order. */
    public static String fingerprint(List<String> lines) {
        byte[] text = lines.stream().sorted().collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** With lengths, so that no tag can look like two tags. */
    private static String line(String... parts) {
        return Stream.of(parts).map(p -> p.length() + ":" + p).collect(Collectors.joining(" "));
    }

    private static String line(Map<String, String> tags) {
        return new TreeMap<>(tags).entrySet().stream().map(t -> line(t.getKey(), t.getValue()))
                .collect(Collectors.joining(" "));
    }
}
