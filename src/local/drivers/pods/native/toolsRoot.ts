import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { Clock } from '../../../../shared/clock/clock.ts';
import type { Support } from './support.ts';

/**
 * A root that holds this machine's programs and nothing else, for reading only. What the machine's tools do in the
 * namespaces of a container they do from there: a container sees their processes, and whoever may look into one comes by
 * its root (/proc/PID/root) and its program (/proc/PID/exe) to what they were loaded from.
 */
export interface ToolsRoot {
  /**
   * A path by which it is entered. Rejects with the reason where it cannot be made, for a minute without another attempt.
   */
  open(): Promise<string>;
  close(): void;
}

/** Where programs and their libraries are, as far as distributions go: links stay links. */
const places = 'usr bin sbin lib lib32 lib64 libx32 nix gnu';

/**
 * Makes the root in a mount namespace of its own, tries the tools there, and keeps it until standard input ends. It is
 * mounted over the root of that namespace, so that nothing is above it. A shell opens /dev/null for what it runs beside
 * itself: an empty file will do. Arguments: an empty folder, then the tools.
 */
const script = `mount -n -t tmpfs -o mode=755 tools "$0" && cd "$0" || exit 1
for each in ${places}; do
  if [ -L "/$each" ]; then ln -s "$(readlink "/$each")" "$each" || exit 1
  elif [ -d "/$each" ]; then
    mkdir "$each" && mount -n --rbind "/$each" "$each" && mount -n -o remount,bind,ro "$each" || exit 1
  fi
done
mkdir dev && : >dev/null || exit 1
mount -n -o remount,bind,ro . && mount -n --move . / || exit 1
for tool in "$@"; do "$1" --root . "$tool" --version >/dev/null || exit 1; done
exec "$1" --root . sh -c 'echo ready; read -r _'`;

const againMs = 60_000;

/** `inside`: brings a command line into the user namespace of Pods. Absent: they have none, or each its own. */
export function openToolsRoot(
  { tools, user }: Support,
  folder: string,
  clock: Pick<Clock, 'now'>,
  inside: ((command: string[]) => string[]) | undefined,
): ToolsRoot {
  let last: { child: ChildProcess; path: Promise<string>; againAt: number } | undefined;
  const env = { PATH: process.env.PATH ?? '' };
  const own = user && !inside ? ['--user', '--map-root-user'] : [];
  const start = () => {
    const [program = '', ...args] = (inside ?? ((command) => command))([
      ...[tools.unshare, ...own, '--mount', '--propagation', 'slave', 'sh', '-c', script, folder],
      ...[tools.unshare, tools.nsenter, tools.setpriv, tools.env],
    ]);
    const child = spawn(program, args, { cwd: '/', env, stdio: 'pipe' });
    const path = readyOf(child).then(() => {
      started.againAt = 0;
      return `/proc/${child.pid}/root`;
    });
    const started = { child, path, againAt: clock.now() + againMs };
    return started;
  };
  return {
    async open() {
      if (last && (isRunning(last.child) || clock.now() < last.againAt)) return last.path;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      last = start();
      return last.path;
    },
    close() {
      last?.child.kill('SIGKILL');
    },
  };
}

/** The path of the mount namespace of a tools root, while its process is there. Undefined: it is this machine's root. */
export const mountsOf = (toolsRoot: string): string | undefined =>
  toolsRoot === '/' ? undefined : toolsRoot.replace(/root$/, 'ns/mnt');

const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;

async function readyOf(child: ChildProcess): Promise<void> {
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(-1000);
  });
  child.stdin?.on('error', () => {});
  const ended = once(child, 'close').then(() => {
    throw new Error(complaint.trim().split('\n').at(-1) || 'it ended at once');
  });
  await Promise.race([once(child.stdout!, 'data'), ended]);
  ended.catch(() => {});
  child.unref();
  for (const stream of child.stdio) (stream as { unref?(): void } | null | undefined)?.unref?.();
}
