package gameday;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import gameday.KeyFigures.Fact;
import gameday.KeyFigures.Figure;
import node.Writer;
import page.Block;
import page.Members;
import page.Notes;
import page.Page;
import page.Tone;

/** A game day as an HTML page. */
public final class DayPage {
    private DayPage() {
    }

    public static Page of(Day day) {
        Tone tone = switch (day.verdict()) {
            case PROVED -> Tone.GOOD;
            case NOT_PROVED -> Tone.BAD;
            case UNFINISHED -> Tone.DOUBTFUL;
        };
        List<Block> blocks = new ArrayList<>();
        day.proof().ifPresent(proof -> {
            blocks.add(figures(day, proof));
            blocks.add(writes(day, proof));
        });
        if (!day.entries().isEmpty()) {
            blocks.add(new StepChart("What happened", day.took().toMillis(),
                    day.entries().stream().map(e -> bar(day, e)).toList()));
        }
        if (!day.outcomes().isEmpty()) {
            blocks.add(members(day));
        }
        if (day.proof().isEmpty()) {
            blocks.add(new Notes("What this proves, and what not", List.of(sentence(day.claim()))));
        }
        return new Page("Game day " + day.scenario().name(), tone, capital(day.verdict().word()), sentence(day.because()),
                List.of("took " + Math.max(1, day.took().toSeconds()) + " s", day.setting(),
                        day.began().toString().substring(0, 16).replace('T', ' ') + " UTC", "practice cloud, no AWS"), blocks);
    }

    private static KeyFigures figures(Day day, Proof proof) {
        boolean wanted = day.scenario().losesData();
        List<Figure> figures = List.of(
                new Figure(Integer.toString(proof.acked()), proof.recoveryPoint().isPresent()
                        ? "acknowledged before the recovery point" : "acknowledged", Tone.PLAIN),
                new Figure(Integer.toString(proof.found()), "found", wanted ? Tone.PLAIN : Tone.GOOD),
                new Figure(Integer.toString(proof.lost()), "lost", proof.lost() == 0 ? Tone.GOOD : Tone.BAD));
        List<Fact> facts = new ArrayList<>();
        proof.recoveryPoint().ifPresent(point -> {
            facts.add(new Fact("Recovery point", point + ", the newest snapshot of "
                    + String.join(" and ", proof.recoveryMembers())));
            facts.add(new Fact("After it", proof.later() + " more keys acknowledged; " + proof.laterFound()
                    + " of them were in a snapshot already"));
        });
        facts.add(new Fact("hashkv", hashes(proof) + " at revision " + proof.revision()));
        return new KeyFigures("What is proved", figures, facts, sentence(day.claim()));
    }

    private static String hashes(Proof proof) {
        Map<Long, List<String>> byHash = new LinkedHashMap<>();
        proof.hashes().forEach((member, hash) -> byHash.computeIfAbsent(hash, h -> new ArrayList<>()).add(member));
        return String.join("; ", byHash.entrySet().stream().map(e -> e.getKey() + " on " + String.join(", ", e.getValue()))
                .toList());
    }

    private static WriteChart writes(Day day, Proof proof) {
        Set<String> found = day.found();
        List<Long> kept = new ArrayList<>();
        List<Long> gone = new ArrayList<>();
        for (Writer.Ack ack : day.acks()) {
            (found.contains(ack.key()) ? kept : gone).add(since(day, ack.at()));
        }
        return new WriteChart("Acknowledged writes", kept, gone,
                proof.recoveryPoint().map(point -> since(day, point)).orElse(-1L), day.took().toMillis(),
                "the newest snapshot of " + String.join(" and ", proof.recoveryMembers()),
                day.scenario().losesData() ? Tone.BAD : Tone.DOUBTFUL,
                day.scenario().losesData() ? "acknowledged, and gone" : "written after the snapshots: gone");
    }

    private static long since(Day day, Instant at) {
        return Duration.between(day.began(), at).toMillis();
    }

    private static StepChart.Bar bar(Day day, StepHistory.Entry entry) {
        int code = entry.exitCode().orElse(0);
        return new StepChart.Bar(entry.isCommand() ? entry.command() : capital(entry.name()), entry.isCommand(),
                code == 0 ? "" : "exit " + code, since(day, entry.at()), entry.took().toMillis(),
                entry.asWanted() ? entry.isCommand() ? Tone.GOOD : Tone.PLAIN : Tone.BAD);
    }

    private static Members members(Day day) {
        List<Members.Cluster> clusters = new ArrayList<>();
        for (String etcd : day.outcomes().stream().map(VolumeOutcome::etcd).distinct().toList()) {
            Map<String, List<VolumeOutcome>> byMember = new LinkedHashMap<>();
            day.outcomes().stream().filter(f -> f.etcd().equals(etcd))
                    .forEach(f -> byMember.computeIfAbsent(f.member(), m -> new ArrayList<>()).add(f));
            List<Members.Member> members = byMember.entrySet().stream().map(e -> new Members.Member(e.getKey(),
                    e.getValue().get(0).zone(), e.getValue().stream().map(DayPage::volume).toList())).toList();
            long live = byMember.values().stream()
                    .filter(f -> f.stream().anyMatch(x -> x.kind() == VolumeOutcome.Kind.LIVE)).count();
            clusters.add(new Members.Cluster("etcd " + etcd, "", Tone.PLAIN, live + " of " + members.size()
                    + " members have a live volume", members));
        }
        return new Members("Members, zones and volumes", clusters);
    }

    private static Members.Volume volume(VolumeOutcome outcome) {
        return switch (outcome.kind()) {
            case LIVE -> new Members.Volume("live", Tone.GOOD, outcome.volume(), false,
                    outcome.snapshot().isEmpty() ? "" : "from " + outcome.snapshot());
            case RETIRED -> new Members.Volume("retired", Tone.PLAIN, outcome.volume(), true, "kept; its live tags are parked");
            case LOST -> new Members.Volume("lost", Tone.BAD, outcome.volume(), true, "deleted");
        };
    }

    private static String sentence(String words) {
        return capital(words) + (words.endsWith(".") ? "" : ".");
    }

    private static String capital(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
