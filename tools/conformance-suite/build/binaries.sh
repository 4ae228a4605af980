#!/usr/bin/env bash
# binaries.sh OUT: builds upstream's conformance suite as OUT/bin/e2e.test, and etcd, which one of its images holds, from Go
# modules. Needs Go 1.25 or newer. On two cores some 14 minutes with a cold cache, seconds with a warm one.
set -euo pipefail
out=$(realpath -m "$1") bin=$(realpath -m "$1")/bin work=$(realpath -m "$1")/src
kubernetes=${KUBE_VERSION:-1.35.4} etcd=${ETCD_VERSION:-3.6.13}
mkdir -p "$bin" "$work"/{kube,etcd}
export GOFLAGS=-mod=mod CGO_ENABLED=0
build() { nice -n 10 go "$@"; }

cd "$work/etcd"
printf 'module etcdbuild\n\ngo 1.25.0\n\nrequire go.etcd.io/etcd/server/v3 v%s\n' "$etcd" >go.mod
printf 'package main\n\nimport (\n\t"os"\n\n\t"go.etcd.io/etcd/server/v3/etcdmain"\n)\n\nfunc main() { etcdmain.Main(os.Args) }\n' >main.go
build build -trimpath -ldflags '-s -w' -o "$bin/etcd" .

# Kubernetes' go.mod replaces every staging module by a folder that the module does not carry: use the published ones.
cd "$work/kube"
[ -f go.mod ] || printf 'module kubebuild\n\ngo 1.25.0\n' >go.mod
source=$(go mod download -json "k8s.io/kubernetes@v$kubernetes" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
{
  printf 'module kubebuild\n\ngo 1.25.0\n\ngodebug default=go1.25\n\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$kubernetes"
  grep -E '=> \./staging' "$source/go.mod" | awk -v v="v0.${kubernetes#1.}" '{print "\t"$1" => "$1" "v}'
  echo ')'
} >go.mod
cp "$source/go.sum" go.sum
chmod u+w go.sum
printf '//go:build tools\n\npackage tools\n\nimport (\n\t_ "k8s.io/kubernetes/test/e2e"\n\t_ "k8s.io/kubernetes/test/images/agnhost"\n)\n' >tools.go
go list -deps k8s.io/kubernetes/test/e2e k8s.io/kubernetes/test/images/agnhost >/dev/null
version=k8s.io/component-base/version
flags="-s -w -X $version.gitVersion=v$kubernetes -X $version.gitMajor=1 -X $version.gitMinor=$(cut -d. -f2 <<<"$kubernetes")"
build test -c -vet=off -trimpath -ldflags "$flags -X k8s.io/client-go/pkg/version.gitVersion=v$kubernetes" -o "$bin/e2e.test" k8s.io/kubernetes/test/e2e
