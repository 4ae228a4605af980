#!/usr/bin/env bash
# realControllers.sh BIN: runs the real kube-controller-manager, kube-scheduler and KWOK (as BIN/kwok, with the stages in
# BIN/kwok-stages) against the drop-in's API, which has no controllers of its own, and waits until a Deployment, a StatefulSet,
# a DaemonSet and a Job are there, and until nothing is left of them. Needs curl, openssl and kubectl; ports 18100 to 18112.
set -euo pipefail
bin=$(realpath "$1")
cd "$(dirname "$0")/../.."
assets=$(node_modules/.bin/node src/cli/main.ts envtest)
work=$(mktemp -d) started=()
trap 'kill "${started[@]}" 2>/dev/null; wait; rm -rf "$work"' EXIT
api=https://127.0.0.1:18110

start() { "$@" >"$work/$(basename "$1").log" 2>&1 & started+=($!); }

# user NAME SUBJECT: a kubeconfig by whose certificate somebody is that.
user() {
  openssl req -newkey rsa:2048 -nodes -keyout "$work/$1.key" -out "$work/$1.csr" -subj "$2" 2>/dev/null
  openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -days 1 -out "$work/$1.crt" 2>/dev/null
  kubectl --kubeconfig "$work/$1.conf" config set-cluster it --server "$api" --certificate-authority "$work/certs/apiserver.crt" >/dev/null
  kubectl --kubeconfig "$work/$1.conf" config set-credentials it --client-certificate "$work/$1.crt" --client-key "$work/$1.key" >/dev/null
  kubectl --kubeconfig "$work/$1.conf" config set-context it --cluster it --user it >/dev/null
  kubectl --kubeconfig "$work/$1.conf" config use-context it >/dev/null
}

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/ca.key" -out "$work/ca.crt" -subj /CN=clients -days 1 2>/dev/null
openssl genrsa -out "$work/sa.key" 2048 2>/dev/null
start "$assets/etcd" --data-dir "$work/etcd" --listen-client-urls http://127.0.0.1:18100 \
  --advertise-client-urls http://127.0.0.1:18100 --listen-peer-urls http://127.0.0.1:18101
start "$assets/kube-apiserver" --etcd-servers=http://127.0.0.1:18100 --bind-address=127.0.0.1 --advertise-address=127.0.0.1 \
  --secure-port=18110 --cert-dir="$work/certs" --client-ca-file="$work/ca.crt" --service-account-key-file="$work/sa.key" \
  --service-account-signing-key-file="$work/sa.key" --service-account-issuer=https://kubernetes.default.svc \
  --service-cluster-ip-range=10.96.0.0/16 --authorization-mode=Node,RBAC
curl --silent --fail --insecure --retry 60 --retry-delay 1 --retry-all-errors "$api/readyz" >/dev/null
user admin /O=system:masters/CN=admin
user manager /CN=system:kube-controller-manager
user scheduler /CN=system:kube-scheduler
# as NAME: the flags that both have.
as() { echo --kubeconfig="$work/$1.conf" --authentication-kubeconfig="$work/$1.conf" --authorization-kubeconfig="$work/$1.conf" --bind-address=127.0.0.1; }
# shellcheck disable=SC2046
start "$bin/kube-controller-manager" $(as manager) --secure-port=18111 --use-service-account-credentials \
  --service-account-private-key-file="$work/sa.key" --root-ca-file="$work/certs/apiserver.crt"
# shellcheck disable=SC2046
start "$bin/kube-scheduler" $(as scheduler) --secure-port=18112
# shellcheck disable=SC2046
start "$bin/kwok" --kubeconfig="$work/admin.conf" --manage-all-nodes=true $(printf -- '--config=%s ' "$bin"/kwok-stages/*.yaml)

export KUBECONFIG=$work/admin.conf
template='{"metadata":{"labels":{"a":"NAME"}},"spec":{"containers":[{"name":"c","image":"app"}]}}'
of() { echo "\"selector\":{\"matchLabels\":{\"a\":\"$1\"}},\"template\":${template/NAME/$1}"; }
kubectl apply -f - <<J
{"apiVersion":"v1","kind":"List","items":[
  {"apiVersion":"v1","kind":"Node","metadata":{"name":"kwok-0"},"status":{"capacity":{"cpu":"32","memory":"256Gi","pods":"110"},"allocatable":{"cpu":"32","memory":"256Gi","pods":"110"}}},
  {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":3,$(of d)}},
  {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"s"},"spec":{"replicas":2,"serviceName":"s",$(of s)}},
  {"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"e"},"spec":{$(of e)}},
  {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j"},"spec":{"completions":2,"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"app"}]}}}}]}
J
for what in deployment/d statefulset/s daemonset/e; do kubectl rollout status "$what" --timeout=60s; done
kubectl wait --for=condition=complete job/j --timeout=60s
kubectl set image deployment/d c=app:2
kubectl rollout status deployment/d --timeout=60s
kubectl get deployments,statefulsets,daemonsets,jobs,pods,leases -A
kubectl delete deployment/d statefulset/s daemonset/e job/j --cascade=foreground --timeout=60s
kubectl wait --for=delete pods --all --timeout=60s
echo 'nothing is left'
