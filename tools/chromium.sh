#!/usr/bin/env bash
# Installs Chromium from Debian's packages where it is missing, as root: the console's page is tested in it.
set -euo pipefail
say() { echo "chromium: $*" >&2; }
if type -P chromium >/dev/null; then exit 0; fi
[ "$(id -u)" = 0 ] || { say 'needs root'; exit 1; }
type -P apt-get >/dev/null || { say 'there is no apt-get'; exit 1; }
export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 -qq)
log=${TMPDIR:-/tmp}/shallop-chromium.apt.log
install() { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends chromium fonts-dejavu-core; }
# What a mirror does not give at once it may give a moment later.
{ install || { sleep 10; install; }; } >"$log" 2>&1 || { tail -5 "$log" >&2; exit 1; }
