#!/usr/bin/env bash
# Starts a Docker-compatible engine for tests, as root, on Debian; installs it from there where it is missing.
#   usage: start.sh [docker|podman] [stop]
# The last line on stdout is the value for DOCKER_HOST; everything else goes to stderr.
#   export DOCKER_HOST=$(tools/engines/start.sh)
# Calling it again while the engine is healthy only prints the address.
set -euo pipefail
engine=${1:-${SHALLOP_ENGINE:-docker}}
action=${2:-start}
dir=${SHALLOP_ENGINE_DIR:-/var/tmp/shallop-engine}/$engine
sock=$dir/run/engine.sock
pidfile=$dir/run/engine.pid
log=$dir/engine.log
say() { echo "engine: $*" >&2; }

healthy() { [ -S "$sock" ] && [ "$(curl -s -m 3 --unix-socket "$sock" http://engine/_ping 2>/dev/null)" = OK ]; }

# A dead process that nobody has reaped yet still answers kill -0; its command line is empty.
alive() { [ -n "$(cat "/proc/$1/cmdline" 2>/dev/null | tr -d '\0')" ] && grep -qE '^(dockerd|podman)' "/proc/$1/comm"; }

case $engine in
  docker) need=(dockerd containerd runc iptables curl);      packages=(docker.io containerd runc tini iptables curl ca-certificates) ;;
  podman) need=(podman conmon runc netavark iptables curl);  packages=(podman conmon runc netavark aardvark-dns catatonit iptables curl ca-certificates) ;;
  *) say "unknown engine '$engine' (docker or podman)"; exit 2 ;;
esac

if [ "$action" = stop ]; then
  if [ -f "$pidfile" ]; then
    pid=$(cat "$pidfile")
    if [ -S "$sock" ]; then   # stop what runs, so nothing is left behind
      for _ in 1 2; do        # twice: podman refuses to delete a pause container before its app
        for id in $(curl -s --unix-socket "$sock" http://engine/containers/json | grep -oE '"Id":"[0-9a-f]{64}"' | cut -d'"' -f4); do
          curl -s -o /dev/null -X DELETE --unix-socket "$sock" "http://engine/containers/$id?force=true&v=true" || true
        done
      done
    fi
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 50); do alive "$pid" 2>/dev/null || break; sleep 0.1; done
    rm -f "$pidfile" "$sock"
    case $engine in docker) ip link del docker0 ;; podman) ip link del shallop0 ;; esac 2>/dev/null || true
    # The engine's own mounts, deepest first, so that $dir can be deleted.
    awk -v d="$dir/" 'index($2, d) == 1 { print $2 }' /proc/mounts | sort -r | while read -r m; do umount "$m" 2>/dev/null || true; done
  fi
  exit 0
fi

if healthy; then echo "unix://$sock"; exit 0; fi
if [ -f "$pidfile" ] && alive "$(cat "$pidfile")" 2>/dev/null; then
  for _ in $(seq 100); do alive "$(cat "$pidfile")" 2>/dev/null || break; healthy && { echo "unix://$sock"; exit 0; }; sleep 0.1; done
  if alive "$(cat "$pidfile")" 2>/dev/null; then
    say "$engine runs (pid $(cat "$pidfile")) but does not answer; see $log"; exit 1
  fi
fi
[ "$(id -u)" = 0 ] || { say "needs root"; exit 1; }

missing=()
for tool in "${need[@]}"; do
  [ -n "$(PATH=$PATH:/usr/sbin:/sbin:/usr/lib/podman type -P "$tool" || true)" ] || missing+=("$tool")
