#!/usr/bin/env bash
# moto, an emulator of AWS that checks requests more strictly than MiniStack: installs the pinned version below
# .cache/emulators, starts it on loopback, waits for its page and prints its process id and address.
#   tools/emulator/moto.sh              start
#   tools/emulator/moto.sh install      only install
# Environment: MOTO_PORT (4590), MOTO_RUN (folder for its log), PYTHON (python3).
set -euo pipefail
. "$(dirname "$0")/../python.sh"
version=5.2.5
venv=$programs/moto-$version
port=${MOTO_PORT:-4590}
run=${MOTO_RUN:-$programs/run-moto-$port}

install "$venv" "${PYTHON:-python3}" "moto[server]==$version"
[ "${1:-start}" = install ] && exit 0

refuse_taken moto "$port" MOTO_PORT
mkdir -p "$run"
# Else it issues certificates of ACM a minute after they were asked for.
MOTO_ACM_VALIDATION_WAIT=0 nohup "$venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$run/log" 2>&1 </dev/null &
await_health moto $! "$port" /moto-api/ "$run/log"
