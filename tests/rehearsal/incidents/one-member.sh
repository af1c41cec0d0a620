#!/bin/sh
# The node of c is gone together with its main volume; a and b serve.
set -eu
. tests/rehearsal/incidents/.incident
etcdctl put /registry/namespaces/shop 'before the night'
terminate_node eu-central-1c
delete_volume main c
