package practice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import disk.Disks;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The part of the EBS direct APIs that reads snapshots: a REST API beside EC2's, with JSON and raw blocks instead of XML.
 * Names and limits, and where each parameter stands, are those of the service model, ebs/2019-11-02.
 */
final class EbsDirect {

    private static final Pattern PATH = Pattern.compile("/snapshots/([^/]+)/(?:(changedblocks)|blocks(?:/([^/]+))?)");

    /** EBS User Guide, "Concepts for EBS direct APIs": block tokens are good for seven days, page tokens for 60 minutes. */
    private static final Duration BLOCK_TOKEN = Duration.ofDays(7);
    private static final Duration PAGE_TOKEN = Duration.ofMinutes(60);

    /** Clients may not read tokens, but tokens are no secret. The key is fixed, so that every run gives the same tokens. */
    private static final byte[] KEY = "practice".getBytes(StandardCharsets.UTF_8);

    /** The volume id that EC2 gives for every copied snapshot (EC2 API, CopySnapshot). */
    private static final String VOLUME_OF_COPIES = "vol-ffffffff";

    private final Account account;
    private final Disks disks;

    EbsDirect(Account account) {
        this.account = account;
        this.disks = account.settings.disks();
    }

    /** An HTTP answer. */
    record Answer(int status, String contentType, Map<String, String> headers, byte[] body) {
    }

