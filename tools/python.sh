# To be sourced: programs from PyPI in folders of their own below .cache, and servers among them.
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs=$repository/.cache/emulators

# install FOLDER PYTHON PACKAGE…: installs them once, whoever else wants the same meanwhile.
install() {
  local folder=$1 python=$2; shift 2
  mkdir -p "$(dirname "$folder")"
  exec 9>"$folder.lock"
  if command -v flock >/dev/null; then flock 9; fi
  if [ ! -f "$folder/.ready" ]; then
    rm -rf "$folder"
    "$python" -m venv "$folder" >&2
    # What a registry does not give at once it may give a moment later.
    local pip=("$folder/bin/pip" install -q --disable-pip-version-check --retries 8 --timeout 60 "$@")
    "${pip[@]}" >&2 || { sleep 10; "${pip[@]}" >&2; }
    touch "$folder/.ready"
  fi
  exec 9>&-
}

# refuse_taken NAME PORT VARIABLE: ends with 1 when something listens there already.
refuse_taken() {
  if (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null; then
    echo "port $2 is taken: by another $1? Set $3" >&2
    exit 1
  fi
}

# await_health NAME PID PORT PATH LOG: prints process id and address once the page answers 200; else ends the process.
await_health() {
  local name=$1 pid=$2 port=$3 path=$4 log=$5
  for _ in $(seq 1800); do
    # bash's own sockets: curl may not be there.
    if (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$path" >&3 && head -1 <&3 | grep -q ' 200') 2>/dev/null; then
      echo "$pid http://127.0.0.1:$port"
      return
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill "$pid" 2>/dev/null || true
  echo "$name did not become healthy; the end of $log:" >&2
  tail -20 "$log" >&2
  return 1
}
