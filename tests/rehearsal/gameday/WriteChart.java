package gameday;

import static page.Markup.escaped;

import java.util.List;

import page.Block;
import page.Markup;
import page.Tone;

/**
 * What was acknowledged when, and what of it is there.
 *
 * @param keptMs  when each write was acknowledged that is there, from the beginning on
 * @param goneMs  the same of those that are not
 * @param lineMs  the moment up to which all must be there; negative where nothing may be missing
 * @param mark    what that moment is, in words
 * @param tone    of what is gone
 * @param gone    why it is gone
 */
public record WriteChart(String title, List<Long> keptMs, List<Long> goneMs, long lineMs, long wholeMs, String mark, Tone tone,
                     String gone) implements Block {
    private static final int BUCKETS = 160;
    private static final int HEIGHT = 100;

    public WriteChart {
        keptMs = List.copyOf(keptMs);
        goneMs = List.copyOf(goneMs);
    }

    @Override
    public String html() {
        int[] kept = counts(keptMs);
        int[] lost = counts(goneMs);
        int highest = 1;
        for (int n = 0; n < BUCKETS; n++) {
            highest = Math.max(highest, kept[n] + lost[n]);
        }
        StringBuilder svg = new StringBuilder("<svg class=\"chart\" role=\"img\" aria-label=\"" + escaped(words())
                + "\" viewBox=\"0 0 " + BUCKETS + " " + HEIGHT + "\" preserveAspectRatio=\"none\">\n<title>" + escaped(words())
                + "</title>\n");
        svg.append(bar("ground", 0, HEIGHT - 1, BUCKETS, 1));
        for (int n = 0; n < BUCKETS; n++) {
            int below = height(kept[n], highest);
            int above = height(lost[n], highest);
            svg.append(below == 0 ? "" : bar("kept", n, HEIGHT - below, 0.85, below));
            svg.append(above == 0 ? "" : bar("gone " + tone.cssClass(), n, HEIGHT - below - above, 0.85, above));
        }
        if (lineMs >= 0) {
            double at = Math.round(lineMs * 100.0 * BUCKETS / whole()) / 100.0;
            svg.append("<line class=\"mark\" x1=\"" + at + "\" x2=\"" + at + "\" y1=\"0\" y2=\"" + HEIGHT + "\" />\n");
        }
        svg.append("</svg>\n<p class=\"axis\"><span>0 s</span><span>" + StepChart.seconds(whole()) + "</span></p>\n");
        return Markup.section(title, svg + "<ul class=\"legend\">\n" + entry("kept", "acknowledged, and there")
                + (goneMs.isEmpty() ? "" : entry("gone " + tone.cssClass(), gone)) + (lineMs < 0 ? "" : entry("mark", mark))
                + "</ul>\n");
    }

    private long whole() {
        return Math.max(1, wholeMs);
    }

    private int[] counts(List<Long> times) {
        int[] counts = new int[BUCKETS];
        times.forEach(ms -> counts[(int) Math.max(0, Math.min(BUCKETS - 1, ms * BUCKETS / whole()))]++);
        return counts;
    }

    private static int height(int count, int highest) {
        return count == 0 ? 0 : Math.max(2, count * (HEIGHT - 4) / highest);
    }

    private static String bar(String type, int x, int y, double width, int height) {
        return "<rect class=\"" + type + "\" x=\"" + x + "\" y=\"" + y + "\" width=\"" + width + "\" height=\"" + height
                + "\" />\n";
    }

    private String words() {
        return "Of " + (keptMs.size() + goneMs.size()) + " acknowledged writes " + keptMs.size() + " are there and "
                + goneMs.size() + " are not";
    }

    private static String entry(String swatch, String words) {
        return "<li><span class=\"swatch " + swatch + "\"></span>" + escaped(words) + "</li>\n";
    }
}
