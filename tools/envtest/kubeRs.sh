#!/bin/sh
# tools/envtest/kubeRs.sh: runs kubeRs beside this file, which starts the drop-in for envtest by kube-rs' crate `envtest`. Needs
# Rust, Go (the crate is a binding of controller-runtime), libclang (LIBCLANG_PATH) and crates of a registry. KUBEBUILDER_ASSETS
# names another pair to compare with.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
KUBEBUILDER_ASSETS=${KUBEBUILDER_ASSETS:-$(node "$here/bin/shallop.js" envtest)}
target=${CARGO_TARGET_DIR:-$(mktemp -d)}
[ -n "${CARGO_TARGET_DIR:-}" ] || trap 'rm -rf "$target"' EXIT
# libclang from Python's package has none of a compiler's own headers.
headers=$(cc -print-file-name=include 2>/dev/null) || headers=
export KUBEBUILDER_ASSETS CARGO_TARGET_DIR="$target" BINDGEN_EXTRA_CLANG_ARGS="${BINDGEN_EXTRA_CLANG_ARGS:-${headers:+-I$headers}}"
cp -R "$here/tools/envtest/kubeRs" "$target/source"
cd "$target/source"
cargo build --quiet
LD_LIBRARY_PATH=$(find "$target/debug/build" -name '*.so' -exec dirname {} \; | sort -u | tr '\n' ':') "$target/debug/envtest-on-shallop"
