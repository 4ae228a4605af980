#!/usr/bin/env bash
# MiniStack, an emulator of AWS: installs the pinned version below .cache/emulators, starts it on loopback, waits for its
# health page and prints its process id and address. Tasks are records only, so that no container engine is needed.
#   tools/emulator/ministack.sh              start
#   tools/emulator/ministack.sh install      only install
# Environment: MINISTACK_PORT (4566), MINISTACK_RUN (folder for its log and files), PYTHON (python3).
# What else is in the environment reaches the functions too, which its processes run with the node on PATH.
set -euo pipefail
. "$(dirname "$0")/../python.sh"
version=1.5.33
venv=$programs/ministack-$version
port=${MINISTACK_PORT:-4566}
run=${MINISTACK_RUN:-$programs/run-$port}

# cryptography: asymmetric keys of KMS.
install "$venv" "${PYTHON:-python3}" "ministack==$version" cryptography
[ "${1:-start}" = install ] && exit 0

refuse_taken MiniStack "$port" MINISTACK_PORT
mkdir -p "$run/tmp"
# Its worker for functions is CommonJS; the repository's package.json says otherwise.
echo '{}' >"$run/package.json"
export PATH=$repository/node_modules/.bin:$PATH
# Without an engine it would look for the machine's.
export DOCKER_HOST=unix:///nonexistent.sock
BIND_HOST=127.0.0.1 GATEWAY_PORT=$port PERSIST_STATE=0 STATE_DIR=$run/state S3_DATA_DIR=$run/s3 TMPDIR=$run/tmp \
  IOT_MTLS_ENABLED=0 \
  nohup "$venv/bin/ministack" >"$run/log" 2>&1 </dev/null &
await_health MiniStack $! "$port" /_ministack/health "$run/log"
