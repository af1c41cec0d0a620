package disk;

/** How much of EBS the bytes here are like, best last. Each says what a snapshot of it can and cannot prove. */
public enum Tier {
    NONE("volumes have no contents"),
    DIRECTORY("volumes are plain directories, copied while their writers stand still: no file system, no crash is shown"),
    IMAGE("volumes are ext4 images written from a directory: the layout is real, a crash is not"),
    BLOCK("volumes are mounted ext4 images, and a snapshot is one instant of the live image, as EBS takes it");

    private final String claim;

    Tier(String claim) {
        this.claim = claim;
    }

    /** What holds for it, as the rest of a sentence. */
    public String claim() {
        return claim;
    }
}
