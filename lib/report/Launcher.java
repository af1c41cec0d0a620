package report;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the user started this command, so that the command lines we print can be pasted. */
public final class Launcher {
    /** What `./jbang` was typed as; the launcher exports it. */
    private static final String OURS = "ETCD_OPS_LAUNCHER";
    /** Exported by an installed JBang. It does not tell the alias, so the catalog has the name that the README gives it. */
    private static final String JBANG = "JBANG_LAUNCH_CMD";
    private static final Pattern SHOWN = Pattern.compile("\\./jbang ([a-z][a-z-]*)");

    private final String before;
    private final String after;

    private Launcher(String before, String after) {
        this.before = before;
        this.after = after;
    }

    public static Launcher of(Map<String, String> env) {
        String ours = env.getOrDefault(OURS, "");
        return !ours.isEmpty() ? new Launcher(CommandWords.quoted(ours) + " ", "")
                : env.getOrDefault(JBANG, "").isEmpty() ? new Launcher("./jbang ", "") : new Launcher("jbang ", "@ops");
    }

    /** The words that start a command of ours. */
    public String command(String name) {
        return before + name + after;
    }

    /** A text that names commands as `./jbang NAME`, in the words of this launcher. */
    public String inWords(String text) {
        return SHOWN.matcher(text).replaceAll(m -> Matcher.quoteReplacement(TerminalText.line(command(m.group(1)))));
    }
}
