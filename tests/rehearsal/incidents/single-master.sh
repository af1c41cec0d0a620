#!/bin/sh
# A set of snapshots is taken. Then the only node and its main volume are lost.
set -eu
. tests/rehearsal/incidents/.incident
etcdctl put /registry/namespaces/shop 'before the snapshots'
./jbang snapshot-all --set night-1
terminate_node eu-central-1a
delete_volume main a
