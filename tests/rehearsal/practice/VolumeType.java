package practice;

import java.util.Locale;
import java.util.Optional;

/** The types of volume with their limits (API reference, CreateVolume; EBS User Guide, "Amazon EBS volume types"). */
enum VolumeType {
    GP2(1, 16_384, 0, 0, 0),
    GP3(1, 65_536, 3_000, 80_000, 500),
    IO1(4, 16_384, 100, 64_000, 50),
    IO2(4, 65_536, 100, 256_000, 1_000),
    ST1(125, 16_384, 0, 0, 0),
    SC1(125, 16_384, 0, 0, 0),
    STANDARD(1, 1_024, 0, 0, 0);

    private final int leastGib;
    private final int mostGib;
    private final int leastIops;
    private final int mostIops;
    private final int iopsPerGib;

    VolumeType(int leastGib, int mostGib, int leastIops, int mostIops, int iopsPerGib) {
        this.leastGib = leastGib;
        this.mostGib = mostGib;
        this.leastIops = leastIops;
        this.mostIops = mostIops;
        this.iopsPerGib = iopsPerGib;
    }

    /** gp2 by default, as the API still has it. */
    static VolumeType asked(Call call) {
        String name = call.text("VolumeType").orElse("gp2");
        for (VolumeType type : values()) {
            if (type.word().equals(name)) {
                return type;
            }
        }
        throw Ec2Error.of("UnknownVolumeType", "Unsupported volume type '%s' for volume creation.", name);
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    int gib(int gib) {
        if (gib < leastGib || gib > mostGib) {
            throw Ec2Error.of("InvalidParameterValue", "Volume size %d is not between %d and %d GiB for %s volumes.",
                    gib, leastGib, mostGib, word());
        }
        return gib;
    }

    /** What a Describe shows: the provisioned IOPS, or the baseline of gp2; 0 for types without IOPS. */
    int iops(Call call, int gib) {
        Optional<Integer> asked = call.integer("Iops");
        if (mostIops == 0) {
            if (asked.isPresent()) {
                throw Ec2Error.of("InvalidParameterCombination", "The parameter iops is not supported for %s volumes.",
                        word());
            }
            return this == GP2 ? Math.min(16_000, Math.max(100, 3 * gib)) : 0;
        }
        if (asked.isEmpty() && this != GP3) {
            throw Ec2Error.of("MissingParameter", "The parameter iops must be specified for %s volumes.", word());
        }
        int iops = asked.orElse(leastIops);
        if (iops < leastIops || iops > mostIops) {
            throw Ec2Error.of("InvalidParameterValue", "Volume iops of %d is not between %d and %d for %s volumes.",
                    iops, leastIops, mostIops, word());
        }
        // Every gp3 volume has the baseline; only more IOPS than that need a certain size.
        if (iops > iopsPerGib * (long) gib && !(this == GP3 && iops == leastIops)) {
            throw Ec2Error.of("InvalidParameterValue", "Iops to volume size ratio of %d is too high; maximum is %d.",
                    iops / gib, iopsPerGib);
        }
        return iops;
    }

    int throughput(Call call, int iops) {
        Optional<Integer> asked = call.integer("Throughput");
        if (this != GP3) {
            if (asked.isPresent()) {
                throw Ec2Error.of("InvalidParameterCombination", "The parameter throughput is not supported for %s "
                        + "volumes.", word());
            }
            return 0;
        }
        int throughput = asked.orElse(125);
        if (throughput < 125 || throughput > 2_000) {
            throw Ec2Error.of("InvalidParameterValue", "Throughput of %d is not between 125 and 2000.", throughput);
        }
        if (throughput > iops / 4) { // EBS User Guide, "General Purpose SSD volumes": 0.25 MiB/s per IOPS
            throw Ec2Error.of("InvalidParameterValue", "Throughput (MiBps) to iops ratio of %d/%d is too high; maximum "
                    + "is 0.25.", throughput, iops);
        }
        return throughput;
    }
}
