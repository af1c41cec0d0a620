#!/bin/sh
# The only node is gone together with its main volume; a set was taken before.
set -eu
. tests/rehearsal/incidents/.incident
etcdctl put /registry/namespaces/shop 'before the snapshots'
./jbang snapshot-all --set night-1
terminate_node eu-central-1a
delete_volume main a
