#!/usr/bin/env bash
# images.sh OUT BUILT: the images that the suite uses, as root file systems in folders (OUT/<name>/), and OUT/images.tsv (name,
# folder, entrypoint, command). BUILT is the folder of binaries.sh. Nothing is pulled from a registry of images: agnhost is
# built from the k8s.io/kubernetes module, busybox from the source that Debian has of it, the rest is this machine's bash, curl, dig, printenv
# and getent. Needs Go, gcc, make, apt-get, ldd, those programs, and root, since one image has a setuid program. Some 6 minutes cold.
set -euo pipefail
out=$(realpath -m "$1") built=$(realpath "$2") here=$(cd "$(dirname "$0")" && pwd)
parts=$out/.build repository=registry.k8s.io/e2e-test-images
module=$(go env GOMODCACHE)/k8s.io/kubernetes@v${KUBE_VERSION:-1.35.4}
mkdir -p "$parts"
export CGO_ENABLED=0

# busybox_source FOLDER: as its authors wrote it, in the version of the suite's image. Debian's own patches have its shell drop
# variables whose names no shell takes, which the suite passes on.
busybox_source() {
  local apt=$parts/apt
  mkdir -p "$1" "$apt"/{lists,archives}/partial
  echo 'deb-src http://deb.debian.org/debian trixie main' >"$apt/sources.list"
  printf '%s;\n' "Dir::Etc::sourcelist \"$apt/sources.list\"" 'Dir::Etc::sourceparts "-"' "Dir::State::lists \"$apt/lists\"" \
    "Dir::Cache \"$apt\"" "APT::Sandbox::User \"root\"" >"$apt/apt.conf"
  export APT_CONFIG=$apt/apt.conf
  apt-get -qq update
  (cd "$apt" && apt-get -qq source --download-only busybox && tar -xf busybox_1.37.0.orig.tar.* -C "$1" --strip-components=1)
}
busybox=$parts/busybox-1.37.0
if [ ! -x "$busybox" ]; then
  (
    busybox_source "$parts/busybox-source"
    cd "$parts/busybox-source"
    make defconfig >/dev/null
    # tc does not compile with today's kernel headers.
    sed -i 's/^# CONFIG_STATIC is not set/CONFIG_STATIC=y/; s/^CONFIG_TC=y/# CONFIG_TC is not set/' .config
    make oldconfig </dev/null >/dev/null
    make -j"$(nproc)" >build.log 2>&1 || { tail build.log; exit 1; }
    cp busybox "$busybox"
  )
fi
[ -x "$parts/agnhost" ] || (cd "$built/src/kube" && GOFLAGS=-mod=mod go build -trimpath -o "$parts/agnhost" k8s.io/kubernetes/test/images/agnhost)
for program in resource-consumer resource-consumer/consume-cpu; do
  binary=$parts/$(basename "$program")
  [ -x "$binary" ] || (cd "$built/src/kube" && GOFLAGS=-mod=mod go build -trimpath -o "$binary" k8s.io/kubernetes/test/images/$program)
done
for program in nc nonewprivs; do
  [ -x "$parts/$program" ] || (cd "$here/$program" && go build -trimpath -o "$parts/$program" .)
done
# The aggregated API server is built in a module of its own, since its go.mod has replace lines.
if [ ! -x "$parts/sample-apiserver" ]; then
  mkdir -p "$parts/sample"
  printf 'module images\n\ngo 1.22\n' >"$parts/sample/go.mod"
  (cd "$parts/sample" && export GOFLAGS=-mod=mod && go get k8s.io/sample-apiserver@v0.29.2 && go build -trimpath -o "$parts/sample-apiserver" k8s.io/sample-apiserver)
fi

