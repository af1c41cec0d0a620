import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles the sources of the practice cloud outside the tests' class path, unchanged or with one text replaced. */
final class MutantBuild implements AutoCloseable {
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final Path folder;
    private final Path whole;

    MutantBuild() throws IOException {
        assumeTrue(compiler != null, "this Java has no compiler: apt-get install openjdk-17-jdk-headless");
        folder = Files.createTempDirectory("mutants");
        whole = Files.createDirectory(folder.resolve("whole"));
        try (Stream<Path> files = Stream.concat(Files.list(source("practice")), Files.list(source("disk")))) {
            compile(files.filter(f -> f.toString().endsWith(".java")).toList(), whole);
        }
    }

    static Path source(String name) {
        return Checkout.root().resolve("tests/rehearsal").resolve(name);
    }

    /** The classes with that text replaced. The class loader has nothing else but the JDK. */
    URLClassLoader mutant(String file, String replace, String by) throws IOException {
        String code = Files.readString(source(file));
        assertEquals(2, code.split(Pattern.quote(replace), -1).length,
                "tests/rehearsal/" + file + " must have this text exactly once: " + replace);
        Path made = Files.createTempDirectory(folder, "mutant");
        Path edited = made.resolve(Path.of(file).getFileName());
        Files.writeString(edited, code.replace(replace, by));
        compile(List.of(edited), made);
        return new URLClassLoader(new URL[] {made.toUri().toURL(), whole.toUri().toURL()},
                ClassLoader.getPlatformClassLoader());
    }

    private void compile(List<Path> files, Path into) throws IOException {
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiles = compiler.getTask(said, manager, null, List.of("-d", into.toString(), "-cp", whole.toString(),
                    "-proc:none", "-nowarn"), null, manager.getJavaFileObjectsFromPaths(files)).call();
            assertEquals(true, compiles, said::toString);
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
