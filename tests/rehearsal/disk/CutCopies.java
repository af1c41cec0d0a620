package disk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The copies of one cut: all of them, or after a failure none. */
final class CutCopies {

    private CutCopies() {
    }

    interface Make {
        void copy(String volume, String copy) throws IOException;
    }

    interface Drop {
        void delete(String copy) throws IOException;
    }

    static void allOrNone(Map<String, String> copyByVolume, Make make, Drop drop) throws IOException {
        List<String> made = new ArrayList<>();
        try {
            for (Map.Entry<String, String> each : copyByVolume.entrySet()) {
                make.copy(each.getKey(), each.getValue());
                made.add(each.getValue());
            }
        } catch (IOException failed) {
            for (String copy : made) {
                drop.delete(copy);
            }
            throw failed;
        }
    }
}