# root NAME: an image with busybox and some users.
root() {
  local root=$out/$1 name
  rm -rf "$root"
  mkdir -p "$root"/{bin,usr/bin,sbin,usr/sbin,etc,tmp,proc,sys,dev,var/{run,log,tmp},root,home,lib,lib64,usr/lib,uploads,usr/share/nginx/html}
  chmod 1777 "$root/tmp" "$root/var/tmp"
  cp "$busybox" "$root/bin/busybox"
  for name in $("$busybox" --list); do [ "$name" = busybox ] || ln -sf busybox "$root/bin/$name"; done
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\nuser-defined-in-image:x:1000:1000::/home:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\nuser-defined-in-image:x:1000:\ngroup-defined-in-image:x:50000:user-defined-in-image\n' >"$root/etc/group"
  printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
}
# libraries NAME FILE: what a program of this machine loads.
libraries() {
  ldd "$2" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$out/$1$(dirname "$library")"
    cp -Lf "$library" "$out/$1$library"
  done
}
bash_in() {
  rm -f "$out/$1/bin/sh" "$out/$1/bin/bash"
  cp /bin/bash "$out/$1/bin/bash"
  ln -s bash "$out/$1/bin/sh"
  libraries "$1" /bin/bash
}
# programs_in NAME: programs of this machine that look names up, and one that busybox lacks here.
programs_in() {
  local folder library program
  for program in curl dig getent printenv; do
    cp -L "$(command -v $program)" "$out/$1/usr/bin/$program"
    libraries "$1" "$(command -v $program)"
  done
  folder=$(dirname "$(ldd /bin/bash | grep -o '/[^ ]*libc.so[^ ]*')")
  mkdir -p "$out/$1$folder"
  for library in libnss_dns.so.2 libnss_files.so.2 libresolv.so.2; do
    [ ! -e "$folder/$library" ] || cp -Lf "$folder/$library" "$out/$1$folder/"
  done
}

root agnhost
programs_in agnhost
bash_in agnhost
cp "$parts/agnhost" "$out/agnhost/agnhost"
ln -s agnhost "$out/agnhost/agnhost-2"
rm -f "$out/agnhost/bin/nc"
cp "$parts/nc" "$out/agnhost/bin/nc"
cp "$module"/test/images/agnhost/porter/localhost.{crt,key} "$out/agnhost/"
chmod 644 "$out"/agnhost/localhost.*
root busybox
root pause
cp -l "$out/agnhost/agnhost" "$out/pause/pause"
for image in nginx nautilus kitten nonroot; do
  root $image
  cp -l "$out/agnhost/agnhost" "$out/$image/agnhost"
done
for image in nautilus kitten; do printf '{"image": "%s.jpg"}\n' $image >"$out/$image/data.json"; done
root nonewprivs
cp "$parts/nonewprivs" "$out/nonewprivs/nonewprivs"
chmod 4755 "$out/nonewprivs/nonewprivs"
# Upstream's has `stress` too, which uses memory.
root resource-consumer
mkdir "$out/resource-consumer/consume-cpu"
cp "$parts/resource-consumer" "$out/resource-consumer/consumer"
cp "$parts/consume-cpu" "$out/resource-consumer/consume-cpu/consume-cpu"
root sample-apiserver
cp -l "$parts/sample-apiserver" "$out/sample-apiserver/sample-apiserver"
root etcd
mkdir -p "$out/etcd/usr/local/bin"
cp "$built/bin/etcd" "$out/etcd/usr/local/bin/etcd"

row() { printf '%s\t%s\t%s\t%s\n' "$@"; }
{
  for tag in 2.55 2.56 2.57 2.59; do row $repository/agnhost:$tag agnhost '["/agnhost"]' '["pause"]'; done
  row $repository/jessie-dnsutils:1.7 agnhost '["/agnhost"]' '["pause"]'
  for tag in 1.36.1-1 1.37.0-1; do row $repository/busybox:$tag busybox '[]' '["sh"]'; done
  row busybox busybox '[]' '["sh"]'
  for tag in 3.10 3.10.1; do row registry.k8s.io/pause:$tag pause '["/pause","pause"]' '[]'; done
  for tag in 1.14-4 1.15-4; do row $repository/nginx:$tag nginx '["/agnhost","test-webserver"]' '[]'; done
  for image in nautilus kitten; do row $repository/$image:1.7 $image '["/agnhost","test-webserver"]' '[]'; done
  row $repository/nonroot:1.4 nonroot '[]' '["sh"]'
  row $repository/nonewprivs:1.3 nonewprivs '["/nonewprivs"]' '[]'
  row $repository/resource-consumer:1.13 resource-consumer '["/consumer"]' '[]'
  row $repository/sample-apiserver:1.29.2 sample-apiserver '["/sample-apiserver"]' '[]'
  row registry.k8s.io/etcd:3.6.6-0 etcd '[]' '["/usr/local/bin/etcd"]'
} >"$out/images.tsv"
