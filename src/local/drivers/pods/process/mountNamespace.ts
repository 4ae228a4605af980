import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockedOptions } from '../native/mountTable.ts';
import type { Mount } from '../sandbox.ts';
import type { Shell, Tools } from './tools.ts';

/**
 * Binds for reading only by one program. It forgets the flags of the source where it is not given them, which a user namespace
 * does not allow. `rw` is no word for all others: from util-linux 2.39 on it makes writable what its source is not.
 */
const atOnce = '"$0" -o "rbind$3" "$1" "$2" || exit 1';
const oneAfterTheOther = `"$0" --rbind "$1" "$2" || exit 1
[ -z "$3" ] || "$0" -o remount,bind,ro "$2" || exit 1`;

/** Mounts three words each, and goes on in a folder that may stand in one of them. */
const binding = (isRoot: boolean) => `while [ "$1" != -- ]; do
${isRoot ? atOnce : oneAfterTheOther}
shift 3
done
cd "$2" || exit 1
shift 2
exec "$@"`;

/** Mounts for one container alone, which nobody else on the machine sees. */
export interface MountNamespaces {
  /** The command line that runs a command in a namespace of its own, in this folder. */
  bind(root: string, mounts: Mount[], folder: string, shell: Shell, command: string[]): string[];
  /** The command line that runs a command beside a process that is in one. */
  enter(pid: number, folder: string, shell: Shell, command: string[]): string[];
}

/** Undefined where this process may not make any: that is tried, in a folder that is for this alone. */
export async function findMountNamespaces(
  { unshare, nsenter, mount, sh }: Tools,
  trial: string,
): Promise<MountNamespaces | undefined> {
  if (process.platform !== 'linux' || !unshare || !nsenter || !mount) return undefined;
  const isRoot = process.getuid?.() === 0;
  // Without root a user namespace allows it; the program is who it was, with rights over nothing but its mounts.
  const own = isRoot ? [] : ['--user', '--map-current-user', '--keep-caps'];
  const others = isRoot ? [] : ['--user', '--preserve-credentials'];
  const withShell = ({ program, flag }: Shell) => [program, ...(flag ? [flag] : []), '-c'];
  const found: MountNamespaces = {
    bind: (root, mounts, folder, shell, command) => [
      ...[unshare, ...own, '--mount', '--'],
      ...[...withShell(shell), binding(isRoot), mount],
      ...mounts.flatMap(({ source, target, readOnly }) => [
        source,
        join(root, target),
        readOnly ? ['', 'ro', ...lockedOptions(source)].join(',') : '',
      ]),
      ...['--', folder, ...command],
    ],
    enter: (pid, folder, shell, command) => [
      ...[nsenter, `--target=${pid}`, ...others, '--mount', '--'],
      ...[...withShell(shell), 'cd "$0" && exec "$@"', folder, ...command],
    ],
  };
  const [source, target] = [join(trial, 'a'), join(trial, 'b')];
  await mkdir(source, { recursive: true });
  await mkdir(target, { recursive: true });
  const [program = '', ...args] = found.bind(
    '/',
    [{ source, target, readOnly: true }],
    '/',
    { program: sh, flag: '' },
    [sh, '-c', ':'],
  );
  const works = await new Promise<boolean>((resolve) => {
    execFile(program, args, { timeout: 5000 }, (error) => resolve(!error));
  });
  await rm(trial, { recursive: true, force: true });
  return works ? found : undefined;
}
