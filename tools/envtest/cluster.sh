# shellcheck shell=bash
# What the runs of controllers have in common; to be sourced by a script with BIN in $bin, which wants etcd at
# http://127.0.0.1:18100 and an API server at $api with the authority $work/certs/apiserver.crt.
work=$(mktemp -d) started=()
trap 'stop; rm -rf "$work"' EXIT
api=https://127.0.0.1:18110

# stop: ends them one after the other, the last first: without its etcd a kube-apiserver does not end.
stop() {
  local i
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    kill "${started[i]}" 2>/dev/null || true
    wait "${started[i]}" 2>/dev/null || true
  done
}

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

# serve FOLDER: etcd and kube-apiserver of that folder.
serve() {
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/ca.key" -out "$work/ca.crt" -subj /CN=clients -days 1 2>/dev/null
  openssl genrsa -out "$work/sa.key" 2048 2>/dev/null
  start "$1/etcd" --data-dir "$work/etcd" --listen-client-urls http://127.0.0.1:18100 \
    --advertise-client-urls http://127.0.0.1:18100 --listen-peer-urls http://127.0.0.1:18101
  start "$1/kube-apiserver" --etcd-servers=http://127.0.0.1:18100 --bind-address=127.0.0.1 --advertise-address=127.0.0.1 \
    --secure-port=18110 --cert-dir="$work/certs" --client-ca-file="$work/ca.crt" --service-account-key-file="$work/sa.key" \
    --service-account-signing-key-file="$work/sa.key" --service-account-issuer=https://kubernetes.default.svc \
    --service-cluster-ip-range=10.96.0.0/16 --authorization-mode=Node,RBAC
  curl --silent --fail --insecure --retry 60 --retry-delay 1 --retry-all-errors "$api/readyz" >/dev/null
  user admin /O=system:masters/CN=admin
}

# kwok: plays the kubelets of all Nodes.
kwok() {
  # shellcheck disable=SC2046
  start "$bin/kwok" --kubeconfig="$work/admin.conf" --manage-all-nodes=true $(printf -- '--config=%s ' "$bin"/kwok-stages/*.yaml)
}

# workloads: applies a Node and one of each workload, waits until they are there, and until nothing is left of them.
workloads() {
  export KUBECONFIG=$work/admin.conf
  local template='{"metadata":{"labels":{"a":"NAME"}},"spec":{"containers":[{"name":"c","image":"app"}]}}'
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
}
