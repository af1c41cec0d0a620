import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An empty practice cloud whose time stands still until a case waits. All calls go through reflection, since a mutant is
 * another class of the same name and has to be called in the same way.
 */
final class RefereePractice implements AutoCloseable {
    /** The snapshots of a volume begin 15 s apart. The first must still be pending when the fifth begins. */
    private static final Duration SNAPSHOT_TAKES = Duration.ofSeconds(90);

    private final Object cloud;

    private RefereePractice(Object cloud) {
        this.cloud = cloud;
    }

    static RefereePractice start(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> worlds = loader.loadClass("practice.World");
        Class<?> clocks = loader.loadClass("practice.PracticeClock");
        Class<?> settings = loader.loadClass("practice.Settings");
        Object clock = clocks.getMethod("manual", Instant.class).invoke(null, Instant.now());
        Object set = settings.getMethod("defaults").invoke(null);
        set = settings.getMethod("clock", clocks).invoke(set, clock);
        set = settings.getMethod("snapshotTakes", Duration.class).invoke(set, SNAPSHOT_TAKES);
        Object world = worlds.getMethod("empty", String.class, String.class, String.class)
                .invoke(null, "nothing", "an account with nothing in it", "eu-central-1");
        return new RefereePractice(loader.loadClass("practice.Cloud").getMethod("start", worlds, settings)
                .invoke(null, world, set));
    }

    /** What is wrong when the case is run here; unknown elements in the answers count too. */
    String complaint(RefereeCase rule) throws Exception {
        return new RefereeRun(RefereeEndpoint.local((URI) call("endpoint")), this::pass, RefereeShapes::strangeInReply)
                .complaint(rule);
    }

    /** Runs each case on a cloud of its own. Returns what is wrong with the first case that fails; empty when none fails. */
    static String firstComplaint(ClassLoader loader, List<RefereeCase> rules) throws Exception {
        for (RefereeCase rule : rules) {
            try (RefereePractice practice = start(loader)) {
                String complaint = practice.complaint(rule);
                if (!complaint.isEmpty()) {
                    return complaint;
                }
            }
        }
        return "";
    }

    private void pass(Duration time) {
        try {
            Object clock = call("clock");
            clock.getClass().getMethod("advance", Duration.class).invoke(clock, time);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object call(String method) throws ReflectiveOperationException {
        return cloud.getClass().getMethod(method).invoke(cloud);
    }

    @Override
    public void close() throws ReflectiveOperationException {
        call("close");
    }
}
