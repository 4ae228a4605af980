#!/usr/bin/env bash
# Makes what an earlier commit stores, for the tests of upgrades: a data folder of `shallop up`, and the items of a table on
# AWS. Takes git, tar and a kubectl; runs that commit's code with the packages of this checkout.
#   tools/olderData/make.sh [COMMIT]
# Environment: KUBECTL (kubectl).
set -euo pipefail
commit=${1:-c39016c2}
repository=$(cd "$(dirname "$0")/../.." && pwd)
here=$repository/tools/olderData
into=$repository/test/support/olderData/$commit
kubectl=${KUBECTL:-kubectl}
node=$repository/node_modules/.bin/node
old=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait; rm -rf "$old"' EXIT

git -C "$repository" archive "$commit" src test/support package.json tsconfig.json bin | tar -x -C "$old"
ln -s "$repository/node_modules" "$old/node_modules"
mkdir -p "$into"

export KUBECONFIG=$old/kubeconfig
"$node" "$old/bin/shallop.js" up --data-dir "$old/data" --runtime fake --port 0 --kubeconfig "$KUBECONFIG" &
server=$!
# A server that has ended ends this too.
until "$kubectl" get namespace default >/dev/null 2>&1; do kill -0 "$server"; sleep 1; done
"$kubectl" apply -f "$here/objects.yaml"
"$kubectl" -n shop rollout status deployment/web
"$kubectl" -n shop set image deployment/web web=nginx:2
"$kubectl" -n shop rollout status deployment/web
"$kubectl" -n shop delete configmap gone
"$node" "$old/bin/shallop.js" down --data-dir "$old/data"
wait "$server"
server=
# Neither keys nor the lock: a start makes them anew.
tar -C "$old/data" --sort=name --owner=0 --group=0 --mtime=@0 -cf - format storage/data.mdb | gzip -9n >"$into/folder.tar.gz"

cp "$here/table.ts" "$old/table.ts"
(cd "$old" && "$node" table.ts)
gzip -9n <"$old/table.json" >"$into/table.json.gz"
ls -l "$into"
