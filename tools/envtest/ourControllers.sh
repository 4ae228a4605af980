#!/usr/bin/env bash
# ourControllers.sh BIN: runs shallop's controllers, in a process of their own, and KWOK (as BIN/kwok, with the stages in
# BIN/kwok-stages) against a real kube-apiserver with etcd (BIN/kube-apiserver, BIN/etcd), and waits until a Deployment, a
# StatefulSet, a DaemonSet and a Job are there, and until nothing is left of them. Needs curl, openssl and kubectl; ports 18100
# to 18110.
set -euo pipefail
bin=$(realpath "$1")
cd "$(dirname "$0")/../.."
# shellcheck source=tools/envtest/cluster.sh
source tools/envtest/cluster.sh

serve "$bin"
start node_modules/.bin/node tools/envtest/ourControllers.ts "$work/admin.conf"
kwok
workloads || { cat "$work"/node.log; exit 1; }