    /** The action that a request asks for; empty when the request is not for the EBS direct APIs. */
    static Optional<String> action(String method, String path) {
        Matcher parts = PATH.matcher(path);
        if (!method.equals("GET") || !parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(parts.group(2) != null ? "ListChangedBlocks"
                : parts.group(3) != null ? "GetSnapshotBlock" : "ListSnapshotBlocks");
    }

    Answer answer(String action, String path, Map<String, String> query, Instant now) {
        Matcher parts = PATH.matcher(path);
        if (!parts.matches()) {
            throw new IllegalArgumentException(path);
        }
        World.Snapshot snapshot = readable(parts.group(1), now);
        try {
            return switch (action) {
                case "ListSnapshotBlocks" -> list(snapshot, query, now);
                case "ListChangedBlocks" -> listChanged(snapshot, query, now);
                case "GetSnapshotBlock" -> get(snapshot, index(parts.group(3), "BlockIndex"), query, now);
                default -> throw new IllegalArgumentException(action);
            };
        } catch (IOException cannot) { // 501, not 500: an SDK asks again after a 500, and that would not help
            throw Ec2Error.of(501, "InternalServerException", "The practice cloud's disks: " + cannot.getMessage());
        }
    }

    /**
     * Only a completed snapshot can be read (EBS User Guide, "Frequently asked questions for EBS direct APIs"), and no
     * archived one ("Read Amazon EBS snapshots"). AWS does not document the Reason of these two errors.
     */
    private World.Snapshot readable(String id, Instant now) {
        if (!id.matches("snap-[0-9a-f]{1,59}")) {
            throw invalid("INVALID_SNAPSHOT_ID", "Invalid snapshot id: " + id);
        }
        World.Snapshot snapshot = account.snapshots.find(id).map(taken -> taken.at(now)).orElseThrow(() -> Ec2Error.of(404,
                "ResourceNotFoundException", "The snapshot '" + id + "' does not exist.").because("SNAPSHOT_NOT_FOUND"));
        if (!snapshot.state().equals("completed")) {
            throw invalid("INVALID_SNAPSHOT_ID", "The snapshot '" + id + "' is " + snapshot.state() + ", not completed.");
        }
        if (!snapshot.storageTier().equals("standard")) {
            throw invalid("INVALID_SNAPSHOT_ID", "The snapshot '" + id + "' is archived.");
        }
        return snapshot;
    }

    private Answer list(World.Snapshot snapshot, Map<String, String> query, Instant now) throws IOException {
        refuseUnknown(query, Set.of("pageToken", "maxResults", "startingBlockIndex"));
        Page page = Page.of(query, "ListSnapshotBlocks " + snapshot.id(), now);
        BitSet blocks = disks.blocks(snapshot.id());
        List<String> items = new ArrayList<>();
        int index = blocks.nextSetBit(page.from);
        for (; index >= 0 && items.size() < page.most; index = blocks.nextSetBit(index + 1)) {
            items.add("{\"BlockIndex\":" + index + ",\"BlockToken\":" + quoted(blockToken(snapshot.id(), index, now)) + "}");
        }
        return listed("Blocks", items, snapshot, page, index, now);
    }

    /**
     * EBS may list a block that was written again with the same bytes, since it compares what it stored. Here the bytes are
     * compared. A snapshot that does not have the block gets no token for it.
     */
    private Answer listChanged(World.Snapshot second, Map<String, String> query, Instant now) throws IOException {
        refuseUnknown(query, Set.of("firstSnapshotId", "pageToken", "maxResults", "startingBlockIndex"));
        if (!query.containsKey("firstSnapshotId")) { // the model does not mark it as required, but its text says: an error
            throw invalid("INVALID_PARAMETER_VALUE", "FirstSnapshotId must be specified with SecondSnapshotId.");
        }
        World.Snapshot first = readable(query.get("firstSnapshotId"), now);
        if (!first.volumeId().equals(second.volumeId()) || first.volumeId().equals(VOLUME_OF_COPIES)) {
            throw invalid("UNRELATED_SNAPSHOTS", "The snapshots '" + first.id() + "' and '" + second.id()
                    + "' are not of one volume.");
        }
        Page page = Page.of(query, "ListChangedBlocks " + first.id() + " " + second.id(), now);
        BitSet inFirst = disks.blocks(first.id());
        BitSet inSecond = disks.blocks(second.id());
        BitSet either = (BitSet) inFirst.clone();
        either.or(inSecond);
        List<String> items = new ArrayList<>();
        int index = either.nextSetBit(page.from);
        for (; index >= 0 && items.size() < page.most; index = either.nextSetBit(index + 1)) {
            if (inFirst.get(index) && inSecond.get(index)
                    && Arrays.equals(disks.block(first.id(), index), disks.block(second.id(), index))) {
                continue;
            }
            items.add("{\"BlockIndex\":" + index
                    + (inFirst.get(index) ? ",\"FirstBlockToken\":" + quoted(blockToken(first.id(), index, now)) : "")
                    + (inSecond.get(index) ? ",\"SecondBlockToken\":" + quoted(blockToken(second.id(), index, now)) : "")
                    + "}");
        }
        return listed("ChangedBlocks", items, second, page, index, now);
    }

    private static Answer listed(String name, List<String> items, World.Snapshot snapshot, Page page, int next, Instant now) {
        String body = "{\"" + name + "\":[" + String.join(",", items) + "],\"ExpiryTime\":"
                + now.plus(BLOCK_TOKEN).getEpochSecond() + ",\"VolumeSize\":" + snapshot.sizeGib() + ",\"BlockSize\":"
                + Disks.BLOCK_BYTES + (next < 0 ? "" : ",\"NextToken\":" + quoted(page.token(next, now))) + "}";
        return new Answer(200, "application/json", Map.of(), utf8(body));
    }

    private Answer get(World.Snapshot snapshot, int index, Map<String, String> query, Instant now) throws IOException {
        refuseUnknown(query, Set.of("blockToken"));
        if (!disks.blocks(snapshot.id()).get(index)) {
            throw invalid("INVALID_BLOCK", "The snapshot '" + snapshot.id() + "' has no block " + index + ".");
        }
        Token.open(query.getOrDefault("blockToken", ""), snapshot.id() + " " + index, now)
                .orElseThrow(() -> invalid("INVALID_BLOCK_TOKEN", "The block token is invalid."));
        byte[] block = disks.block(snapshot.id(), index);
        return new Answer(200, "application/octet-stream", Map.of("x-amz-Data-Length", "" + block.length,
                "x-amz-Checksum", Base64.getEncoder().encodeToString(sha256(block)),
                "x-amz-Checksum-Algorithm", "SHA256"), block);
    }

    private static String blockToken(String snapshot, int index, Instant now) {
        return Token.seal(snapshot + " " + index, 0, now.plus(BLOCK_TOKEN));
    }

    /** One page of a listing: the first index, and how many blocks at most. */
    private record Page(String listing, int from, int most) {

        /** "If you specify NextToken, then StartingBlockIndex is ignored." */
        static Page of(Map<String, String> query, String listing, Instant now) {
            int start = query.containsKey("startingBlockIndex")
                    ? index(query.get("startingBlockIndex"), "StartingBlockIndex") : 0;
            String token = query.getOrDefault("pageToken", "");
            int from = token.isEmpty() ? start : Token.open(token, listing, now)
                    .orElseThrow(() -> invalid("INVALID_PAGE_TOKEN", "The page token is invalid."));
            // The FAQ: a call that asks for less than 100 gets 100. AWS does not document the default.
            int most = query.containsKey("maxResults") ? index(query.get("maxResults"), "MaxResults") : 10000;
            if (most > 10000) {
                throw invalid("INVALID_PARAMETER_VALUE", "MaxResults is at most 10000.");
            }
            return new Page(listing, from, Math.max(100, most));
        }

        String token(int next, Instant now) {
            return Token.seal(listing, next, now.plus(PAGE_TOKEN));
        }
    }

    /** A number with a time limit, signed for one purpose: for any other purpose the signature does not fit. */
    private static final class Token {

        static String seal(String purpose, int number, Instant until) {
            byte[] open = ByteBuffer.allocate(12).putInt(number).putLong(until.toEpochMilli()).array();
            byte[] seal = hmac(purpose, open);
            return Base64.getEncoder().encodeToString(ByteBuffer.allocate(44).put(open).put(seal).array());
        }

        static Optional<Integer> open(String token, String purpose, Instant now) {
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(token);
            } catch (IllegalArgumentException notBase64) {
                return Optional.empty();
            }
            if (bytes.length != 44) {
                return Optional.empty();
            }
            byte[] open = Arrays.copyOf(bytes, 12);
            ByteBuffer fields = ByteBuffer.wrap(open);
            int number = fields.getInt();
            boolean isOurs = Arrays.equals(hmac(purpose, open), Arrays.copyOfRange(bytes, 12, 44));
            return isOurs && now.toEpochMilli() < fields.getLong() ? Optional.of(number) : Optional.empty();
        }

        private static byte[] hmac(String purpose, byte[] open) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
                mac.update(open);
                return mac.doFinal(utf8(purpose));
            } catch (GeneralSecurityException never) { // every JDK has it
                throw new IllegalStateException(never);
            }
        }
    }

    private static int index(String text, String name) {
        if (!text.matches("[0-9]{1,9}")) {
            throw invalid("INVALID_PARAMETER_VALUE", name + " is no number from 0 on: " + text);
        }
        return Integer.parseInt(text);
    }

    private static void refuseUnknown(Map<String, String> query, Set<String> known) {
        // Path is no parameter of the caller: the journal records the path of the request under this name
        query.keySet().stream().filter(name -> !known.contains(name) && !name.equals("Path")).findFirst().ifPresent(name -> {
            throw invalid("INVALID_PARAMETER_VALUE", "The practice cloud does not know the parameter " + name + ".");
        });
    }

    private static Ec2Error invalid(String reason, String message) {
        return Ec2Error.of(400, "ValidationException", message).because(reason);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException never) { // every JDK has it
            throw new IllegalStateException(never);
        }
    }

    /** A token as a JSON string. Tokens are Base64, so nothing in them needs escaping. */
    private static String quoted(String token) {
        return '"' + token + '"';
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
