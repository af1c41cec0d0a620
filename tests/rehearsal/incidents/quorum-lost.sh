#!/bin/sh
# What the page quorum-lost begins with: a set of snapshots, a write after it, and then the nodes of b and c are gone
# together with their main volumes. The node of a runs on, without a quorum.
set -eu
. tests/rehearsal/incidents/.incident
etcdctl put /registry/namespaces/shop 'before the snapshots'
./jbang snapshot-all --set night-1
etcdctl put /registry/namespaces/too-late 'after the snapshots'
for member in b c; do
    terminate_node eu-central-1$member
    delete_volume main $member
done
