#!/usr/bin/env bash
# build.sh OUT: builds Gateway API's own conformance suite as OUT/gateway.test, the server that it asks as OUT/images/echo-basic, and
# puts the definitions of its standard channel into OUT/standard.yaml, all of them from Go modules. Needs Go 1.25 or newer. On two
# cores some 5 minutes with a cold cache, seconds with a warm one.
set -euo pipefail
out=$(realpath -m "$1") version=${GATEWAY_API_VERSION:-v1.5.0} module=sigs.k8s.io/gateway-api
mkdir -p "$out/src" "$out/images/echo-basic/tmp"
cd "$out/src"
export GOFLAGS=-mod=mod CGO_ENABLED=0
printf 'module gatewaybuild\n\ngo 1.25.0\n\nrequire (\n\t%s %s\n\t%s/conformance %s\n)\n' $module "$version" $module "$version" >go.mod
printf '//go:build tools\n\npackage tools\n\nimport (\n\t_ "%s/conformance"\n\t_ "%s/conformance/echo-basic"\n)\n' $module $module >tools.go
nice -n 10 go build -trimpath -ldflags '-s -w' -o "$out/images/echo-basic/echo-basic" $module/conformance/echo-basic
nice -n 10 go test -c -trimpath -ldflags '-s -w' -o "$out/gateway.test.partial" $module/conformance
folder() { go list -m -f '{{.Dir}}' "$1"; }
for file in "$(folder $module)"/config/crd/standard/*.yaml; do printf -- '---\n' && cat "$file"; done >"$out/standard.yaml"
# The images that the suite's manifests name: its echo server, and a server of names that only tests of UDPRoute ask, which are not
# run: the echo server stands in for it, so that its Pod is ready.
sed -n 's/^ *image: *//p' "$(folder $module/conformance)/base/manifests.yaml" | sort -u |
  awk -v OFS='\t' '{print $1, "echo-basic", "[\"/echo-basic\"]", "[]"}' >"$out/images/images.tsv"
# What is complete has this name.
mv "$out/gateway.test.partial" "$out/gateway.test"
