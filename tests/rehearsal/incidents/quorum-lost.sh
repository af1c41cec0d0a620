#!/bin/sh
# The state in which the page quorum-lost begins. A set of snapshots is taken, then one more key is written.
# Then the nodes and the main volumes of members b and c are lost. The node of member a runs on without a quorum.
set -eu
. tests/rehearsal/incidents/.incident
etcdctl put /registry/namespaces/shop 'before the snapshots'
./jbang snapshot-all --set night-1
etcdctl put /registry/namespaces/too-late 'after the snapshots'
for member in b c; do
    terminate_node eu-central-1$member
    delete_volume main $member
done
