import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import practice.Cloud;
import practice.Fault;
import practice.Settings;
import practice.World;
import practice.Worlds;

/** What restore-volume does about a KMS key that EC2 cannot use. */
class RestoreKeysTest {
    private static final String[] RESTORE = {"--cluster", Worlds.CLUSTER, "--set", "night-1", "--yes"};
    private static final String KEY = Worlds.kmsKey(Worlds.REGION);

    @ParameterizedTest
    @ValueSource(strings = {"Disabled", "PendingDeletion", "Unavailable"})
    void a_key_that_cannot_be_used_is_refused_before_anything_is_made(String state) {
        try (Cloud cloud = Cloud.start(Worlds.named("quorum-lost"), Settings.defaults().keyState(KEY, state))) {
            List<World.Volume> before = cloud.volumes();
            Harness.Ran ran = new Harness(cloud.endpoint()).restoreVolume(RESTORE);
            assertEquals(20, ran.code(), ran.out());
            assertTrue(ran.texts("problems", "code").contains("KEY_UNUSABLE"), ran.out());
            assertTrue(ran.err().contains(state), ran.err());
            assertEquals(before, cloud.volumes());
        }
    }

    @Test
    void without_the_permission_to_ask_a_usable_key_restores() {
        try (Cloud cloud = Cloud.start(Worlds.named("quorum-lost"))) {
            cloud.fault(Fault.next("DescribeKey", Fault.Kind.DENIED));
            Harness.Ran ran = new Harness(cloud.endpoint()).restoreVolume(RESTORE);
            assertEquals(0, ran.code(), ran.err());
        }
    }

    @Test
    void without_the_permission_to_ask_an_unusable_key_is_noticed_in_seconds_and_no_old_volume_is_touched() {
        try (Cloud cloud = Cloud.start(Worlds.named("quorum-lost"), Settings.defaults().keyState(KEY, "Disabled"))) {
            List<World.Volume> before = cloud.volumes();
            cloud.fault(Fault.next("DescribeKey", Fault.Kind.DENIED));
            Harness.Ran ran = new Harness(cloud.endpoint()).restoreVolume(RESTORE);
            assertEquals(22, ran.code(), ran.out());
            assertTrue(ran.texts("problems", "code").contains("VolumeFailed"), ran.out());
            assertTrue(ran.json().get("took_ms").asLong() < 20_000, "noticed in seconds");
            assertTrue(cloud.volumes().containsAll(before), "the old volumes are as they were");
        }
    }
}
