import { bootAudience } from '../../../shared/ports/accountTokens.ts';
import { quoted } from './shell.ts';

/** A file that holds a token of the Pod. */
export interface TokenFile {
  path: string;
  mode: number;
  /** Says who owns it beside root. */
  group?: number;
  /** `` is the API's own. */
  audience: string;
  expirationSeconds: number;
}

/** Says where the containers that ask for tokens keep what is theirs alone: the boot token, and when each is due. */
export const keptFolder = '/shallop-tokens';

/** Variables of the container that asks first. The second is the reference to the Pod in its requests, as JSON. */
export const bootVariable = 'SHALLOP_BOOT_TOKEN';
export const boundVariable = 'SHALLOP_BOUND_TO';

const day = 24 * 3600;
const bootSeconds = 7 * day;

/** Kubelet asks again when four fifths of a token's time are gone, and once a day at least. */
const renewedAfter = (seconds: number): number => Math.min(Math.floor((seconds * 4) / 5), day);

/**
 * Has every token asked for before it returns, or ends with an error after two minutes. The boot token that ECS injected is
 * exchanged first, for one that is bound to the Pod.
 */
export const firstTokens = (url: string, files: TokenFile[]): string => `${asking(url, files)}
(umask 077 && printf %s "$${bootVariable}" > "$kept/boot" && printf %s "$${boundVariable}" > "$kept/pod")
pause=1
until now=$(date +%s) && failed= && all && [ -z "$failed" ]; do
  [ "$pause" -le 64 ] || exit 1
  sleep "$pause"
  pause=$((pause * 2))
done`;

/** Says where it is told what the containers of the task use, and how often. */
export interface Telling {
  url: string;
  seconds: number;
}

/** Half of what is added to a pause at most. */
const spreadSeconds = 8;

/**
 * Has each token asked for again before it ends, until TERM. After a failure it tries again within a minute. In between it
 * tells what the containers use, where somebody wants to know.
 */
export const laterTokens = (url: string, files: TokenFile[], usage?: Telling): string => `trap 'exit 0' TERM
${asking(url, files)}${usage ? telling(usage) : ''}
pause=${usage ? 2 * spreadSeconds : 30}
while :; do
  # Pods that were started together do not ask together.
  sleep $((pause + $(od -An -N1 -tu1 /dev/urandom) % ${2 * spreadSeconds})) & wait $!
  now=$(date +%s)
  failed=
  all${usage ? '\n  tell' : ''}
  if [ -z "$failed" ]; then pause=${usage ? usage.seconds - spreadSeconds : 30}; elif [ "$pause" -ge 30 ]; then pause=5; else pause=$((pause * 2)); fi
done`;

/**
 * Functions of the shell. TLS is verified, which busybox does not do: neither its wget nor the ssl_client among its own
 * programs. Alpine's wget leaves it to another ssl_client, which does. A file is replaced in one step, so that who reads it
 * gets one token whole.
 */
const asking = (url: string, files: TokenFile[]): string => `kept=${keptFolder}
url=${quoted(url)}
checked() {
  wget --version 2> /dev/null | grep -q 'GNU Wget' ||
    { command -v ssl_client > /dev/null && ! busybox --list 2> /dev/null | grep -qx ssl_client; }
}
if command -v curl > /dev/null; then
  post() {
    printf 'header = "Authorization: Bearer %s"' "$(cat "$kept/boot")" |
      curl -sS -f -m 20 -K - -H 'Content-Type: application/json' --data-binary "$1" "$url"
  }
elif checked; then
  post() {
    wget -q -T 20 -O - --header "Authorization: Bearer $(cat "$kept/boot")" \\
      --header 'Content-Type: application/json' --post-data "$1" "$url"
  }
else
  echo 'This image cannot ask for tokens: it has neither curl nor a wget that checks certificates' >&2
  exit 1
fi
ask() {
  answer=$(post '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":'"$2"',"expirationSeconds":'"$1"',"boundObjectRef":'"$(cat "$kept/pod")"'}}') || return 1
  printf %s "$answer" | tr -d '\\n' | sed -n 's/.*"token": *"\\([^"]*\\)".*/\\1/p'
}
hold() {
  mkdir -p "$(dirname "$1")" && (umask 077 && printf %s "$4" > "$1.new") && chmod "$2" "$1.new" &&
    { [ -z "$3" ] || chgrp "$3" "$1.new"; } && mv -f "$1.new" "$1"
}
renew() {
  due=$(cat "$kept/due-$1" 2> /dev/null) || due=0
  [ "$now" -ge "$due" ] || return 0
  token=$(ask "$5" "$7") && [ -n "$token" ] && hold "$2" "$3" "$4" "$token" &&
    echo $((now + $6)) > "$kept/due-$1" && return 0
  failed=yes
  echo "There is no new token for the audiences $7 yet" >&2
}
all() {
${[bootFile, ...files].map(renewal).join('\n')}
}`;

/**
 * Functions of the shell: what ECS knows of the task's containers goes to the API as it is, on the way through a file, since
 * an argument has a limit. After a failure of the tokens the turns are shorter; it is told no more often for that.
 */
const telling = ({ url, seconds }: Telling): string => `
usage=${quoted(url)}
known=$ECS_CONTAINER_METADATA_URI_V4/task
if command -v curl > /dev/null; then
  get() { curl -sS -f -m 5 "$1"; }
  send() {
    printf 'header = "Authorization: Bearer %s"' "$(cat "$kept/boot")" |
      curl -sS -f -m 20 -o /dev/null -K - -H 'Content-Type: application/json' --data-binary "@$1" "$usage"
  }
else
  get() { wget -q -T 5 -O - "$1"; }
  send() {
    wget -q -T 20 -O /dev/null --header "Authorization: Bearer $(cat "$kept/boot")" \\
      --header 'Content-Type: application/json' --post-file "$1" "$usage"
  }
fi
told=0
tell() {
  [ $((now - told)) -ge ${seconds - 2 * spreadSeconds} ] || return 0
  told=$now
  { printf '{"task":' && get "$known" && printf ',"stats":' && get "$known/stats" && printf '}'; } > "$kept/usage" &&
    send "$kept/usage" && return 0
  echo 'Nobody knows what this Pod uses: it could not be told' >&2
}`;

const bootFile: TokenFile = {
  path: `${keptFolder}/boot`,
  mode: 0o600,
  audience: bootAudience,
  expirationSeconds: bootSeconds,
};

function renewal({ path, mode, group, audience, expirationSeconds }: TokenFile, number: number): string {
  // As for all files of a Pod with an fsGroup.
  const bits = group === undefined ? mode : mode | 0o060;
  return [
    '  renew',
    number,
    quoted(path),
    bits.toString(8).padStart(4, '0'),
    group ?? "''",
    expirationSeconds,
    renewedAfter(expirationSeconds),
    quoted(JSON.stringify(audience ? [audience] : [])),
  ].join(' ');
}
