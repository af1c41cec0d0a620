import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.Fault;
import practice.World;
import practice.Worlds;

/** What fix-tags does when a call fails, a reply is lost, somebody changes the same tags, or Ctrl-C is pressed. */
class FixTagsFaultsTest {
    private static final String MAIN_C = TruthTable.vol("main", "c");
    private static final World TAGS_WRONG = Worlds.named("tags-wrong");

    private static Harness.Ran fix(Cloud cloud) {
        return FixTagsFixture.fix(cloud, "--yes");
    }

    static Stream<Arguments> faultsAtEachCall() {
        return IntStream.rangeClosed(1, 2).boxed().flatMap(n -> Stream.of(Fault.Kind.THROTTLED, Fault.Kind.SERVER_ERROR,
                Fault.Kind.SERVER_ERROR_AFTER_EFFECT, Fault.Kind.REPLY_LOST, Fault.Kind.REPLY_CUT)
                .flatMap(k -> Stream.of("CreateTags", "DeleteTags").filter(a -> n == 1 || a.equals("CreateTags"))
                        .map(a -> Arguments.of(n, a, k))));
    }

    @ParameterizedTest
    @MethodSource("faultsAtEachCall")
    void a_fault_that_passes_changes_nothing_about_the_end(int n, String action, Fault.Kind kind) {
        Map<String, Map<String, String>> undisturbed;
        try (Cloud cloud = Cloud.start(FixTagsFixture.threeCalls())) {
            assertEquals(0, fix(cloud).code());
            assertEquals(List.of("DeleteTags", "CreateTags", "CreateTags"), FixTagsFixture.writes(cloud));
            undisturbed = FixTagsFixture.tags(cloud);
        }
        try (Cloud cloud = Cloud.start(FixTagsFixture.threeCalls())) {
            cloud.fault(Fault.nth(n, action, kind));
            Harness.Ran ran = fix(cloud);
            assertEquals("done", ran.outcome(), ran.shown());
            assertEquals(Set.of("done"), Set.copyOf(ran.statuses()), ran.shown());
            assertEquals(undisturbed, FixTagsFixture.tags(cloud));
        }
    }

    // ---- one of the three calls is denied

    /** The first call is the DeleteTags, the second and third are the CreateTags. */
    private static Fault denied(int call) {
        return Fault.nth(Math.max(1, call - 1), call == 1 ? "DeleteTags" : "CreateTags", Fault.Kind.DENIED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_denied_call_is_the_last_and_the_report_lists_exactly_what_was_done(int call) {
        World world = FixTagsFixture.threeCalls();
        try (Cloud cloud = Cloud.start(world)) {
            cloud.fault(denied(call));
            Harness.Ran ran = fix(cloud);
            assertTrue(FixTagsFixture.errors(ran).contains("UnauthorizedOperation"), ran.shown());
            List<String> statuses = Stream.of("done", "done", "failed", "not_reached", "not_reached")
                    .skip(3 - call).limit(3).toList();
            assertEquals(statuses, ran.statuses(), ran.shown());
            FixTagsFixture.mustBeAsReported(world, ran, cloud);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_denied_call_ends_with_22_when_nothing_was_done_and_with_21_otherwise(int call) {
        try (Cloud cloud = Cloud.start(FixTagsFixture.threeCalls())) {
            cloud.fault(denied(call));
            Harness.Ran ran = fix(cloud).mustEnd(call == 1 ? "unknown" : "partial", call == 1 ? 22 : 21);
            assertEquals(call == 1, ran.err().contains("Try: aws sts get-caller-identity"), ran.err());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void after_a_denied_call_a_new_plan_is_proposed_and_finishes(int call) {
        try (Cloud cloud = Cloud.start(FixTagsFixture.threeCalls())) {
            cloud.fault(denied(call));
            String next = fix(cloud).next().get(0);
            assertTrue(next.endsWith("--cluster " + FixTagsFixture.C), next);
            assertEquals("done", fix(cloud).outcome());
            assertEquals(0, new Harness(cloud.endpoint()).verify().code());
        }
    }

    // ---- EC2 fails for longer, or shows late what it did

    @Test
    void after_four_attempts_a_call_has_failed_and_nothing_further_is_tried() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            cloud.fault(Fault.next(99, "CreateTags", Fault.Kind.SERVER_ERROR));
            Harness.Ran ran = fix(cloud);
            assertEquals(22, ran.code(), ran.shown());
            assertEquals(List.of("failed", "not_reached"), ran.statuses());
            FixTagsFixture.mustBeAsReported(TAGS_WRONG, ran, cloud);
            assertEquals(4, FixTagsFixture.writes(cloud).size());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.Kind.class, names = {"REPLY_LOST", "SERVER_ERROR_AFTER_EFFECT"})
    void a_change_that_no_reply_confirms_is_looked_for_before_it_is_repeated(Fault.Kind kind) {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            cloud.fault(Fault.next(99, "CreateTags", kind));
            Harness.Ran ran = fix(cloud);
            assertEquals("done", ran.outcome(), ran.shown());
            assertEquals(2, FixTagsFixture.writes(cloud).size());
            FixTagsFixture.mustBeAsReported(TAGS_WRONG, ran, cloud);
        }
    }

    @Test
    void the_effect_of_the_last_attempt_is_looked_for_too() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            cloud.fault(Fault.next(3, "CreateTags", Fault.Kind.THROTTLED));
            cloud.fault(Fault.nth(4, "CreateTags", Fault.Kind.REPLY_LOST));
            Harness.Ran ran = fix(cloud);
            assertEquals(List.of("done", "done"), ran.statuses(), ran.shown());
            FixTagsFixture.mustBeAsReported(TAGS_WRONG, ran, cloud);
        }
    }

    @Test
    void waits_until_EC2_shows_what_it_accepted() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            cloud.fault(Fault.stale("CreateTags", Duration.ofMillis(1500)));
            Harness.Ran ran = fix(cloud);
            assertEquals("done", ran.outcome(), ran.shown());
            assertEquals("healthy", ran.etcd("main").get("verdict").asText());
        }
    }

