#!/bin/sh
# A whole incident by hand, with the AWS CLI and etcdctl alone, against the endpoint that AWS_ENDPOINT_URL names.
# The main volumes of all three members are lost. Volumes are made from snapshots, the two newest snapshots first.
set -eu

ours="Name=tag-key,Values=k8s.io/etcd/main"
query() { aws ec2 "$@" --output text; }
until_true() { n=0; until "$@" >/dev/null 2>&1; do n=$((n + 1)); [ $n -lt 60 ] || { echo "gave up on: $*" >&2; exit 1; }; sleep 1; done; }
volume_is() { [ "$(query describe-volumes --volume-ids "$1" --query 'Volumes[0].State')" = "$2" ]; }
no_snapshot_pending() { [ -z "$(query describe-snapshots --owner-ids self --filters "$ours" Name=status,Values=pending --query 'Snapshots[].SnapshotId')" ]; }

etcdctl put the-incident "before it"
for instance in $(query describe-instances --query 'Reservations[].Instances[].InstanceId'); do
    aws ec2 create-snapshots --instance-specification "InstanceId=$instance,ExcludeBootVolume=true" \
        --copy-tags-from-source volume >/dev/null
done
until_true no_snapshot_pending
echo "snapshots: $(query describe-snapshots --owner-ids self --filters "$ours" --query 'length(Snapshots)')"
etcdctl put the-incident "after the snapshots"

node_tags=$(aws ec2 describe-instances --query 'Reservations[0].Instances[0].Tags')
# shellcheck disable=SC2046 # ids hold no blanks
aws ec2 terminate-instances --instance-ids $(query describe-instances --query 'Reservations[].Instances[].InstanceId') >/dev/null
for volume in $(query describe-volumes --filters "$ours" --query 'Volumes[].VolumeId'); do
    until_true volume_is "$volume" available
    aws ec2 delete-volume --volume-id "$volume"
done
no_main_volume() { [ -z "$(query describe-volumes --filters "$ours" --query 'Volumes[].VolumeId')" ]; }
until_true no_main_volume

restore() {
    tags=$(aws ec2 describe-snapshots --snapshot-ids "$1" --query 'Snapshots[0].Tags')
    zone=eu-central-1$(printf %s "$tags" | jq -r '.[] | select(.Key == "k8s.io/etcd/main").Value[:1]')
    volume=$(query create-volume --snapshot-id "$1" --availability-zone "$zone" --volume-type gp3 --query VolumeId)
    until_true volume_is "$volume" available
    aws ec2 create-tags --resources "$volume" --tags "$tags"
    aws ec2 run-instances --image-id ami-0123456789abcdef0 --placement "AvailabilityZone=$zone" \
        --tag-specifications "$(jq -n --argjson tags "$node_tags" '[{ResourceType: "instance", Tags: $tags}]')" >/dev/null
    echo "restored in $zone"
}

# shellcheck disable=SC2046
set -- $(query describe-snapshots --owner-ids self --filters "$ours" --query 'reverse(sort_by(Snapshots, &StartTime))[].SnapshotId')
restore "$1"
restore "$2"
until_true etcdctl get the-incident
echo "quorum serves: $(etcdctl get the-incident --print-value-only)"
restore "$3"
until_true etcdctl endpoint health
echo "members: $(etcdctl endpoint hashkv --write-out=json | jq -c '[length, (map(.HashKV.hash) | unique | length)]')"
