#!/usr/bin/env bash
# LocalStack's open runtime as a plain process, a second opinion beside MiniStack: installs the pinned version below
# .cache/emulators, starts it on loopback, waits for its health page and prints its process id and address.
#   tools/localstack.sh              start
#   tools/localstack.sh install      only install
#   tools/localstack.sh python       print the Python it would take; ends with 1 where there is none
# Environment: LOCALSTACK_PORT (4580), LOCALSTACK_RUN (folder for its log and files), PYTHON (a Python 3.13).
set -euo pipefail
version=4.14.0
repository=$(cd "$(dirname "$0")/.." && pwd)
venv=$repository/.cache/emulators/localstack-$version
port=${LOCALSTACK_PORT:-4580}
run=${LOCALSTACK_RUN:-$repository/.cache/emulators/run-localstack-$port}

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

mkdir -p "$(dirname "$venv")"
exec 9>"$venv.lock"
if command -v flock >/dev/null; then flock 9; fi
if [ ! -f "$venv/.ready" ]; then
  rm -rf "$venv"
  "$python" -m venv "$venv" >&2
  # Newer majors of these four break it when it is imported or started.
  "$venv/bin/pip" install -q --disable-pip-version-check "localstack-core[runtime]==$version" \
    'cbor2==5.7.1' 'pyopenssl==25.1.0' 'cryptography<46' 'service_identity==24.2.0' >&2
  touch "$venv/.ready"
fi
exec 9>&-
[ "${1:-start}" = install ] && exit 0

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  echo "port $port is taken: by another LocalStack? Set LOCALSTACK_PORT" >&2
  exit 1
fi
mkdir -p "$run/tmp"
# Its usual server would listen on every interface, whatever GATEWAY_LISTEN says.
GATEWAY_SERVER=hypercorn GATEWAY_LISTEN=127.0.0.1:$port SERVICES=events,kms,logs,secretsmanager,sqs,sts \
  STRICT_SERVICE_LOADING=1 DISABLE_EVENTS=1 SKIP_SSL_CERT_DOWNLOAD=1 DNS_ADDRESS=0 \
  XDG_CACHE_HOME=$run/cache TMPDIR=$run/tmp \
  nohup "$venv/bin/python" -m localstack.runtime.main >"$run/log" 2>&1 </dev/null &
pid=$!
for _ in $(seq 600); do
  # bash's own sockets: curl may not be there.
  if (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /_localstack/health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && head -1 <&3 | grep -q ' 200') 2>/dev/null; then
    echo "$pid http://127.0.0.1:$port"
    exit 0
  fi
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.1
done
kill "$pid" 2>/dev/null || true
echo "LocalStack did not become healthy; the end of $run/log:" >&2
tail -20 "$run/log" >&2
exit 1
