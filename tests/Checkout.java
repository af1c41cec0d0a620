import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project lies, from wherever in it the tests are run. */
final class Checkout {
    private Checkout() {
    }

    static Path root() {
        String launcher = System.getenv().getOrDefault("JBANG_LAUNCH_CMD", "");
        Path from = launcher.isEmpty() ? Path.of("").toAbsolutePath() : Path.of(launcher).toAbsolutePath().getParent();
        for (Path folder = from; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("jbang-catalog.json")) && Files.exists(folder.resolve("lib/judgement"))) {
                return folder;
            }
        }
        throw new IllegalStateException("run the tests inside the checkout, not in " + from);
    }
}
