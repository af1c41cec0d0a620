package tags;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import facts.Volume;

/** The `Name` tag that kops gives an etcd volume and finds it by: {@code <member>.etcd-<etcd>.<cluster>}. */
public record VolumeName(String member, String etcd, String cluster) {
    private static final Pattern FORM = Pattern.compile("([^.]+)\\.etcd-([^.]+)\\.(.+)");

    public static Optional<VolumeName> parse(String name) {
        Matcher form = FORM.matcher(name);
        return form.matches()
                ? Optional.of(new VolumeName(form.group(1), form.group(2), form.group(3)))
                : Optional.empty();
    }

    public static Optional<VolumeName> of(Volume volume) {
        return volume.tag(LiveTags.NAME).flatMap(VolumeName::parse);
    }

    /** The Name of a volume that nobody may find yet: no longer of the form that kops looks for. */
    public String inert() {
        return "inert." + this;
    }

    @Override
    public String toString() {
        return member + ".etcd-" + etcd + "." + cluster;
    }
}
