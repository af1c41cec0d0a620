#!/bin/sh
# The quorum of the set night-1 is restored. The nodes of this quorum are not started yet.
set -eu
./jbang restore-volume --set night-1 --yes
