package report;

import java.nio.file.Path;
import java.util.Optional;

import picocli.CommandLine.Option;

/** The option for the report as an HTML page. */
public final class PageOptions {
    @Option(names = "--page", paramLabel = "FILE", description = "write one self-contained HTML page as well")
    private Path file;

    Optional<OutputFile> file() {
        return Optional.ofNullable(file).map(OutputFile::new);
    }
}
