import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import disk.Disks;
import disk.Tier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import practice.Cloud;
import practice.World;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ebs.EbsClient;
import software.amazon.awssdk.services.ebs.model.Block;
import software.amazon.awssdk.services.ebs.model.ChangedBlock;
import software.amazon.awssdk.services.ebs.model.EbsException;
import software.amazon.awssdk.services.ebs.model.GetSnapshotBlockResponse;
import software.amazon.awssdk.services.ebs.model.ListChangedBlocksResponse;
import software.amazon.awssdk.services.ebs.model.ListSnapshotBlocksResponse;
import software.amazon.awssdk.services.ebs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ebs.model.ValidationException;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The EBS direct APIs of the practice cloud: what the SDK and the AWS CLI read is compared with the image itself. */
class EbsDirectTest extends PracticeFixture {

    private static final byte[] ZEROS = new byte[Disks.BLOCK_BYTES];
    private static final World.Volume A = World.Volume.gp3("vol-0000000000000000a", "eu-central-1a", 1, START);
    private static final World.Volume B = World.Volume.gp3("vol-0000000000000000b", "eu-central-1a", 1, START);
    private static final World.Snapshot ARCHIVED = World.Snapshot.of("snap-000000000000000aa", A,
            START.minus(Duration.ofDays(9))).storageTier("archive");
    private static final World.Snapshot FAILED = World.Snapshot.of("snap-000000000000000ff", A,
            START.minus(Duration.ofDays(9))).state("error", "30%");
    private static final World TWO = new World("two-volumes", "Two blank volumes.", "eu-central-1", List.of(),
            List.of(A, B), List.of(ARCHIVED, FAILED));

    @TempDir
    Path temp;
    private Disks disks;
    private Cloud cloud;
    private Ec2Client ec2;
    private EbsClient ebs;

