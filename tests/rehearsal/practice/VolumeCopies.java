package practice;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Copies of volumes in their own zone (EBS User Guide, "Copy an Amazon EBS volume"). */
final class VolumeCopies {

    private static final int IN_PROGRESS = 5;

    private final Account account;
    private final Volumes volumes;

    VolumeCopies(Account account, Volumes volumes) {
        this.account = account;
        this.volumes = volumes;
    }

    /** One volume a call: the action has a plural name, but its parameter is one volume. */
    void copy(Call call, Xml out) {
        out.items("volumeSet", account.tokens.made(call, account.volumes).orElseGet(() -> List.of(made(call))),
                volumes::write);
    }

    private World.Volume made(Call call) {
        World.Volume source = account.volumes.get(call.required("SourceVolumeId"));
        if (!Set.of("available", "in-use").contains(source.state())) {
            throw Ec2Error.of("IncorrectState", "Volume '%s' is in the '%s' state.", source.id(), source.state());
        }
        VolumeType type = VolumeType.asked(call);
        int gib = type.gib(call.integer("Size").orElse(source.sizeGib()));
        if (gib < source.sizeGib()) {
            throw Ec2Error.of("InvalidParameterValue", "A copy of %dGiB is smaller than volume '%s' of %dGiB", gib,
                    source.id(), source.sizeGib());
        }
        int iops = type.iops(call, gib);
        int throughput = type.throughput(call, iops);
        Map<String, String> tags = Tags.specified(call, Kind.VOLUME);
        refuseTooMany(source, call);
        Capacity.check(call, "InsufficientVolumeCapacity");
        World.Volume copy = new World.Volume(account.newId(Kind.VOLUME), source.zone(), gib, type.word(), iops,
                throughput, source.encrypted(), source.kmsKeyId(), "", "creating", call.now(), tags, "", "");
        volumes.add(copy, call, disks -> {
            if (gib == source.sizeGib()) {
                disks.cut(Map.of(source.id(), copy.id()));
            } else {
                String cut = copy.id() + "-cut";
                disks.cut(Map.of(source.id(), cut));
                disks.copy(cut, copy.id(), gib);
                disks.delete(cut);
            }
        });
        account.initializations.fromVolume(copy.id(), source.id(), gib, call.now());
        return copy;
    }

    /** The guide names the code for the quota. The code for a source that is still being copied is a guess. */
    private void refuseTooMany(World.Volume source, Call call) {
        List<String> sources = account.initializations.running(call.now()).map(i -> i.sourceVolume())
                .filter(id -> !id.isEmpty()).toList();
        if (sources.contains(source.id()) || Optional.of(source.id())
                .flatMap(account.initializations::of).filter(i -> i.type().equals("volume-copy"))
                .filter(i -> i.isRunning(call.now())).isPresent()) {
            throw Ec2Error.of("IncorrectState", "Volume '%s' is part of a copy that is not initialized yet",
                    source.id());
        }
        if (sources.size() >= IN_PROGRESS) {
            throw Ec2Error.of("CopyVolumesLimitExceeded", "You have reached the limit of %d volume copies in progress",
                    IN_PROGRESS);
        }
    }
}
