#!/usr/bin/env bash
# Fetches Debian's docker-registry into .cache, where tests find it. Installed, it would start a service of the machine.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { echo "docker-registry: $*" >&2; }
folder=.cache/docker-registry
if type -P docker-registry >/dev/null || [ -x $folder/usr/bin/docker-registry ]; then exit 0; fi
{ type -P apt-get && type -P dpkg-deb; } >/dev/null || { say 'there is no apt-get'; exit 1; }
draft=$(mktemp -d)
trap 'rm -rf "$draft"' EXIT
chmod 755 "$draft"   # apt downloads as a user of its own
apt=(apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 -qq)
# A mirror that fails once may answer a moment later; without root there may be lists all the same.
update() { [ "$(id -u)" != 0 ] || "${apt[@]}" update; }
fetch() { (update && cd "$draft" && "${apt[@]}" download docker-registry); }
{ fetch || { sleep 10; fetch; }; } >"$draft/log" 2>&1 || { tail -5 "$draft/log" >&2; exit 1; }
dpkg-deb -x "$draft"/docker-registry_*.deb "$draft/package"
mkdir -p .cache && rm -rf $folder && cp -a "$draft/package" $folder