    private void start(Tier tier) throws IOException {
        disks = DiskTest.open(tier, temp.resolve("disks"));
        cloud = start(TWO, settings().disks(disks));
        ec2 = client(cloud);
        ebs = EbsClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).region(Region.EU_CENTRAL_1)
                .endpointOverride(cloud.endpoint()).credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("practice", "practice")))
                .overrideConfiguration(o -> o.retryStrategy(r -> r.maxAttempts(1))).build();
    }

    @AfterEach
    void closeDisks() throws IOException {
        if (disks != null) {
            ebs.close();
            disks.close();
        }
    }

    private Path image(String id) throws IOException {
        try (Stream<Path> files = Files.walk(temp)) {
            return files.filter(f -> f.getFileName().toString().equals(id + ".img")).findFirst().orElseThrow();
        }
    }

    /** Writes some bytes into a block, without a file system. */
    private void write(World.Volume volume, int index, String text) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(image(volume.id()).toFile(), "rw")) {
            raw.seek((long) index * Disks.BLOCK_BYTES + 4096);
            raw.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private String pending(World.Volume volume) {
        cloud.clock().advance(Duration.ofMinutes(1)); // not two of one volume within 15 s
        return ec2.createSnapshot(r -> r.volumeId(volume.id())).snapshotId();
    }

    private String completed(World.Volume volume) {
        String snapshot = pending(volume);
        cloud.clock().advance(Duration.ofMinutes(1));
        return snapshot;
    }

    private ResponseBytes<GetSnapshotBlockResponse> get(String snapshot, int index, String token) {
        return ebs.getSnapshotBlockAsBytes(r -> r.snapshotId(snapshot).blockIndex(index).blockToken(token));
    }

    private String token(String snapshot, int index) {
        return ebs.listSnapshotBlocks(r -> r.snapshotId(snapshot)).blocks().stream()
                .filter(b -> b.blockIndex() == index).findFirst().orElseThrow().blockToken();
    }

    private static List<Integer> indexes(ListSnapshotBlocksResponse page) {
        return page.blocks().stream().map(Block::blockIndex).toList();
    }

    private static String reason(Runnable call) {
        return assertThrows(ValidationException.class, call::run).reasonAsString();
    }

    @Test
    void listed_blocks_hold_the_bytes_of_the_image_and_the_others_are_zeros() throws Exception {
        start(Tier.IMAGE);
        byte[] bytes = new byte[3 << 20];
        new Random(1).nextBytes(bytes);
        Files.write(disks.mount(A.id()).folder().resolve("file"), bytes);
        disks.unmount(A.id());
        String snapshot = completed(A);
        ListSnapshotBlocksResponse list = ebs.listSnapshotBlocks(r -> r.snapshotId(snapshot));
        assertEquals(Disks.BLOCK_BYTES, list.blockSize());
        assertEquals(1L, list.volumeSize());
        assertEquals(cloud.clock().now().plus(Duration.ofDays(7)), list.expiryTime());
        assertNull(list.nextToken());
        assertTrue(list.blocks().size() > 6, list.toString());
        try (RandomAccessFile image = new RandomAccessFile(image(snapshot).toFile(), "r")) {
            for (int index = 0; index < 2048; index++) {
                byte[] expected = new byte[Disks.BLOCK_BYTES];
                image.seek((long) index * Disks.BLOCK_BYTES);
                image.readFully(expected);
                int asked = index;
                List<Block> listed = list.blocks().stream().filter(b -> b.blockIndex() == asked).toList();
                if (listed.isEmpty()) {
                    assertArrayEquals(ZEROS, expected, "block " + index);
                    continue;
                }
                ResponseBytes<GetSnapshotBlockResponse> block = get(snapshot, index, listed.get(0).blockToken());
                assertArrayEquals(expected, block.asByteArray(), "block " + index);
                assertEquals(Disks.BLOCK_BYTES, block.response().dataLength());
                assertEquals("SHA256", block.response().checksumAlgorithmAsString());
                assertEquals(Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(expected)),
                        block.response().checksum());
            }
        }
    }

    @Test
    void a_blank_snapshot_lists_no_block() throws IOException {
        start(Tier.IMAGE);
        assertEquals(List.of(), ebs.listSnapshotBlocks(r -> r.snapshotId(completed(A))).blocks());
    }

    @Test
    void pages_follow_each_other_and_their_tokens_are_for_one_listing_and_an_hour() throws IOException {
        start(Tier.IMAGE);
        for (int index = 0; index < 500; index += 2) {
            write(A, index, "block " + index);
        }
        String snapshot = completed(A);
        List<Integer> all = new ArrayList<>();
        ebs.listSnapshotBlocksPaginator(r -> r.snapshotId(snapshot).maxResults(100)).forEach(p -> all.addAll(indexes(p)));
        assertEquals(IntStream.range(0, 250).mapToObj(i -> 2 * i).toList(), all);
        ListSnapshotBlocksResponse first = ebs.listSnapshotBlocks(r -> r.snapshotId(snapshot).maxResults(100));
        assertEquals(all.subList(0, 100), indexes(first));
        assertEquals(all.subList(100, 220), indexes(ebs.listSnapshotBlocks(r -> r.snapshotId(snapshot).maxResults(120)
                .nextToken(first.nextToken()).startingBlockIndex(7))), "StartingBlockIndex is ignored beside a token");
        assertEquals(all.subList(200, 250), indexes(ebs.listSnapshotBlocks(r -> r.snapshotId(snapshot)
                .startingBlockIndex(399))), "from the next one that is there");
        assertEquals(100, ebs.listSnapshotBlocks(r -> r.snapshotId(snapshot).maxResults(5)).blocks().size());
        assertEquals("INVALID_PARAMETER_VALUE",
                reason(() -> ebs.listSnapshotBlocks(r -> r.snapshotId(snapshot).maxResults(10001))));

        String later = completed(A);
        for (String token : List.of("nonsense", "AAAA", first.nextToken().replaceFirst("^....", "AAAB"))) {
            assertEquals("INVALID_PAGE_TOKEN",
                    reason(() -> ebs.listSnapshotBlocks(r -> r.snapshotId(snapshot).nextToken(token))), token);
        }
        assertEquals("INVALID_PAGE_TOKEN",
                reason(() -> ebs.listSnapshotBlocks(r -> r.snapshotId(later).nextToken(first.nextToken()))));
        assertEquals("INVALID_PAGE_TOKEN", reason(() -> ebs.listChangedBlocks(r -> r.firstSnapshotId(snapshot)
                .secondSnapshotId(later).nextToken(first.nextToken()))));
        cloud.clock().advance(Duration.ofMinutes(60));
        assertEquals("INVALID_PAGE_TOKEN",
                reason(() -> ebs.listSnapshotBlocks(r -> r.snapshotId(snapshot).nextToken(first.nextToken()))));
    }

    @Test
    void a_block_token_is_for_one_block_of_one_snapshot_and_seven_days() throws IOException {
        start(Tier.IMAGE);
        write(A, 3, "three");
        write(A, 4, "four");
        String snapshot = completed(A);
        String later = completed(A);
        String token = token(snapshot, 3);
        assertEquals("three", new String(get(snapshot, 3, token).asByteArray(), 4096, 5, StandardCharsets.UTF_8));
        for (String wrong : List.of("nonsense", token(snapshot, 4), token(later, 3), token.replaceFirst("^....", "AAAB"))) {
            assertEquals("INVALID_BLOCK_TOKEN", reason(() -> get(snapshot, 3, wrong)), wrong);
        }
        assertEquals("INVALID_BLOCK", reason(() -> get(snapshot, 5, token)));
        cloud.clock().advance(Duration.ofDays(7).minusMinutes(2));
        get(snapshot, 3, token);
        cloud.clock().advance(Duration.ofMinutes(2));
        assertEquals("INVALID_BLOCK_TOKEN", reason(() -> get(snapshot, 3, token)));
    }

    @Test
    void changed_blocks_are_those_that_differ_with_the_tokens_of_the_sides_that_have_them() throws IOException {
        start(Tier.IMAGE);
        for (int index : new int[] {0, 3, 9}) {
            write(A, index, "early");
        }
        String first = completed(A);
        write(A, 3, "later");
        write(A, 7, "later");
        write(A, 9, "early"); // again
        String second = completed(A);
        ListChangedBlocksResponse changed =
                ebs.listChangedBlocks(r -> r.firstSnapshotId(first).secondSnapshotId(second));
        assertEquals(List.of(3, 7), changed.changedBlocks().stream().map(ChangedBlock::blockIndex).toList());
        assertEquals(1L, changed.volumeSize());
        assertEquals(Disks.BLOCK_BYTES, changed.blockSize());
        ChangedBlock three = changed.changedBlocks().get(0);
        assertEquals("early", new String(get(first, 3, three.firstBlockToken()).asByteArray(), 4096, 5,
                StandardCharsets.UTF_8));
        assertEquals("later", new String(get(second, 3, three.secondBlockToken()).asByteArray(), 4096, 5,
                StandardCharsets.UTF_8));
        ChangedBlock seven = changed.changedBlocks().get(1);
        assertNull(seven.firstBlockToken());
        get(second, 7, seven.secondBlockToken());
        assertEquals(List.of(7), ebs.listChangedBlocks(r -> r.firstSnapshotId(first).secondSnapshotId(second)
                .startingBlockIndex(4)).changedBlocks().stream().map(ChangedBlock::blockIndex).toList());
        ChangedBlock gone = ebs.listChangedBlocks(r -> r.firstSnapshotId(second).secondSnapshotId(first))
                .changedBlocks().get(1);
        assertEquals(7, gone.blockIndex());
        assertNull(gone.secondBlockToken());
        assertFalse(gone.firstBlockToken().isEmpty());
        assertEquals("INVALID_PARAMETER_VALUE", reason(() -> ebs.listChangedBlocks(r -> r.secondSnapshotId(second))));
        String other = completed(B);
        assertEquals("UNRELATED_SNAPSHOTS",
                reason(() -> ebs.listChangedBlocks(r -> r.firstSnapshotId(first).secondSnapshotId(other))));
    }

    @Test
    void more_changed_blocks_than_a_page_holds_come_on_pages_too() throws IOException {
        start(Tier.IMAGE);
        String first = completed(A);
        for (int index = 0; index < 150; index++) {
            write(A, index, "x");
        }
        String second = completed(A);
        List<Integer> sizes = new ArrayList<>();
        List<Integer> all = new ArrayList<>();
        ebs.listChangedBlocksPaginator(r -> r.firstSnapshotId(first).secondSnapshotId(second).maxResults(100))
                .forEach(page -> {
                    sizes.add(page.changedBlocks().size());
                    page.changedBlocks().forEach(b -> all.add(b.blockIndex()));
                });
        assertEquals(List.of(100, 50), sizes);
        assertEquals(IntStream.range(0, 150).boxed().toList(), all);
    }

    @Test
    void only_a_completed_snapshot_in_the_standard_tier_can_be_read() throws IOException {
        start(Tier.IMAGE);
        String pending = pending(A);
        for (String id : List.of(pending, ARCHIVED.id(), FAILED.id())) {
            ValidationException refusal = assertThrows(ValidationException.class,
                    () -> ebs.listSnapshotBlocks(r -> r.snapshotId(id)));
            assertEquals("INVALID_SNAPSHOT_ID", refusal.reasonAsString());
            assertTrue(refusal.awsErrorDetails().errorMessage().contains(id), refusal.toString());
        }
        cloud.clock().advance(Duration.ofMinutes(1));
        ebs.listSnapshotBlocks(r -> r.snapshotId(pending));
        assertEquals("INVALID_SNAPSHOT_ID", reason(() -> ebs.listSnapshotBlocks(r -> r.snapshotId("snap-XYZ"))));
        ResourceNotFoundException unknown = assertThrows(ResourceNotFoundException.class,
                () -> ebs.listSnapshotBlocks(r -> r.snapshotId("snap-00000000000000abc")));
        assertEquals("SNAPSHOT_NOT_FOUND", unknown.reasonAsString());
        assertEquals(404, unknown.statusCode());
    }

    @Test
    void what_is_not_modelled_is_refused() throws Exception {
        start(Tier.IMAGE);
        String snapshot = completed(A);
        assertEquals(400, status("GET", "/snapshots/" + snapshot + "/blocks?newParameter=1"));
        for (String writing : List.of("POST /snapshots", "PUT /snapshots/" + snapshot + "/blocks/1",
                "POST /snapshots/completion/" + snapshot)) {
            int status = status(writing.split(" ")[0], writing.split(" ")[1]);
            assertTrue(status >= 400, writing + ": " + status);
        }
    }

    private int status(String method, String path) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(cloud.endpoint() + path))
                .method(method, HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void disks_without_blocks_say_so_and_are_not_asked_again() throws IOException {
        start(Tier.DIRECTORY);
        String snapshot = completed(A);
        EbsException refusal = assertThrows(EbsException.class,
                () -> ebs.listSnapshotBlocks(r -> r.snapshotId(snapshot)));
        assertEquals(501, refusal.statusCode());
        assertTrue(refusal.awsErrorDetails().errorMessage().contains("directories"), refusal.toString());
    }

    @Test
    void the_aws_cli_reads_a_snapshot_block_by_block() throws Exception {
        assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(p -> Files.isExecutable(Path.of(p, "aws"))),
                "aws: pip install awscli");
        start(Tier.IMAGE);
        write(A, 2, "two");
        write(A, 6, "six");
        String snapshot = completed(A);
        JsonNode list = aws("list-snapshot-blocks", "--snapshot-id", snapshot);
        assertEquals("2 6", Stream.of(0, 1).map(i -> list.get("Blocks").get(i).get("BlockIndex").asText())
                .collect(Collectors.joining(" ")), list.toString());
        Path file = temp.resolve("block");
        JsonNode got = aws("get-snapshot-block", "--snapshot-id", snapshot, "--block-index", "6", "--block-token",
                list.get("Blocks").get(1).get("BlockToken").asText(), file.toString());
        byte[] block = Files.readAllBytes(file);
        assertArrayEquals(disks.block(snapshot, 6), block);
        assertEquals("six", new String(Arrays.copyOfRange(block, 4096, 4099), StandardCharsets.UTF_8));
        assertEquals(Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(block)),
                got.get("Checksum").asText());
        write(A, 6, "SIX");
        String later = completed(A);
        JsonNode changed = aws("list-changed-blocks", "--first-snapshot-id", snapshot, "--second-snapshot-id", later);
        assertEquals(1, changed.get("ChangedBlocks").size(), changed.toString());
        assertEquals(6, changed.get("ChangedBlocks").get(0).get("BlockIndex").asInt());
        Processes.Ended refused = cli("list-snapshot-blocks", "--snapshot-id", pending(A));
        assertTrue(refused.code() != 0 && refused.err().contains("ValidationException"), refused.toString());
    }

    private JsonNode aws(String... arguments) throws Exception {
        Processes.Ended ended = cli(arguments);
        assertEquals(0, ended.code(), ended.toString());
        return new ObjectMapper().readTree(ended.out());
    }

    private Processes.Ended cli(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("aws", "--region", "eu-central-1", "--endpoint-url",
                cloud.endpoint().toString(), "ebs"));
        command.addAll(List.of(arguments));
        return Processes.run(temp, command.toArray(String[]::new));
    }
}
