package report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import facts.Snapshot;
import facts.Volume;
import judgement.EtcdCluster;
import judgement.EtcdCluster.Claim;
import judgement.EtcdCluster.Member;
import judgement.QuorumJudgement;
import judgement.Verdict;
import problem.Problem;
import sets.SnapshotSet;

/** The human view of a report: the verdict first, then why, then what to do. For people only; pipes take the JSON. */
final class ReportTable {
    private static final int WIDTH = 80;
    static final String RED = "31";
    static final String YELLOW = "33";
    static final String GREEN = "32";

    private final PrintWriter out;
    private final boolean colour;
    private boolean severalClusters;

    ReportTable(PrintWriter out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    void print(Report report) {
        severalClusters = report.cluster().contains(",");
        headline(report);
        report.sets().forEach(this::set);
        report.etcdClusters().stream().filter(e -> report.sets().isEmpty() || e.verdict() != Verdict.HEALTHY)
                .forEach(this::etcdCluster);
        changes(report);
        problems(report.problems());
        if (!report.etcdClusters().isEmpty() && report.sets().isEmpty()) {
            section("The EC2 API cannot prove");
            QuorumJudgement.CANNOT_PROVE.forEach(p -> wrapped("  - ", p));
        }
        if (!report.next().isEmpty()) {
            section("Next");
            report.next().forEach(n -> out.println("  " + n));
        }
    }

    private void headline(Report report) {
        String where = report.cluster().isEmpty() ? "" : report.cluster();
        String in = report.region().isEmpty() ? "" : " in " + report.region();
        out.println(painted(report.outcome().word().toUpperCase(Locale.ROOT), colourOf(report.outcome()))
                + "  " + (where.isEmpty() ? report.command() : where) + in);
    }

    private static String colourOf(Outcome outcome) {
        return switch (outcome.exitCode()) {
            case 0 -> GREEN;
            case 21, 130 -> YELLOW;
            default -> RED;
        };
    }

    private void etcdCluster(EtcdCluster etcd) {
        String colourOf = switch (etcd.verdict()) {
            case HEALTHY -> GREEN;
            case DEGRADED -> YELLOW;
            case LOST, AMBIGUOUS -> RED;
        };
        out.println();
        out.println(etcd.etcd() + "  " + painted(etcd.verdict().word().toUpperCase(Locale.ROOT), colourOf) + "  "
                + etcd.counted() + " of " + etcd.membersExpected().size() + " members count, quorum is " + etcd.quorum()
                + "  (" + etcd.generation().word() + ")" + ofCluster(etcd.cluster()));
        int name = width(etcd.members().stream().map(Member::name).toList());
        etcd.members().forEach(m -> member(m, name));
        etcd.nearMisses().forEach(c -> out.println("  near miss  " + place(c) + "  " + reasons(c)));
    }

    private String ofCluster(String cluster) {
        return severalClusters ? "  of " + cluster : "";
    }

    private void member(Member member, int name) {
        String mark = member.counted() ? painted("ok", GREEN) : painted("--", RED);
        String head = "  " + mark + "  " + pad(member.name(), name) + "  ";
        if (member.claims().isEmpty()) {
            out.println(head + "no volume");
        }
        member.claims().forEach(c -> {
            String why = reasons(c);
            out.println(head + place(c));
            if (!why.isEmpty()) {
                out.println("      " + pad("", name) + "  " + why);
            }
        });
    }

    private static String reasons(Claim claim) {
        return String.join(" ", claim.reasons().stream().map(Object::toString).toList());
    }

    private static String place(Claim claim) {
        Volume volume = claim.volume();
        return volume.zone() + "  " + volume.id() + "  " + volume.state()
                + volume.attachedTo().map(i -> " " + i).orElse("");
    }

    private void set(SnapshotSet set) {
        String colourOf = switch (set.verdict()) {
            case RESTORABLE -> GREEN;
            case PENDING, ARCHIVED -> YELLOW;
            case FAILED, INCOMPLETE -> RED;
        };
        out.println();
        out.println(set.etcd() + "  " + painted(set.verdict().word().toUpperCase(Locale.ROOT), colourOf) + "  "
                + set.parts().size() + " snapshots of " + set.membersExpected().size() + " members, "
                + set.skew().toMillis() + " ms apart" + ofCluster(set.cluster()));
        int name = width(set.parts().stream().map(SnapshotSet.Part::member).toList());
        for (SnapshotSet.Part part : set.parts()) {
            Snapshot snapshot = part.snapshot();
            out.println("  " + pad(part.member(), name) + "  " + snapshot.id() + "  of " + part.sourceVolume() + "  "
                    + snapshot.state() + (snapshot.state().equals("pending") ? " " + snapshot.progress() + "%" : ""));
        }
    }

    private void changes(Report report) {
        if (!report.planId().isEmpty()) {
            new ChangeTable(out, colour).print(report.planId(), report.changes());
            return;
        }
        Set<Change.Status> standing = Set.of(Change.Status.DONE, Change.Status.ALREADY);
        List<Change> open = report.changes().stream().filter(c -> !standing.contains(c.status())).toList();
        if (!open.isEmpty()) {
            section("Changes");
            open.forEach(c -> out.println("  " + pad(c.status().word(), 11) + "  " + c.action()
                    + "  " + c.resource() + "  " + c.etcd() + " " + c.member()));
        }
    }

    private void problems(List<Problem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        section("Why");
        for (Problem problem : problems) {
            String severity = problem.severity().name().toLowerCase(Locale.ROOT);
            String colourOf = problem.severity() == Problem.Severity.ERROR ? RED : YELLOW;
            out.println("  " + painted(severity, colourOf) + "  " + problem.code()
                    + (problem.resource().isEmpty() ? "" : "  " + problem.resource()));
            wrapped("    ", problem.summary());
            if (!problem.hint().isEmpty()) {
                wrapped("    > ", problem.hint());
            }
        }
    }

    private void section(String title) {
        out.println();
        out.println(title);
    }

    private void wrapped(String indent, String text) {
        StringBuilder line = new StringBuilder(indent);
        List<String> lines = new ArrayList<>();
        for (String word : text.split(" ")) {
            if (line.length() + word.length() > WIDTH - 1 && line.length() > indent.length()) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(indent.length()));
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        lines.forEach(out::println);
    }

    private String painted(String text, String code) {
        return TerminalText.painted(colour, text, code);
    }

    private static int width(List<String> words) {
        return words.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
