import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { boundingSet } from './capabilities.ts';
import { scoreLine } from './oomScore.ts';
import { enteredAs, outerFile, startedOutside } from './renamed.ts';
import { swappedBy } from './swap.ts';
import { mountsOf } from './toolsRoot.ts';
import type { Identity } from './users.ts';

/** Describes what is in force for every process of a container: its program, and whatever is run beside it. */
export interface Jail {
  /** The run's folder. */
  folder: string;
  identity: Identity;
  capabilities: string[];
  noNewPrivileges: boolean;
  /** The container's environment, complete. */
  env: Record<string, string>;
  /** Absolute, in the container. */
  workingDir: string;
  namespaces: Namespaces;
  /** Is added to the score by which the kernel chooses whom to end for want of memory. Absent: as it is inherited. */
  oomScore?: number;
}

export interface Namespaces {
  /** One of its own, because the control plane is not root: `one` maps a single user, `all` those of /etc/subuid. */
  user?: 'one' | 'all';
  /** The user namespace is entered already, with the Pod's network. */
  joined?: true;
  pid: boolean;
  /** The first process of the one that it shares with others of its Pod: its user and process namespaces are entered. */
  pause?: number;
  uts: boolean;
  ipc: boolean;
}

/** Programs of the machine by absolute path, since a container's PATH is in force when they are run. */
export interface Tools {
  unshare: string;
  nsenter: string;
  setpriv: string;
  env: string;
}

/**
 * Stands outside of the process namespace whose first process it starts, and ends as that one does. unshare(1) could,
 * but its version 2.38 takes a container that was killed for an error of its own. `held`: a namespace, by its path, that
 * lasts as long, and that those inside cannot reach. `first`: what becomes of the first process, a command of the shell.
 */
const parent = (first: string, held?: string): string => `exec 3>&2 2>/dev/null
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
${held ? `exec 4<${held}\n` : ''}${first} 2>&3 3>&-${held ? ' 4<&-' : ''}
exit $?`;

/**
 * The command line that starts a container's first process: namespaces, then the script that makes the root file system,
 * which ends by executing `last`. `propagation`: what becomes of this machine's mounts in its mount namespace.
 */
export function startCommand(
  tools: Tools,
  jail: Jail,
  script: string,
  propagation: 'slave' | 'unchanged' = 'slave',
): string[] {
  const { namespaces, folder } = jail;
  const { pid, pause, uts, ipc } = namespaces;
  const user = namespaces.joined ? undefined : namespaces.user;
  const own = pid && pause === undefined;
  // The shell that waits reads the script itself, in a process of its own: starting another takes longer.
  const first = own ? ['sh', '-c', parent('( . "$0" )'), script] : ['sh', script];
  const namespace = own ? ['--pid'] : [];
  const shared = pause === undefined ? [] : ['--target', String(pause), '--pid'];
  return [
    ...(shared.length
      ? [tools.nsenter, ...shared, ...(user ? ['--user', '--preserve-credentials'] : []), '--']
      : []),
    tools.unshare,
    ...(shared.length ? [] : userNamespace(user)),
    '--mount',
    ...['--propagation', propagation],
    ...(uts ? ['--uts'] : []),
    ...(ipc ? ['--ipc'] : []),
    ...(isRenamed(jail)
      ? startedOutside(folder, own ? [tools.unshare, ...namespace, ...first] : first)
      : [...namespace, ...first]),
  ];
}

/**
 * The command line that starts the first process of a process namespace for several containers. `user`: in a user
 * namespace of its own. `args`: what the script is given. `toolsRoot`: what it enters, kept for it. Absent: nothing.
 */
export const pauseCommand = (
  tools: Tools,
  user: Namespaces['user'],
  script: string,
  args: string[],
  toolsRoot?: string,
): string[] => [
  tools.unshare,
  ...userNamespace(user),
  '--pid',
  ...['sh', '-c', parent('"$0" "$@"', toolsRoot && mountsOf(toolsRoot))],
  ...['sh', '-c', script, ...args],
];

const userNamespace = (user: Namespaces['user']): string[] => [
  ...(user ? ['--user', '--map-root-user'] : []),
  ...(user === 'all' ? ['--map-auto'] : []),
];

/**
 * The command line that runs a command beside a container's main process `pid`. `toolsRoot`: where the tools are that its
 * processes see meanwhile.
 */
