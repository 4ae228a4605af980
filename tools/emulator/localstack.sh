#!/usr/bin/env bash
# LocalStack's open runtime as a plain process, a second opinion beside MiniStack: installs the pinned version below
# .cache/emulators, starts it on loopback, waits for its health page and prints its process id and address.
#   tools/emulator/localstack.sh              start
#   tools/emulator/localstack.sh install      only install
#   tools/emulator/localstack.sh python       print the Python it would take; ends with 1 where there is none
# Environment: LOCALSTACK_PORT (4580), LOCALSTACK_RUN (folder for its log and files), PYTHON (a Python 3.13).
set -euo pipefail
. "$(dirname "$0")/../python.sh"
version=4.14.0
venv=$programs/localstack-$version
port=${LOCALSTACK_PORT:-4580}
run=${LOCALSTACK_RUN:-$programs/run-localstack-$port}

# With 3.11 it installs, yet most calls fail. pyenv's commands are there also for versions that are not chosen.
python=
for candidate in "${PYTHON:-python3.13}" python3 "$HOME"/.pyenv/versions/3.13.*/bin/python3; do
  if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo 'Python 3.13 with venv is not here, which LocalStack needs' >&2
  exit 1
fi
if [ "${1:-start}" = python ]; then
  echo "$python"
  exit 0
fi

# Newer majors of these four break it when it is imported or started.
install "$venv" "$python" "localstack-core[runtime]==$version" \
  'cbor2==5.7.1' 'pyopenssl==25.1.0' 'cryptography<46' 'service_identity==24.2.0'
[ "${1:-start}" = install ] && exit 0

refuse_taken LocalStack "$port" LOCALSTACK_PORT
mkdir -p "$run/tmp"
# Its usual server would listen on every interface, whatever GATEWAY_LISTEN says.
GATEWAY_SERVER=hypercorn GATEWAY_LISTEN=127.0.0.1:$port SERVICES=events,kms,logs,secretsmanager,sqs,sts \
  STRICT_SERVICE_LOADING=1 DISABLE_EVENTS=1 SKIP_SSL_CERT_DOWNLOAD=1 DNS_ADDRESS=0 \
  XDG_CACHE_HOME=$run/cache TMPDIR=$run/tmp \
  nohup "$venv/bin/python" -m localstack.runtime.main >"$run/log" 2>&1 </dev/null &
await_health LocalStack $! "$port" /_localstack/health "$run/log"
