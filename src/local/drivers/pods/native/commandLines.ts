import { boundingSet } from './capabilities.ts';
import type { Identity } from './users.ts';

/** What is in force for every process of a container: its program, and whatever is run beside it. */
export interface Jail {
  identity: Identity;
  capabilities: string[];
  noNewPrivileges: boolean;
  /** The container's environment, complete. */
  env: Record<string, string>;
  /** Absolute, in the container. */
  workingDir: string;
  namespaces: Namespaces;
}

export interface Namespaces {
  /** One of its own, because the control plane is not root: `one` maps a single user, `all` those of /etc/subuid. */
  user?: 'one' | 'all';
  pid: boolean;
  /** The first process of the one that the Pod's containers share: its user and process namespaces are entered. */
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
 * but its version 2.38 takes a container that was killed for an error of its own.
 */
const parent = `exec 3>&2 2>/dev/null
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
"$0" "$@" 2>&3 3>&-
exit $?`;

/**
 * The command line that starts a container's first process: namespaces, then the script that makes the root file system,
 * which ends by executing `last`.
 */
export function startCommand(tools: Tools, { namespaces }: Jail, script: string): string[] {
  const { user, pid, pause, uts, ipc } = namespaces;
  const shared = pause === undefined ? [] : ['--target', String(pause), '--pid'];
  return [
    ...(shared.length
      ? [tools.nsenter, ...shared, ...(user ? ['--user', '--preserve-credentials'] : []), '--']
      : []),
    tools.unshare,
    ...(shared.length ? [] : userNamespace(user)),
    '--mount',
    ...['--propagation', 'slave'],
    ...(uts ? ['--uts'] : []),
    ...(ipc ? ['--ipc'] : []),
    ...(pid && !shared.length ? ['--pid', 'sh', '-c', parent] : []),
    ...['sh', script],
  ];
}

/** The command line that starts the first process of a process namespace for several containers. */
export const pauseCommand = (
  tools: Tools,
  user: Namespaces['user'],
  script: string,
  place: string,
): string[] => [
  tools.unshare,
  ...userNamespace(user),
  ...['--pid', 'sh', '-c', parent, 'sh', '-c', script, place],
];

const userNamespace = (user: Namespaces['user']): string[] => [
  ...(user ? ['--user', '--map-root-user'] : []),
  ...(user === 'all' ? ['--map-auto'] : []),
];

/** The command line that runs a command beside a container's main process `pid`. */
export function execCommand(tools: Tools, jail: Jail, pid: number, command: string[]): string[] {
  const { user, uts, ipc, pid: ownPids } = jail.namespaces;
  return [
    tools.nsenter,
    ...['--target', String(pid), '--mount'],
    ...(user ? ['--user', '--preserve-credentials'] : []),
    ...(uts ? ['--uts'] : []),
    ...(ipc ? ['--ipc'] : []),
    ...(ownPids ? ['--pid'] : []),
    // The tools below are this machine's; only the last of them goes into the container's root, which is the folder.
    ...['--root=/', `--wd=/proc/${pid}/root`, '--'],
    ...intoRoot(tools, jail, command),
  ];
}

/**
 * The command line that gives up every privilege that the container does not have and runs a command in its root, which
 * has to be the current folder. No program and no library of the container is used before: an image could bring its own,
 * and they would run with this machine's rights. What stays of this is the capability to change the root in the bounding
 * set, to no avail, since the machine's files are not reachable from the container's mount namespace.
 */
export function intoRoot(tools: Tools, jail: Jail, command: string[]): string[] {
  const { identity, capabilities, noNewPrivileges, env, workingDir, namespaces } = jail;
  const { uid, gid, groups } = identity;
  const changesUser = uid !== 0;
  const single = namespaces.user === 'one';
  // Where only one user is mapped, another one is a name for it, in a user namespace within.
  const renamed = single && (changesUser || gid !== 0);
  const kept = new Set([...capabilities, 'sys_chroot', ...(changesUser && !renamed ? ['setuid'] : [])]);
  const entries = Object.entries(env);
  const [late, early] = [entries.filter(isForLoader), entries.filter((each) => !isForLoader(each))];
  const words = (list: [string, string][]) => list.map(([name, value]) => `${name}=${value}`);
  return [
    tools.setpriv,
    ...(single
      ? []
      : ['--regid', String(gid), ...(groups.length ? ['--groups', groups.join(',')] : ['--clear-groups'])]),
    ...['--bounding-set', boundingSet(kept)],
    ...(noNewPrivileges ? ['--no-new-privs'] : []),
    ...['--', tools.env, '-i', ...words(early)],
    tools.unshare,
    ...(renamed ? ['--user', `--map-user=${uid}`, `--map-group=${gid}`] : []),
    ...['--root', '.', '--wd', workingDir],
    ...(changesUser && !renamed ? ['--setuid', String(uid)] : []),
    '--',
    ...(late.length ? ['env', ...words(late)] : []),
    ...command,
  ];
}

/**
 * Variables that make the system's loader and library read what they name (glibc's list of unsafe ones, and musl's).
 * They must not be in force before the container's root is: there they would be followed with the machine's files.
 */
const isForLoader = ([name]: [string, string]): boolean =>
  /^(LD_|MALLOC_|GLIBC_TUNABLES$|GCONV_PATH$|GETCONF_DIR$|HOSTALIASES$|LOCALDOMAIN$|LOCPATH$|NIS_PATH$|NLSPATH$|RES_OPTIONS$|RESOLV_HOST_CONF$|TZDIR$)/.test(
    name,
  );
