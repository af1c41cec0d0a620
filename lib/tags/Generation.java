package tags;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import facts.Volume;

/** Which kops wrote the tags, hence which readers must be satisfied. Later ones need more tags, never fewer. */
public enum Generation {
    /** kops until 1.8: four tags, read by protokube. */
    PROTOKUBE("protokube"),
    /** kops 1.9 to 1.25: and kubernetes.io/cluster/CLUSTER=owned; read by protokube until 1.11, by etcd-manager since. */
    ETCD_MANAGER_BEFORE_1_26("etcd-manager<1.26"),
    /** kops 1.26 and later: and k8s.io/role/control-plane=1. */
    ETCD_MANAGER("etcd-manager");

    private static final Pattern VERSION = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})(\\.\\d+.*)?");

    private final String word;

    Generation(String word) {
        this.word = word;
    }

    /** The word that reports use. */
    public String word() {
        return word;
    }

    /** @throws IllegalArgumentException when it is not of the form X.Y, with or without a patch level */
    public static Generation ofKopsVersion(String version) {
        Matcher form = VERSION.matcher(version);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + version + "' is no kops version like 1.26");
        }
        int number = Integer.parseInt(form.group(1)) * 10_000 + Integer.parseInt(form.group(2));
        return number >= 1_0026 ? ETCD_MANAGER : number >= 1_0009 ? ETCD_MANAGER_BEFORE_1_26 : PROTOKUBE;
    }

    /**
     * The newest generation that any of a cluster's live volumes shows. One volume with the newer tag means that the newer
     * kops has run, and that it missed the other volumes.
     */
    public static Generation detect(String cluster, Collection<Volume> live) {
        if (live.stream().anyMatch(v -> v.tag(LiveTags.ROLE_CONTROL_PLANE).isPresent())) {
            return ETCD_MANAGER;
        }
        boolean owned = live.stream().anyMatch(v -> v.tag(LiveTags.clusterKey(cluster)).isPresent());
        return owned ? ETCD_MANAGER_BEFORE_1_26 : PROTOKUBE;
    }
}
