import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the prose to one word for one thing, and to short sentences. Code is not prose: fenced blocks, words between
 * backticks, HTML comments and the targets of links are left out.
 */
class WordsTest {
    /** The pages that are held to words and sentences. A folder stands for each .md file in it. */
    static final List<String> DOCUMENTS = List.of("README.md", "CONTRIBUTING.md", "REPORTS.md", "lib/README.md",
            "tests/rehearsal/README.md", "runbooks");
    /** The folders whose Java sources are held to the words, in comments and in string literals. */
    static final List<String> SOURCES = List.of("lib", "scripts", "tests");

    private static final int MOST_WORDS = 25;
    private static final int MOST_COLONS = 1;
    /** A word that is not used, and the word to use. `night-1` is a set, `old-twin` and `worst-night` are old names. */
    private static final Map<Pattern, String> INSTEAD_OF = insteadOf(
            "mend\\w*", "fix",
            "repair\\w*", "fix",
            "(?<!old-)twin\\w*", "duplicate",
            "undo|undo(?:es|ing|ne)|undid", "roll back",
            "(?:take|takes|taken|taking|took)\\s+back", "roll back",
            "(?<!worst-)nights?(?!-1)", "incident, scenario or game day",
            "rooms?", "package",
            "doors?", "package-info");
    /** A status in the reports. */
    private static final String STATUS = "undone";

    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("(`+).+?\\1", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)]\\([^)]*\\)");
    private static final Pattern URL = Pattern.compile("<?https?://[^\\s>)]+>?");
    private static final Pattern ITEM = Pattern.compile("\\s*(?:[-*+]|\\d+\\.)\\s+");
    private static final Pattern SENTENCE = Pattern.compile(".*?(?:[.!?][\"')*_]*(?=\\s|$)|$)", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("\\S*[A-Za-z0-9]\\S*");
    private static final Pattern COLON = Pattern.compile(":(?=[\\s*_)\"]|$)");
    /** A text block, a string, a character, a comment to the end of the line, a comment between marks. */
    private static final Pattern JAVA = Pattern.compile("\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\n])++'"
            + "|//[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern JAVADOC_CODE = Pattern.compile("\\{@code[^}]*}");

    /** Some prose, and the line on which it begins. */
    record Piece(int line, String text) {
    }

    static Stream<String> documents() {
        return DOCUMENTS.stream().flatMap(name -> {
            String[] pages = Checkout.root().resolve(name).toFile().list((folder, file) -> file.endsWith(".md"));
            return pages == null ? Stream.of(name) : Stream.of(pages).sorted().map(page -> name + "/" + page);
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void a_page_uses_the_words_and_short_sentences(String document) throws IOException {
        List<Piece> sentences = sentences(Files.readString(Checkout.root().resolve(document)));
        assertFalse(sentences.isEmpty(), document);
        List<String> faults = new ArrayList<>();
        for (Piece sentence : sentences) {
            faults(sentence).forEach(fault -> faults.add(document + ":" + fault));
        }
        assertEquals("", String.join("\n", faults));
    }

    @Test
    void comments_and_messages_use_the_words() {
        List<String> faults = new ArrayList<>();
        for (Path file : SOURCES.isEmpty() ? List.<Path>of() : RepositoryTest.javaFiles(SOURCES.toArray(String[]::new))) {
            if (file.endsWith("WordsTest.java")) { // holds the wrong words
                continue;
            }
            for (Piece piece : commentsAndStrings(RepositoryTest.read(file))) {
                wrongWords(piece).forEach(fault -> faults.add(Checkout.root().relativize(file) + ":" + fault));
            }
        }
        assertEquals("", String.join("\n", faults));
    }

    @Test
    void a_sentence_is_found_where_it_begins_and_code_is_left_out() {
        String page = """
                # A heading

                One, over
                two lines. Two `not
                this` follows <!-- nor this -->
                1. see [an item](with/a-target.md) and https://example.com/a.b

                | a cell | `code` and another |
                | --- | --- |
                ```console
                $ twin
                ```
                Last: `it`.""";
        assertEquals(List.of("1 A heading", "3 One, over two lines.", "4 Two follows", "6 see an item and", "8 a cell",
                "8 and another", "13 Last: ."), sentences(page).stream()
                .map(sentence -> sentence.line() + " " + sentence.text().replaceAll("\\s+", " ")).toList());
    }

    @Test
    void a_fault_says_where_which_and_what_to_say_instead() {
        assertEquals(List.of("7: say fix, not Mends: Mends it."), faults(new Piece(7, "Mends\nit.")));
        assertEquals(List.of("2: say roll back, not taken back: It was taken back."),
                faults(new Piece(1, "It was\ntaken\n back.")));
        assertEquals(List.of("1: 26 words, at most 25: " + "a ".repeat(25) + "b."),
                faults(new Piece(1, "a ".repeat(25) + "b.")));
        assertEquals(List.of("1: 2 colons, at most 1: a: b: c"), faults(new Piece(1, "a: b: c")));
        for (String fine : List.of("a ".repeat(24) + "b.", "recommend", "the set night-1", "at midnight", "the world old-twin",
                "take the key back to 10:30, as eu-central-1:b", "bedroom, indoors")) {
            assertEquals(List.of(), faults(new Piece(1, fine)), fine);
        }
        for (String wrong : List.of("mended", "repairs", "a twin", "Undo this", "undone", "undoing", "take back", "by night",
                "no room", "a door")) {
            assertEquals(1, faults(new Piece(1, wrong)).size(), wrong);
        }
    }

    @Test
    void comments_and_strings_of_Java_are_found_and_names_are_not() {
        String source = """
                /** Mends
                 * {@code undo}, `undo` and undoes. */
                class Twin { // the door
                    char quote = '"'; String status = "undone", other = "a \\"twin\\"";
                    String block = \"""
                            http://room
                            \""";
                    void undo() { }
                }
                """;
        List<String> faults = commentsAndStrings(source).stream().flatMap(piece -> wrongWords(piece).stream())
                .map(fault -> fault.replaceFirst("(.*?: .*?): (?s:.*)", "$1")).toList();
        assertEquals(List.of("1: say fix, not Mends", "2: say roll back, not undoes", "3: say package-info, not door",
                "4: say duplicate, not twin", "6: say package, not room"), faults);
    }

    /** One string for each fault: line, fault, sentence. */
    private static List<String> faults(Piece sentence) {
        List<String> faults = new ArrayList<>(wrongWords(sentence));
        long words = WORD.matcher(sentence.text()).results().count();
        if (words > MOST_WORDS) {
            faults.add(fault(sentence, words + " words, at most " + MOST_WORDS));
        }
        long colons = COLON.matcher(sentence.text()).results().count();
        if (colons > MOST_COLONS) {
            faults.add(fault(sentence, colons + " colons, at most " + MOST_COLONS));
        }
        return faults;
    }

    private static List<String> wrongWords(Piece piece) {
        List<String> faults = new ArrayList<>();
        INSTEAD_OF.forEach((wrong, right) -> {
            Matcher found = wrong.matcher(piece.text());
            while (found.find()) {
                int line = piece.line() + newlines(piece.text().substring(0, found.start()));
                faults.add(fault(new Piece(line, piece.text()), "say " + right + ", not " + found.group()));
            }
        });
        return faults;
    }

    private static String fault(Piece piece, String fault) {
        return piece.line() + ": " + (fault + ": " + piece.text()).replaceAll("\\s+", " ");
    }

    /** The sentences of a Markdown page. A heading, a list's item and a table's cell end a sentence without a full stop. */
    static List<Piece> sentences(String page) {
        List<Piece> sentences = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        int first = 1;
        boolean isFenced = false;
        List<String> lines = blank(COMMENT, page).lines().toList();
        for (int n = 0; n < lines.size(); n++) {
            String line = lines.get(n);
            boolean isFence = line.strip().startsWith("```");
            boolean isTable = line.strip().startsWith("|");
            boolean isHeading = line.startsWith("#");
            Matcher item = ITEM.matcher(line);
            boolean isItem = item.lookingAt();
            if (isFenced || isFence || isTable || isHeading || isItem || line.isBlank()) {
                addSentences(sentences, first, block);
            }
            isFenced ^= isFence;
            if (isFenced || isFence || line.isBlank()) {
                continue;
            }
            if (block.isEmpty()) {
                first = n + 1;
            }
            if (isTable) {
                for (String cell : CODE.matcher(line).replaceAll("").split("\\|")) {
                    addSentences(sentences, n + 1, new StringBuilder(cell));
                }
            } else {
                block.append(isHeading ? line.replaceFirst("#+ *", "") : isItem ? line.substring(item.end()) : line).append('\n');
                if (isHeading) {
                    addSentences(sentences, first, block);
                }
            }
        }
        addSentences(sentences, first, block);
        return sentences;
    }

    /** Adds the sentences of the block, and empties the block. */
    private static void addSentences(List<Piece> sentences, int first, StringBuilder block) {
        String text = blank(CODE, block.toString());
        text = blank(URL, LINK.matcher(text).replaceAll(link -> Matcher.quoteReplacement(link.group(1))));
        block.setLength(0);
        Matcher sentence = SENTENCE.matcher(text);
        while (sentence.find()) {
            String said = sentence.group();
            if (WORD.matcher(said).find()) {
                int begin = sentence.start() + said.length() - said.stripLeading().length();
                sentences.add(new Piece(first + newlines(text.substring(0, begin)), said.strip()));
            }
        }
    }

    /** Removes each match except its line breaks, so that all lines keep their numbers. */
    private static String blank(Pattern pattern, String text) {
        return pattern.matcher(text).replaceAll(found -> "\n".repeat(newlines(found.group())));
    }

    private static int newlines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }

    /** The comments of a Java source, and its strings except the name of a status. */
    static List<Piece> commentsAndStrings(String source) {
        List<Piece> pieces = new ArrayList<>();
        Matcher found = JAVA.matcher(source);
        while (found.find()) {
            String text = found.group();
            boolean isComment = text.startsWith("/");
            if (!text.startsWith("'") && !text.equals('"' + STATUS + '"')) {
                pieces.add(new Piece(1 + newlines(source.substring(0, found.start())),
                        isComment ? blank(CODE, blank(JAVADOC_CODE, text)) : text));
            }
        }
        return pieces;
    }

    private static Map<Pattern, String> insteadOf(String... wrongAndRight) {
        Map<Pattern, String> words = new LinkedHashMap<>();
        for (int n = 0; n < wrongAndRight.length; n += 2) {
            words.put(Pattern.compile("\\b(?:" + wrongAndRight[n] + ")\\b", Pattern.CASE_INSENSITIVE), wrongAndRight[n + 1]);
        }
        return words;
    }
}
