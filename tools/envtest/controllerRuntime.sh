#!/bin/sh
# tools/envtest/controllerRuntime.sh [VERSION [PACKAGE…]]: runs controller-runtime's own tests against the drop-in for envtest,
# and sums up what its suites say. Needs Go. KUBEBUILDER_ASSETS names another pair to compare with.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
version=${1:-v0.25.2}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- client cache manager webhook envtest controller builder cluster source
KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$(node "$here/bin/shallop.js" envtest)} || exit 1
export KUBEBUILDER_ASSETS
module=sigs.k8s.io/controller-runtime
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
found=$(cd "$folder" && go mod download -json "$module@$version" | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p')
[ -n "$found" ] || exit 1
# Suites write beside their sources.
cp -R "$found/." "$folder" && chmod -R u+w "$folder" && cd "$folder" || exit 1
code=0
for package; do
  said=$(go test -p 1 -count 1 -v "./pkg/$package" -args -ginkgo.no-color 2>&1) || code=1
  printf '%s: %s\n' "$package" "$(printf '%s\n' "$said" | grep -a 'Passed |' || printf '%s\n' "$said" | tail -n 1)"
  printf '%s\n' "$said" | grep -a '\[FAIL\]'
done
exit $code
