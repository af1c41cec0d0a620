package page;

import java.util.Locale;

/** How good a thing is; never told by colour alone. */
public enum Tone {
    GOOD, DOUBTFUL, BAD, PLAIN;

    public String cssClass() {
        return name().toLowerCase(Locale.ROOT);
    }
}
