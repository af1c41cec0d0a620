package page;

import static page.Markup.escaped;

import java.util.List;

/** A list of problems, each with what to do about it. */
public record Points(String title, List<Point> points) implements Block {

    public Points {
        points = List.copyOf(points);
    }

    public record Point(Tone tone, String code, String resource, String summary, String hint) {
    }

    @Override
    public String html() {
        return Markup.section(title, "<ul class=\"points\">\n" + Markup.joined(points.stream().map(Points::point).toList())
                + "</ul>\n");
    }

    private static String point(Point point) {
        return "<li><p class=\"top\">" + Markup.dot(point.tone) + " <code>" + escaped(point.code) + "</code>"
                + (point.resource.isEmpty() ? "" : " <code class=\"on\">" + escaped(point.resource) + "</code>") + "</p><p>"
                + Markup.withIds(point.summary) + "</p>" + (point.hint.isEmpty() ? ""
                : "<p class=\"hint\">" + Markup.withIds(point.hint) + "</p>") + "</li>\n";
    }
}
