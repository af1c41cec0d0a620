#!/bin/sh
# After a restore etcd holds a namespace, the leases of three API servers, and the lease of an API server whose node is gone.
set -eu
etcdctl put /registry/namespaces/shop 'before the snapshots'
for address in 10.0.1.10 10.0.2.10 10.0.3.10 10.0.3.99; do
    etcdctl put /registry/masterleases/$address '{"kind":"Endpoints"}'
done
