package disk;

/** How close the bytes are to those of EBS; the best tier is last. Each has a claim: what its snapshots prove and what not. */
public enum Tier {
    NONE("volumes have no contents"),
    DIRECTORY("volumes are plain directories, copied while their writers are stopped: no file system and no crash is shown"),
    IMAGE("volumes are ext4 images written from a directory: the layout is real, a crash is not"),
    BLOCK("volumes are mounted ext4 images, and a snapshot is one instant of the live image, as EBS takes it");

    private final String claim;

    Tier(String claim) {
        this.claim = claim;
    }

    /** What this tier proves, as a part of a sentence. */
    public String claim() {
        return claim;
    }
}
