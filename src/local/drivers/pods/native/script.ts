import { posix } from 'node:path';
import type { MountTable } from './mountTable.ts';
import { scoreLine } from './oomScore.ts';
import { stageLines, unstageLines } from './propagation.ts';
import { openSwap, swapWhenTold } from './swap.ts';

export interface ScriptOptions {
  /** The run's folder: holds `fstab`, and `root`, `upper`, `work`. */
  folder: string;
  /** The image's root file system. */
  image: string;
  /** `overlay` lays a writable layer over the image; `copy` copies it, where the kernel forbids an overlay. */
  layering: 'overlay' | 'userxattr' | 'copy';
  points: Pick<MountTable, 'folders' | 'files' | 'shared'>;
  /** Undefined: the machine's. */
  hostname?: string;
  sysctls: { name: string; value: string }[];
  readOnlyRoot: boolean;
  /** Says whether its input is a terminal, which is to have a name in it: /dev/console. */
  hasTerminal: boolean;
  /**
   * Says how the root comes to its place: over the machine's, moved by this script or by somebody else, or instead of it,
   * once `last` asks for it (swap.ts).
   */
  placing: 'moved' | 'movedByOther' | 'swapped';
  /**
   * Says who may open what the container prints to by its name, /dev/stdout, when that is not the user that runs this.
   */
  owner?: number;
  /** Files of control groups, which the container's first process joins. */
  groups: string[];
  /** As in Jail. */
  oomScore: number;
  /** The command that becomes the container's program. */
  last: string[];
}

/** Is what the wrapper looks for: what went wrong while the root file system was made, and whether that is over. */
export const failedFile = 'failed';
export const readyFile = 'ready';
/** Leads to the image, in the folder of a run that has one. */
export const imageLink = 'image';

/**
 * The shell script that makes a container's root file system in a mount namespace of its own and becomes its program.
 * It runs by the machine's tools alone and says in `failed` what went wrong. The container's main process is known by
 * the number that it has on this machine, which the machine's /proc still tells here.
 */
export function launchScript(options: ScriptOptions): string {
  const {
    folder,
    image,
    layering,
    points,
    hostname,
    sysctls,
    readOnlyRoot,
    hasTerminal,
    placing,
    owner,
    groups,
    oomScore,
    last,
  } = options;
  const at = (name: string) => quoted(posix.join(folder, name));
  const root = at('root');
  const inRoot = (path: string) => quoted(posix.join(folder, 'root', path));
  const userxattr = layering === 'userxattr' ? ',userxattr' : '';
  return [
    `exec 3>&2 2>${at(failedFile)}`,
    'fail() { exec 2>/dev/null; exit 128; }',
    ...groups.map((file) => `echo 0 >${quoted(file)} || fail`),
    scoreLine(oomScore),
    `cd ${quoted(folder)} || fail`,
    ...stageLines(points.shared, folder),
    // By names in the folder, since a path may hold what mount(8) takes for a separator.
    layering === 'copy'
      ? `cp -a --reflink=auto -- ${quoted(image)}/. root && mount -n --bind root root || fail`
      : `mount -n -t overlay overlay -o lowerdir=${imageLink},upperdir=upper,workdir=work${userxattr} root || fail`,
    ...(points.folders.length ? [`mkdir -p -- ${points.folders.map(inRoot).join(' ')} || fail`] : []),
    ...points.files.map((file) => `: >>${inRoot(file)} || fail`),
    'mount -n -a -T fstab || fail',
    ...unstageLines(points.shared),
    ...(hasTerminal ? [`mount -n --bind "$(tty)" ${inRoot('dev/console')} || fail`] : []),
    ...(hostname === undefined
      ? []
      : [
          // The shell itself can as root, and takes no program for it.
          `{ printf %s ${quoted(hostname)} >/proc/sys/kernel/hostname; } 2>/dev/null || hostname -- ${quoted(hostname)} || fail`,
        ]),
    ...sysctls.map(
      ({ name, value }) =>
        `printf %s ${quoted(value)} >/proc/sys/${quoted(name.replaceAll('.', '/'))} || fail`,
    ),
    ...(readOnlyRoot ? [`mount -n -o remount,bind,ro ${root} || fail`] : []),
    ...(owner === undefined ? [] : [`chown ${owner} /proc/self/fd/1 /proc/self/fd/3 || fail`]),
    ...(placing === 'swapped' ? [openSwap] : []),
    `cd ${root}${placing === 'moved' ? ' && mount -n --move . /' : ''} || fail`,
    ...(placing === 'swapped' ? [swapWhenTold] : []),
    'read -r s </proc/self/stat',
    `echo "\${s%% *} - \${s##*) }" >${at('main')}`,
    `: >${at(readyFile)}`,
    ...(placing === 'swapped' ? [] : ['exec 2>&3 3>&-']),
    `exec ${last.map(quoted).join(' ')}`,
    '',
  ].join('\n');
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
