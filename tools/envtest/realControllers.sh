#!/usr/bin/env bash
# realControllers.sh BIN: runs the real kube-controller-manager, kube-scheduler and KWOK (as BIN/kwok, with the stages in
# BIN/kwok-stages) against the drop-in's API, which has no controllers of its own, and waits until a Deployment, a StatefulSet,
# a DaemonSet and a Job are there, and until nothing is left of them. Needs curl, openssl and kubectl; ports 18100 to 18112.
set -euo pipefail
bin=$(realpath "$1")
cd "$(dirname "$0")/../.."
# shellcheck source=tools/envtest/cluster.sh
source tools/envtest/cluster.sh

serve "$(node_modules/.bin/node src/cli/main.ts envtest)"
user manager /CN=system:kube-controller-manager
user scheduler /CN=system:kube-scheduler
# as NAME: the flags that both have.
as() { echo --kubeconfig="$work/$1.conf" --authentication-kubeconfig="$work/$1.conf" --authorization-kubeconfig="$work/$1.conf" --bind-address=127.0.0.1; }
# shellcheck disable=SC2046
start "$bin/kube-controller-manager" $(as manager) --secure-port=18111 --use-service-account-credentials \
  --service-account-private-key-file="$work/sa.key" --root-ca-file="$work/certs/apiserver.crt"
# shellcheck disable=SC2046
start "$bin/kube-scheduler" $(as scheduler) --secure-port=18112
kwok
workloads
