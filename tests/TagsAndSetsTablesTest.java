import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import facts.Snapshot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sets.SnapshotSet;
import tags.EtcdTag;
import tags.Generation;
import tags.LiveTags;
import tags.VolumeName;

/** Tables of the parts that call nothing: forms of tags and names, versions of kops, and when a set is restorable. */
class TagsAndSetsTablesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a/a,b,c | a | a,b,c", "c/c,b,a | c | a,b,c", "a/a | a | a",
        "etcd-1/etcd-1,etcd-2,etcd-3 | etcd-1 | etcd-1,etcd-2,etcd-3",
        "eu-central-1a/eu-central-1a | eu-central-1a | eu-central-1a", "z/a,b,c | z | a,b,c"})
    void an_etcd_tag_has_a_member_and_a_sorted_list(String value, String member, String members) {
        EtcdTag tag = EtcdTag.parse("main", value).orElseThrow();
        assertEquals(member, tag.member());
        assertEquals(members, String.join(",", tag.members()));
        assertEquals(member + "/" + members, tag.value());
        assertEquals(members.contains(member), tag.isListed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/", "a/", "/a", "a/a,", "a/,a", "a/a,a", "a/a/b", " a/a", "a/a, b", "a/a\n", "//", "a//b"})
    void any_other_etcd_tag_is_malformed(String value) {
        assertEquals(Optional.empty(), EtcdTag.parse("main", value));
    }

    @ParameterizedTest
    @CsvSource({"1.4,PROTOKUBE", "1.8,PROTOKUBE", "1.9,ETCD_MANAGER_BEFORE_1_26", "v1.12.3,ETCD_MANAGER_BEFORE_1_26",
        "1.25.4,ETCD_MANAGER_BEFORE_1_26", "1.26,ETCD_MANAGER", "1.36.2,ETCD_MANAGER", "1.37.0-alpha.1,ETCD_MANAGER",
        "2.0,ETCD_MANAGER"})
    void a_version_of_kops_says_which_readers_there_are(String version, Generation generation) {
        assertEquals(generation, Generation.ofKopsVersion(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "latest", "1.x", "1.26x", "-1.26", "1.99999"})
    void any_other_text_is_no_version_of_kops(String version) {
        assertThrows(IllegalArgumentException.class, () -> Generation.ofKopsVersion(version));
    }

    @ParameterizedTest
    @CsvSource({"a.etcd-main.k8s.mycompany.tld,a,main,k8s.mycompany.tld",
        "eu-central-1a.etcd-events.c.tld,eu-central-1a,events,c.tld"})
    void a_volumes_name_has_three_parts(String name, String member, String etcd, String cluster) {
        assertEquals(Optional.of(new VolumeName(member, etcd, cluster)), VolumeName.parse(name));
        assertEquals(name, VolumeName.parse(name).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "retired.a.etcd-main.c.tld", "a.etcd-main", "a.main.c.tld", "master-a.masters.c.tld"})
    void any_other_text_is_no_name_of_an_etcd_volume(String name) {
        assertEquals(Optional.empty(), VolumeName.parse(name));
    }

    @ParameterizedTest
    @CsvSource({"PROTOKUBE,4", "ETCD_MANAGER_BEFORE_1_26,5", "ETCD_MANAGER,6"})
    void each_generation_needs_one_tag_more(Generation generation, int tags) {
        EtcdTag etcd = EtcdTag.parse("events", "b/a,b,c").orElseThrow();
        Map<String, String> required = LiveTags.required(generation, "c.tld", etcd);
        assertEquals(tags, required.size());
        assertEquals("b.etcd-events.c.tld", required.get("Name"));
        assertEquals("b/a,b,c", required.get("k8s.io/etcd/events"));
    }

    /** Snapshots as `member:volume:state:tier:second`, members expected a, b and c. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a:1:completed:standard:0 b:2:completed:standard:1 c:3:completed:standard:2 | restorable | 2000",
        "a:1:completed:standard:0 b:2:pending:standard:1 c:3:completed:standard:2   | pending    | 2000",
        "a:1:completed:standard:0 b:2:error:standard:1 c:3:completed:standard:2     | failed     | 2000",
        "a:1:completed:standard:0 b:2:error:standard:1 b:2:completed:standard:9 c:3:completed:standard:2 | restorable | 9000",
        "a:1:completed:standard:0 b:2:completed:archive:1 c:3:completed:standard:2  | archived   | 2000",
        "a:1:completed:standard:0 b:2:completed:standard:1                          | incomplete | 1000",
        "a:1:completed:standard:0 a:9:completed:standard:1 b:2:completed:standard:1 c:3:completed:standard:2 | incomplete | 2000",
        "a:1:completed:standard:5 a:1:completed:standard:0 b:2:completed:standard:1 c:3:completed:standard:2 | restorable | 2000",
        "''                                                                         | incomplete | 0"})
    void a_set_is_restorable_when_every_member_has_exactly_one_completed_snapshot(String snapshots, String verdict, long skewMs) {
        List<SnapshotSet.Part> parts = new ArrayList<>();
        int n = 0;
        for (String part : snapshots.isEmpty() ? new String[0] : snapshots.split(" ")) {
            String[] f = part.split(":");
            parts.add(new SnapshotSet.Part(f[0], "z", new Snapshot("snap-" + n++, "vol-" + f[1], f[2], 100,
                    Instant.ofEpochSecond(Long.parseLong(f[4])), 20, false, "", f[3], "1", Map.of())));
        }
        SnapshotSet set = new SnapshotSet("s", "c.tld", "main", List.of("a", "b", "c"), parts);
        assertEquals(verdict, set.verdict().word());
        assertEquals(skewMs, set.skew().toMillis());
    }
}
