import { boundingSet } from './capabilities.ts';
import type { Tools } from './commandLines.ts';

/*
 * Where a user namespace holds one user only, a container that is to run as another gets a second one within, in which
 * that user has the other's number. The kernel makes none for a process whose root is not that of its mount namespace,
 * which is so once the container's root has been moved there: it has to be made before. Nothing in it may move a mount
 * then, so that a process outside does, when it is told to.
 */

/** Waits for the word, moves the container's root and answers; becomes the command. Argument: the run's folder. */
const outside = `mkfifo "$1/go" "$1/moved" || exit 1
read -r s </proc/self/stat
echo "\${s%% *}" >"$1/outer"
(read -r _ <"$1/go"; cd "$1/root" && mount -n --move . / 2>>"$1/failed"; echo $? >"$1/moved") >/dev/null 2>&1 &
shift
exec "$@"`;

/** Says that the namespace within is there, waits until the root has been moved, and becomes the command. */
const inside = `echo >"$0/go"
read -r s <"$0/moved"
[ "$s" = 0 ] || exit 128
exec "$@"`;

/** The file of a run's folder that holds the number of a process in the outer user namespace. */
export const outerFile = 'outer';

export const startedOutside = (folder: string, command: string[]): string[] => [
  ...['sh', '-c', outside, 'sh', folder],
  ...command,
];

/** The command line that runs a command as another user by name, with the one capability that it takes to go on. */
export const enteredAs = (
  { unshare, setpriv }: Tools,
  { folder, uid, gid }: { folder: string; uid: number; gid: number },
  command: string[],
): string[] => [
  ...[unshare, '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--keep-caps', '--'],
  ...['sh', '-c', inside, folder],
  ...[setpriv, '--inh-caps', boundingSet(['sys_chroot']), '--ambient-caps', boundingSet(['sys_chroot'])],
  ...['--bounding-set', boundingSet(['sys_chroot']), '--', ...command],
];