done
if [ ${#missing[@]} -gt 0 ]; then
  type -P apt-get >/dev/null || { say "missing ${missing[*]}, and there is no apt-get to install them"; exit 1; }
  say "installing (missing: ${missing[*]})"
  export DEBIAN_FRONTEND=noninteractive
  # Keep the package from starting its own daemon; we start ours below.
  policy=/usr/sbin/policy-rc.d; made_policy=
  if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' > $policy; chmod +x $policy; made_policy=1; fi
  apt=(apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 -qq)
  apt_log=${TMPDIR:-/tmp}/shallop-engine.apt.log
  install_packages() { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${packages[@]}"; }
  # What a mirror does not give at once it may give a moment later.
  { install_packages || { sleep 10; install_packages; }; } >"$apt_log" 2>&1 || { tail -20 "$apt_log" >&2; exit 1; }
  [ -z "$made_policy" ] || rm -f $policy
fi

# An engine loads a module by which packets between the ports of every bridge are filtered: nobody here asked for that.
bridge_filter=/proc/sys/net/bridge/bridge-nf-call-iptables
filtered=$(cat "$bridge_filter" 2>/dev/null || echo 0)
bridges_as_before() { [ ! -e "$bridge_filter" ] || echo "$filtered" > "$bridge_filter"; }

mkdir -p "$dir/run" "$dir/data"
# A killed dockerd leaves its socket and pid files behind and would refuse to start, or
# would wait for a containerd that is dead but not yet reaped.
rm -f "$sock" "$dir/run/dockerd.pid"
cpid=$(cat "$dir/run/exec/containerd/containerd.pid" 2>/dev/null || true)
if [ -n "$cpid" ] && [ -z "$(cat "/proc/$cpid/cmdline" 2>/dev/null | tr -d '\0')" ]; then
  rm -f "$dir"/run/exec/containerd/containerd.{pid,sock,sock.ttrpc}
fi
export PATH=$PATH:/usr/sbin:/sbin

# Limits: without CAP_SYS_RESOURCE a container cannot get more than we have.
nofile=$(ulimit -Hn); [ "$nofile" = unlimited ] && nofile=1048576
[ "$nofile" -le 1048576 ] || nofile=1048576
nproc=$(ulimit -Hu); pidmax=$(cat /proc/sys/kernel/pid_max)
{ [ "$nproc" = unlimited ] || [ "$nproc" -gt "$pidmax" ]; } && nproc=$pidmax

if [ "$engine" = docker ]; then
  # setsid + /dev/null: no controlling terminal, survives the CI step's shell.
  # Without rules for packets: they outlive it, and its policy cuts the machine's other bridges off.
  setsid dockerd --iptables=false --ip-forward=false --host "unix://$sock" --data-root "$dir/data" --exec-root "$dir/run/exec" \
    --pidfile "$dir/run/dockerd.pid" --exec-opt native.cgroupdriver=cgroupfs \
    >"$log" 2>&1 </dev/null &
else
  mkdir -p "$dir/networks"
  cat > "$dir/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=$nofile:$nofile", "nproc=$nproc:$nproc"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
exit_command_delay = 10
tmp_dir = "$dir/run/libpod"
[network]
network_backend = "netavark"
network_config_dir = "$dir/networks"
default_network = "shallop"
CONF
  # A bridge and subnet of our own: another podman on this machine hands out 10.88.0.0/16 too.
  cat > "$dir/networks/shallop.json" <<NET
{"name": "shallop", "id": "$(printf shallop | sha256sum | cut -d' ' -f1)", "driver": "bridge",
 "network_interface": "shallop0", "created": "2024-01-01T00:00:00Z",
 "subnets": [{"subnet": "${SHALLOP_ENGINE_SUBNET:-10.98.0.0/16}", "gateway": "${SHALLOP_ENGINE_GATEWAY:-10.98.0.1}"}],
 "ipv6_enabled": false, "internal": false, "dns_enabled": false, "ipam_options": {"driver": "host-local"}}
NET
  CONTAINERS_CONF=$dir/containers.conf PODMAN_IGNORE_CGROUPSV1_WARNING=1 \
    env -C "$dir" setsid podman --root "$dir/data" --runroot "$dir/run/storage" --tmpdir "$dir/run/libpod" system service -t 0 "unix://$sock" \
    >"$log" 2>&1 </dev/null &
fi
pid=$!
echo "$pid" > "$pidfile"

for _ in $(seq 1200); do
  if healthy; then bridges_as_before; say "$engine is up (pid $pid, log $log)"; echo "unix://$sock"; exit 0; fi
  kill -0 "$pid" 2>/dev/null || { say "$engine stopped at start"; tail -20 "$log" >&2; exit 1; }
  sleep 0.1
done
say "$engine not healthy after two minutes"; tail -20 "$log" >&2; exit 1
