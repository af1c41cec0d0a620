#!/bin/sh
# The node of member c and the main volume of c are gone. Members a and b serve.
set -eu
. tests/rehearsal/incidents/.incident
etcdctl put /registry/namespaces/shop 'before the incident'
terminate_node eu-central-1c
delete_volume main c