export function execCommand(
  tools: Tools,
  jail: Jail,
  pid: number,
  command: string[],
  toolsRoot: string,
): string[] {
  const { uts, ipc, pid: ownPids, joined } = jail.namespaces;
  const user = joined ? undefined : jail.namespaces.user;
  const outer = isRenamed(jail) ? Number(readFileSync(join(jail.folder, outerFile), 'utf8')) : pid;
  const { before, env, late } = surroundings(tools, jail);
  const { oomScore } = jail;
  return [
    ...(oomScore === undefined ? [] : ['sh', '-c', `${scoreLine(oomScore)}\nexec "$@"`, 'sh']),
    // Its process is seen there too, with the file that it is of.
    posix.join(toolsRoot, tools.nsenter),
    ...['--target', String(pid), '--mount'],
    ...(user ? [`--user=/proc/${outer}/ns/user`, '--preserve-credentials'] : []),
    ...(uts ? ['--uts'] : []),
    ...(ipc ? ['--ipc'] : []),
    ...(ownPids ? ['--pid'] : []),
    // The tools below are this machine's; only the last of them goes into the container's root, which is the folder. That
    // of another user by name needs this machine's /proc; what it is in a container may not look at.
    ...[`--root=${isRenamed(jail) ? '/' : toolsRoot}`, `--wd=/proc/${pid}/root`, '--', ...before, ...env],
    ...(isRenamed(jail)
      ? [
          tools.nsenter,
          `--user=/proc/${pid}/ns/user`,
          '--preserve-credentials',
          '--root=.',
          `--wdns=${jail.workingDir}`,
          '--',
        ]
      : lastStep(tools, jail)),
    ...late,
    ...command,
  ];
}

/**
 * The command line that gives up every privilege that the container does not have and runs a command in its root, which
 * has to be the current folder. No program and no library of the container is used before: an image could bring its own,
 * and they would run with this machine's rights. What stays of this is the capability to change the root in the bounding
 * set, to no avail, since the machine's files are not reachable from the container's mount namespace.
 */
export function intoRoot(tools: Tools, jail: Jail, command: string[], toolsRoot: string): string[] {
  const { before, env, late } = surroundings(tools, jail);
  const last = [...env, ...lastStep(tools, jail), ...late, ...command];
  const isOpen = !isRenamed(jail) && ownsTools(jail.namespaces);
  return [
    // It keeps the current folder.
    ...(isOpen ? [tools.nsenter, `--root=${toolsRoot}`, '--'] : []),
    ...(isSwapped(jail, toolsRoot) ? swappedBy(tools.nsenter) : []),
    ...before,
    ...(isRenamed(jail) ? enteredAs(tools, { folder: jail.folder, ...jail.identity }, last) : last),
  ];
}

/** Returns whether its user is another one than the only one that there is, and so a name for it. */
export const isRenamed = ({ namespaces, identity: { uid, gid } }: Jail): boolean =>
  namespaces.user === 'one' && (uid !== 0 || gid !== 0);

/** Returns whether a root of tools can be entered from the user namespace of a container: not from one of its own. */
export const ownsTools = ({ user, joined }: Pick<Namespaces, 'user' | 'joined'>): boolean =>
  user === undefined || joined === true;

/**
 * Returns whether the container's root takes the place of the machine's, and does not lie over it: where it may unmount, and
 * is not root on this machine anyway.
 */
export const isSwapped = (jail: Jail, toolsRoot: string): boolean =>
  jail.namespaces.joined === true &&
  !isRenamed(jail) &&
  jail.capabilities.includes('sys_admin') &&
  toolsRoot !== '/';

/** Returns what takes effect before the container's root is entered, and after. */
function surroundings(tools: Tools, jail: Jail): Record<'before' | 'env' | 'late', string[]> {
  const { identity, capabilities, noNewPrivileges, env, namespaces } = jail;
  const { uid, gid, groups } = identity;
  const changesUser = uid !== 0 && !isRenamed(jail);
  // A namespace within may map this one's root only if its creator may set capabilities of files. It begins with
  // none of these sets.
  const needed = isRenamed(jail) ? ['setfcap'] : changesUser ? ['setuid'] : [];
  const kept = new Set([...capabilities, 'sys_chroot', ...needed]);
  const entries = Object.entries(env);
  const words = (list: [string, string][]) => list.map(([name, value]) => `${name}=${value}`);
  const late = words(entries.filter(isForLoader));
  return {
    before: [
      tools.setpriv,
      ...(namespaces.user === 'one'
        ? []
        : ['--regid', String(gid), ...(groups.length ? ['--groups', groups.join(',')] : ['--clear-groups'])]),
      ...['--bounding-set', boundingSet(kept)],
      ...(noNewPrivileges ? ['--no-new-privs'] : []),
      '--',
    ],
    env: [tools.env, '-i', ...words(entries.filter((each) => !isForLoader(each)))],
    late: late.length ? ['env', ...late] : [],
  };
}

/** The tool that changes the root, and executes what follows. */
function lastStep(tools: Tools, jail: Jail): string[] {
  const { uid } = jail.identity;
  const user = uid !== 0 && !isRenamed(jail) ? ['--setuid', String(uid)] : [];
  return [tools.unshare, '--root', '.', '--wd', jail.workingDir, ...user, '--'];
}

/**
 * Variables that make the system's loader and library read what they name (glibc's list of unsafe ones, and musl's).
 * They must not be in force before the container's root is: there they would be followed with the machine's files.
 */
const isForLoader = ([name]: [string, string]): boolean =>
  /^(LD_|MALLOC_|GLIBC_TUNABLES$|GCONV_PATH$|GETCONF_DIR$|HOSTALIASES$|LOCALDOMAIN$|LOCPATH$|NIS_PATH$|NLSPATH$|RES_OPTIONS$|RESOLV_HOST_CONF$|TZDIR$)/.test(
    name,
  );
