import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import gameday.KeyFigures;
import gameday.StepChart;
import gameday.WriteChart;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import page.Commands;
import page.Members;
import page.Page;
import page.Points;
import page.Tone;
import practice.Cloud;
import practice.World;
import practice.Worlds;

/** The page as people open it: self-contained, safe whatever a tag holds, and narrow enough for a phone. */
class PageTest {
    private static final String EVIL = "<script>document.title='run'</script>\"'&";

    @TempDir
    private Path folder;

    private static Document parsed(String html) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
    }

    private String verified(World world, int code) throws Exception {
        Path file = folder.resolve("page.html");
        try (Cloud cloud = Cloud.start(world)) {
            Harness.Ran ran = new Harness(cloud.endpoint()).verify("--page", file.toString());
            assertEquals(code, ran.code(), ran.err());
        }
        return Files.readString(file);
    }

    /** Every kind of block, with very long texts and with markup in every text. */
    private static Page everything() {
        String longWord = "vol-" + "0123456789abcdef".repeat(6);
        return new Page(EVIL, Tone.BAD, EVIL, EVIL + longWord, List.of(EVIL, longWord), List.of(
                new KeyFigures(EVIL, List.of(new KeyFigures.Figure("1234567", EVIL, Tone.GOOD),
                        new KeyFigures.Figure("1234567", "found",
                        Tone.PLAIN), new KeyFigures.Figure("0", "lost", Tone.BAD)),
                        List.of(new KeyFigures.Fact(EVIL, longWord)), EVIL),
                new WriteChart(EVIL, List.of(1L, 2L, 900L), List.of(950L, 5000L), 920, 1000, EVIL, Tone.BAD, longWord),
                new StepChart(EVIL, 1000, List.of(new StepChart.Bar("./jbang restore-volume " + longWord, true, "exit 20", 0, 900,
                        Tone.GOOD), new StepChart.Bar(EVIL, false, "", 900, 5000, Tone.BAD))),
                new Members(EVIL, List.of(new Members.Cluster(EVIL, EVIL, Tone.BAD, EVIL, List.of(new Members.Member(EVIL, EVIL,
                        List.of(new Members.Volume(EVIL, Tone.DOUBTFUL, longWord, true, EVIL + longWord))))))),
                new Points(EVIL, List.of(new Points.Point(Tone.PLAIN, "CODE_" + longWord, EVIL, EVIL, EVIL + longWord))),
                new Commands(EVIL, List.of("./jbang " + longWord))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"three-masters", "two-volumes-gone", "tags-wrong", "duplicate-volume", "with-noise"})
    void it_is_well_formed_fetches_nothing_and_runs_nothing(String world) throws Exception {
        String html = verified(Worlds.named(world), world.equals("three-masters") || world.equals("with-noise") ? 0 : 20);
        Document page = parsed(html);
        assertEquals("en", page.getDocumentElement().getAttribute("lang"));
        assertEquals(1, page.getElementsByTagName("h1").getLength());
        assertTrue(html.contains("name=\"viewport\" content=\"width=device-width, initial-scale=1\""));
        for (String tag : List.of("script", "link", "img", "iframe", "object", "a", "form")) {
            assertEquals(0, page.getElementsByTagName(tag).getLength(), tag);
        }
        // A URL in the text is harmless; in an attribute or a style the browser would fetch it.
        String active = Pattern.compile("<[^>]*>|(?s)<style>.*</style>").matcher(html).results().map(MatchResult::group)
                .collect(Collectors.joining());
        assertFalse(Pattern.compile("https?:|url\\(|@import|//[a-z]|\\s(on[a-z]+|src|href)=").matcher(active).find(), active);
    }

    @Test
    void it_says_the_verdict_first_and_every_member_reason_and_next_command() throws Exception {
        String html = verified(Worlds.named("tags-wrong"), 20);
        Document page = parsed(html);
        assertEquals("Lost", page.getElementsByTagName("h1").item(0).getTextContent());
        assertEquals("Lost: Quorum volumes of k8s.mycompany.tld", page.getElementsByTagName("title").item(0).getTextContent());
        String text = ((Element) page.getElementsByTagName("main").item(0)).getTextContent();
        for (String fact : List.of("main: 1 of 3 members count, quorum is 2", "events: 3 of 3", "eu-central-1b",
                Worlds.volumeId(Worlds.CLUSTER, "main", "b"), "TAG_MISSING:k8s.io/role/control-plane",
                "set it as its siblings have it", "./jbang fix-tags --cluster k8s.mycompany.tld", "cannot prove")) {
            assertTrue(text.contains(fact), fact + " in\n" + text);
        }
    }

    @Test
    void a_tag_that_holds_markup_is_text() throws Exception {
        World world = Worlds.kops("<script>alert(1)</script>", Worlds.REGION, Worlds.TagSet.KOPS_1_26, List.of("main", "events"),
                new LinkedHashMap<>(Map.of("a", Worlds.REGION + "a")));
        String html = verified(world, 0);
        assertEquals(0, parsed(html).getElementsByTagName("script").getLength());
        assertFalse(html.contains("<script"), html);
        assertTrue(html.contains("&lt;script&gt;alert(1)"), html);
    }

    @Test
    void every_block_escapes_all_it_is_given() throws Exception {
        String html = everything().html();
        Document page = parsed(html);
        assertEquals(0, page.getElementsByTagName("script").getLength());
        assertEquals(EVIL, page.getElementsByTagName("h1").item(0).getTextContent());
        assertEquals(EVIL, page.getElementsByTagName("strong").item(0).getTextContent());
        assertEquals("a\\u0001b?", parsed(new Page("a\u0001b\uD800", Tone.PLAIN, "v", "s", List.of(), List.of()).html())
                .getElementsByTagName("p").item(0).getTextContent());
    }

    @Test
    void colours_are_readable_on_their_ground_light_and_dark() {
        String css = everything().html();
        Matcher scheme = Pattern.compile(":root \\{([^}]*)\\}").matcher(css);
        int schemes = 0;
        while (scheme.find()) {
            schemes++;
            for (String ground : List.of("ground", "card")) {
                for (String ink : List.of("ink", "quiet", "good", "bad", "doubtful", "plain")) {
                    double contrast = contrast(colour(scheme.group(1), ink), colour(scheme.group(1), ground));
                    assertTrue(contrast >= 4.5, ink + " on " + ground + " is " + contrast + " (WCAG 2, 1.4.3)");
                }
            }
        }
        assertEquals(2, schemes);
    }

    private static int colour(String declarations, String name) {
        Matcher found = Pattern.compile("--" + name + ": #([0-9a-f]{6})").matcher(declarations);
        assertTrue(found.find(), name);
        return Integer.parseInt(found.group(1), 16);
    }

    private static double contrast(int one, int other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(int rgb) {
        double[] part = Stream.of(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255).mapToDouble(c -> c / 255.0)
                .map(c -> c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4)).toArray();
        return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 1200})
    void in_a_browser_nothing_reaches_beyond_the_screen(int width) throws Exception {
        Path chromium = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(at -> Path.of(at, "chromium"))
                .filter(Files::isExecutable).findFirst().orElse(null);
        assumeTrue(chromium != null, "chromium is not installed: apt-get install chromium");
        for (String html : List.of(everything().html(), verified(Worlds.named("tags-wrong"), 20))) {
            // Chromium opens no window as narrow as a phone, but a frame can be: its width decides the layout of the page.
            Path frame = folder.resolve("frame.html");
            Files.writeString(frame, "<!DOCTYPE html><body><iframe id='f' style='width:" + width
                    + "px;height:800px;border:0' srcdoc='" + html.replace("&", "&amp;").replace("'", "&#39;")
                    + "'></iframe><script>f.onload = () => document.title = "
                    + "'wide ' + f.contentDocument.documentElement.scrollWidth + ' of ' + f.contentWindow.innerWidth + ' '"
                    + " + f.contentDocument.title.includes('run')</script>");
            Processes.Ended ended = Processes.run(folder, chromium.toString(), "--headless", "--no-sandbox", "--disable-gpu",
                    "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                    "--disable-sync", "--user-data-dir=" + folder.resolve("profile-" + html.length()), "--window-size=1300,900",
                    "--dump-dom", frame.toUri().toString());
            Matcher title = Pattern.compile("<title>wide (\\d+) of (\\d+)").matcher(ended.out());
            assertTrue(title.find(), ended.err());
            assertEquals(width, Integer.parseInt(title.group(2)));
            assertTrue(Integer.parseInt(title.group(1)) <= width, title.group() + " at " + width);
        }
    }
}
