#!/usr/bin/env bash
# MiniStack, an emulator of AWS: installs the pinned version below .cache/emulators, starts it on loopback, waits for its
# health page and prints its process id and address. Tasks are records only, so that no container engine is needed.
#   tools/ministack.sh              start
#   tools/ministack.sh install      only install
# Environment: MINISTACK_PORT (4566), MINISTACK_RUN (folder for its log and files), PYTHON (python3).
# What else is in the environment reaches the functions too, which its processes run with the node on PATH.
set -euo pipefail
version=1.5.33
repository=$(cd "$(dirname "$0")/.." && pwd)
venv=$repository/.cache/emulators/ministack-$version
port=${MINISTACK_PORT:-4566}
run=${MINISTACK_RUN:-$repository/.cache/emulators/run-$port}

mkdir -p "$(dirname "$venv")"
# Several may start at once; the first one installs it.
exec 9>"$venv.lock"
if command -v flock >/dev/null; then flock 9; fi
if [ ! -f "$venv/.ready" ]; then
  rm -rf "$venv"
  "${PYTHON:-python3}" -m venv "$venv" >&2
  # cryptography: asymmetric keys of KMS.
  "$venv/bin/pip" install -q --disable-pip-version-check "ministack==$version" cryptography >&2
  touch "$venv/.ready"
fi
exec 9>&-
[ "${1:-start}" = install ] && exit 0

if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  echo "port $port is taken: by another MiniStack? Set MINISTACK_PORT" >&2
  exit 1
fi
mkdir -p "$run/tmp"
# Its worker for functions is CommonJS; the repository's package.json says otherwise.
echo '{}' >"$run/package.json"
export PATH=$repository/node_modules/.bin:$PATH
# Without an engine it would look for the machine's.
export DOCKER_HOST=unix:///nonexistent.sock
BIND_HOST=127.0.0.1 GATEWAY_PORT=$port PERSIST_STATE=0 STATE_DIR=$run/state S3_DATA_DIR=$run/s3 TMPDIR=$run/tmp \
  IOT_MTLS_ENABLED=0 \
  nohup "$venv/bin/ministack" >"$run/log" 2>&1 </dev/null &
pid=$!
for _ in $(seq 600); do
  # bash's own sockets: curl may not be there.
  if (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /_ministack/health HTTP/1.0\r\n\r\n' >&3 && head -1 <&3 | grep -q ' 200 ') 2>/dev/null; then
    echo "$pid http://127.0.0.1:$port"
    exit 0
  fi
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.05
done
kill "$pid" 2>/dev/null || true
echo "MiniStack did not become healthy; the end of $run/log:" >&2
tail -20 "$run/log" >&2
exit 1
