///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION The project's own tests
//JAVA 17+
//SOURCES *.java
//SOURCES ../scripts/Completion.java
//SOURCES ../scripts/FixTags.java
//SOURCES ../scripts/RestoreVolume.java
//SOURCES ../scripts/SnapshotAll.java
//SOURCES ../scripts/VerifyQuorumVolumes.java
//SOURCES ../scripts/GameDay.java
//SOURCES ../scripts/PracticeCloud.java
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//DEPS software.amazon.awssdk:ebs:2.40.2@fatjar
//DEPS org.junit.platform:junit-platform-launcher:6.1.3

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs every test of every {@code *Test} class beside it, or those whose {@code Class.method} contains one of the words
 * given. Ends with the counts alone on stdout, and 0; 1 when a test failed; 2 when none ran.
 */
public final class RunTests implements TestExecutionListener {
    private static final int SLOWEST = 5;

    private final PrintWriter log = new PrintWriter(System.err, true);
    private final Map<TestIdentifier, Instant> started = new LinkedHashMap<>();
    private final Map<String, Duration> took = new LinkedHashMap<>();
    private final List<String> skipped = new ArrayList<>();
    private int passed;
    private int failed;

    public static void main(String[] args) throws Exception {
        keepAwayFromAws();
        RunTests run = new RunTests();
        Path classes = Path.of(RunTests.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(Set.of(classes)))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(isWanted(test, args)))
                .build();
        LauncherFactory.create().execute(request, run);
        System.exit(run.summary());
    }

    /** Scripts run inside this process find these before any profile of the person at the keyboard. */
    private static void keepAwayFromAws() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        System.setProperty("aws.region", "eu-central-1");
        System.setProperty("aws.disableEc2Metadata", "true");
        System.setProperty("aws.configFile", "/nonexistent");
        System.setProperty("aws.sharedCredentialsFile", "/nonexistent");
    }

    /** Decided for methods, plain or with parameters; a class is wanted for what is left in it. */
    private static boolean isWanted(TestDescriptor test, String[] words) {
        return words.length == 0 || !(test.getSource().orElse(null) instanceof MethodSource method)
                || Arrays.stream(words).anyMatch(name(method)::contains);
    }

    private static String name(Object source) {
        return source instanceof MethodSource m ? m.getClassName() + "." + m.getMethodName()
                : source instanceof ClassSource c ? c.getClassName() : "";
    }

    private static String name(TestIdentifier test) {
        String name = test.getSource().map(RunTests::name).orElse(test.getDisplayName());
        String shown = test.getDisplayName();
        return shown.isEmpty() || name.endsWith(shown.replaceFirst("\\(.*\\)$", "")) ? name : name + " " + shown;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test, Instant.now());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        skip(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            took.put(name(test), Duration.between(started.get(test), Instant.now()));
        }
        Throwable why = result.getThrowable().orElse(null);
        switch (result.getStatus()) {
            case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
            case ABORTED -> skip(test, why == null ? "" : why.getMessage());
            // A class whose set-up failed counts too: its tests never ran.
            case FAILED -> fail(test, why);
        }
    }

    private void skip(TestIdentifier test, String reason) {
        skipped.add(name(test) + ": " + (reason == null ? "" : reason.replace("Assumption failed: ", "")));
    }

    private void fail(TestIdentifier test, Throwable why) {
        failed++;
        log.println("FAILED " + name(test));
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            log.println("    " + String.valueOf(cause).replace("\n", "\n    "));
            Arrays.stream(cause.getStackTrace()).filter(IS_OURS).limit(8)
                    .forEach(frame -> log.println("        at " + frame));
        }
    }

    private static final Predicate<StackTraceElement> IS_OURS = frame -> {
        String type = frame.getClassName();
        return !type.contains(".") && !type.startsWith("RunTests")
                || type.matches("[a-z]+\\.[A-Z].*");
    };

    private int summary() {
        took.entrySet().stream().sorted(Map.Entry.<String, Duration>comparingByValue(Comparator.reverseOrder()))
                .limit(SLOWEST).filter(slow -> slow.getValue().toMillis() >= 500)
                .forEach(slow -> log.printf(Locale.ROOT, "slow: %5.1f s %s%n",
                        slow.getValue().toMillis() / 1000.0, slow.getKey()));
        skipped.stream().distinct().forEach(skip -> log.println("SKIPPED " + skip));
        String skips = skipped.isEmpty() ? "" : ", " + skipped.size() + " skipped";
        System.out.println(passed + " passed, " + failed + " failed" + skips);
        return failed > 0 ? 1 : passed == 0 ? 2 : 0;
    }
}
