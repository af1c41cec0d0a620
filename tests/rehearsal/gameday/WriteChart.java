package gameday;

import static page.Markup.escaped;

import java.util.List;

import page.Block;
import page.Markup;
import page.Tone;

/**
 * The acknowledged writes over time, and which of them are there at the end. Times count from the beginning.
 *
 * @param keptMs  when each write was acknowledged that is there
 * @param goneMs  when each write was acknowledged that is gone
 * @param markMs  the recovery point, which a line marks; negative where there is none
 * @param mark    what the line marks, in words
 * @param tone    how bad it is that writes are gone
 * @param gone    why writes are gone, in words
 */
public record WriteChart(String title, List<Long> keptMs, List<Long> goneMs, long markMs, long wholeMs, String mark, Tone tone,
                     String gone) implements Block {
    private static final String CSS = """
            .chart { display: block; width: 100%; height: 7.5rem; }
            .chart .ground { fill: var(--track); } .chart .kept { fill: var(--good); } .chart .gone { fill: var(--bad); }
              .chart .gone.doubtful { fill: var(--doubtful); opacity: 0.6; }
            .chart .mark { stroke: var(--ink); stroke-width: 1.5; vector-effect: non-scaling-stroke; stroke-dasharray: 4 3; }
            .axis { display: flex; justify-content: space-between; color: var(--quiet); font-size: 0.8125rem;
              margin-top: 0.3rem; }
            .legend { display: flex; flex-wrap: wrap; gap: 0.35rem 1.5rem; margin-top: 0.9rem; font-size: 0.875rem; }
            .legend li { display: flex; align-items: center; gap: 0.5rem; }
            .swatch { width: 0.9rem; height: 0.9rem; flex: none; border-radius: 2px; }
            .swatch.kept { background: var(--good); } .swatch.gone { background: var(--bad); }
              .swatch.gone.doubtful { background: var(--doubtful); opacity: 0.6; }
            .swatch.mark { background: none; width: 0; border-left: 1.5px dashed var(--ink); border-radius: 0;
              margin: 0 0.4rem; }
            """;

    private static final int BUCKETS = 160;
    private static final int HEIGHT = 100;

    public WriteChart {
        keptMs = List.copyOf(keptMs);
        goneMs = List.copyOf(goneMs);
    }

    @Override
    public String css() {
        return CSS;
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
        if (markMs >= 0) {
            double at = Math.round(markMs * 100.0 * BUCKETS / whole()) / 100.0;
            svg.append("<line class=\"mark\" x1=\"" + at + "\" x2=\"" + at + "\" y1=\"0\" y2=\"" + HEIGHT + "\" />\n");
        }
        svg.append("</svg>\n<p class=\"axis\"><span>0 s</span><span>" + StepChart.seconds(whole()) + "</span></p>\n");
        return Markup.section(title, svg + "<ul class=\"legend\">\n" + entry("kept", "acknowledged, and there")
                + (goneMs.isEmpty() ? "" : entry("gone " + tone.cssClass(), gone)) + (markMs < 0 ? "" : entry("mark", mark))
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
