package page;

import java.util.Locale;

/** How good something is. A page never shows this by colour alone. */
public enum Tone {
    GOOD, DOUBTFUL, BAD, PLAIN;

    public String cssClass() {
        return name().toLowerCase(Locale.ROOT);
    }
}
