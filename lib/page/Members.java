package page;

import static page.Markup.escaped;

import java.util.List;

/** Etcd clusters with their members, and each member with its zone and its volumes. */
public record Members(String title, List<Cluster> clusters) implements Block {

    public Members {
        clusters = List.copyOf(clusters);
    }

    /** @param of in words, how many members count */
    public record Cluster(String name, String verdict, Tone tone, String of, List<Member> members) {
        public Cluster {
            members = List.copyOf(members);
        }
    }

    public record Member(String name, String zone, List<Volume> volumes) {
        public Member {
            volumes = List.copyOf(volumes);
        }
    }

    /**
     * @param state in a word or two
     * @param id    empty when there is no volume
     * @param past  whether nodes do not find this volume any more
     */
    public record Volume(String state, Tone tone, String id, boolean past, String more) {
    }

    @Override
    public String html() {
        return Markup.section(title, Markup.joined(clusters.stream().map(Members::cluster).toList()));
    }

    private static String cluster(Cluster cluster) {
        return "<div class=\"cluster\">\n<div class=\"head\"><h3>" + escaped(cluster.name) + "</h3> <span class=\"word "
                + cluster.tone.cssClass() + "\">" + escaped(cluster.verdict) + "</span> <span class=\"of\">" + escaped(cluster.of)
                + "</span></div>\n<ul class=\"members\">\n"
                + Markup.joined(cluster.members.stream().map(Members::member).toList()) + "</ul>\n</div>\n";
    }

    private static String member(Member member) {
        return "<li class=\"member\"><div class=\"name\"><strong>" + escaped(member.name) + "</strong><span class=\"zone\">"
                + escaped(member.zone) + "</span></div>\n" + Markup.joined(member.volumes.stream().map(Members::volume).toList())
                + "</li>\n";
    }

    private static String volume(Volume volume) {
        return "<div class=\"volume" + (volume.past ? " past" : "") + "\"><p class=\"state\">" + Markup.dot(volume.tone)
                + " <span class=\"word " + volume.tone.cssClass() + "\">" + escaped(volume.state) + "</span></p>"
                + (volume.id.isEmpty() ? "" : "<code>" + escaped(volume.id) + "</code>")
                + (volume.more.isEmpty() ? "" : "<p class=\"more\">" + Markup.withIds(volume.more) + "</p>") + "</div>\n";
    }
}
