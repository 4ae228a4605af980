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
 * The command line that starts a container's first process: namespaces, then the script that makes the root file system,
 * which ends by executing `last`.
 */
export function startCommand(tools: Tools, { namespaces }: Jail, script: string): string[] {
  const { user, pid, uts, ipc } = namespaces;
  return [
    tools.unshare,
    ...(user ? ['--user', '--map-root-user'] : []),
    ...(user === 'all' ? ['--map-auto'] : []),
    '--mount',
    ...['--propagation', 'slave'],
    ...(uts ? ['--uts'] : []),
    ...(ipc ? ['--ipc'] : []),
    ...(pid ? ['--pid', '--fork', '--kill-child'] : []),
    ...['sh', script],
  ];
}

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