    @Test
    void a_change_that_EC2_accepts_and_never_shows_has_failed() {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            cloud.fault(Fault.stale("CreateTags", Duration.ofHours(1)));
            Harness.Ran ran = fix(cloud);
            assertEquals(22, ran.code(), ran.shown());
            assertTrue(FixTagsFixture.errors(ran).contains("NotReadBack"), ran.shown());
            assertEquals(List.of("failed", "not_reached"), ran.statuses());
        }
    }

    // ---- somebody else, and Ctrl-C

    @Test
    void a_tag_that_somebody_else_changes_meanwhile_is_not_overwritten() throws Exception {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            // The first call is refused twice: time enough for somebody to come between the plan and the second call.
            cloud.fault(Fault.next(2, "CreateTags", Fault.Kind.THROTTLED));
            Thread somebody = new Thread(() -> tagAfterTheFirstCall(cloud, MAIN_C, "KubernetesCluster", "mine.tld"));
            somebody.start();
            Harness.Ran ran = fix(cloud);
            somebody.join(60_000);
            assertEquals(21, ran.code(), ran.shown());
            assertTrue(FixTagsFixture.errors(ran).contains("ChangedMeanwhile"), ran.shown());
            assertEquals(List.of("done", "failed"), ran.statuses());
            assertEquals("mine.tld", FixTagsFixture.tags(cloud).get(MAIN_C).get("KubernetesCluster"));
        }
    }

    /** Waits for the first call of the command under test, then sets the tag. The faults may hit this call as well. */
    private static void tagAfterTheFirstCall(Cloud cloud, String volume, String key, String value) {
        try {
            awaitWrites(cloud, 1);
            for (int attempt = 0; attempt < 5; attempt++) {
                String form = "Action=CreateTags&Version=2016-11-15&ResourceId.1=" + volume + "&Tag.1.Key=" + key
                        + "&Tag.1.Value=" + value;
                int status = HttpClient.newHttpClient().send(HttpRequest.newBuilder(cloud.endpoint())
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)).build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status == 200) {
                    return;
                }
            }
            throw new IllegalStateException("five attempts to tag " + volume + " were refused");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_tag_that_somebody_else_set_right_meanwhile_is_not_written_again() throws Exception {
        try (Cloud cloud = Cloud.start(TAGS_WRONG)) {
            cloud.fault(Fault.next(2, "CreateTags", Fault.Kind.THROTTLED));
            Thread somebody = new Thread(() -> tagAfterTheFirstCall(cloud, MAIN_C, "KubernetesCluster", TruthTable.C));
            somebody.start();
            Harness.Ran ran = fix(cloud);
            somebody.join(60_000);
            assertEquals(List.of("done", "already"), ran.statuses(), ran.shown());
            assertEquals(0, ran.code(), ran.shown());
        }
    }

    private static void awaitWrites(Cloud cloud, int calls) throws InterruptedException {
        for (int look = 0; FixTagsFixture.writes(cloud).size() < calls; look++) {
            assertTrue(look < 3000, "a minute passed without call " + calls);
            Thread.sleep(20);
        }
    }

    @Test
    void after_ctrl_c_no_further_call_is_made_and_the_report_lists_what_was_not_reached() throws Exception {
        World world = Worlds.named("kops-1.8");
        try (Cloud cloud = Cloud.start(world)) {
            cloud.fault(new Fault("CreateTags", 2, 99, 0, 0, Fault.Kind.THROTTLED, Duration.ZERO));
            Processes.Started started = Processes.start(Path.of("/"), Map.of(), System.getProperty("java.home") + "/bin/java",
                    "-cp", System.getProperty("java.class.path"), "FixTags", "--cluster", FixTagsFixture.C, "--kops-version",
                    "1.26", "--yes", "--endpoint-url", cloud.endpoint().toString());
            started.awaitErr("Tagged ", 1);
            awaitWrites(cloud, 2);
            started.signal("INT");
            Processes.Ended ended = started.end();
            Harness.Ran ran = new Harness.Ran(ended.code(), ended.out(), ended.err());
            ran.mustEnd("interrupted", 130);
            assertEquals(List.of("done", "failed", "not_reached", "not_reached", "not_reached", "not_reached"),
                    ran.statuses(), ran.shown());
            FixTagsFixture.mustBeAsReported(world, ran, cloud);
            assertEquals(2, FixTagsFixture.writes(cloud).size());
        }
    }
}
