import { readFileSync, realpathSync } from 'node:fs';
import type { Launch } from '../sandbox.ts';
import type { Namespaces } from './commandLines.ts';
import type { Support } from './support.ts';

/**
 * Returns the user namespace of a container. All of an ordinary user's Pods are in the one that owns their network, with the
 * process that opens sockets there, which is this machine's user. Who sees processes of others may look into those of
 * its own user namespace, or of one within: such a container has another one, of one user, and does not own its network.
 */
export function userNamespaceOf(
  joinedUser: Namespaces['user'],
  support: Pick<Support, 'user' | 'ownProc'>,
  seesOthers: boolean,
): Pick<Namespaces, 'user' | 'joined'> {
  if (joinedUser === undefined) return support.user ? { user: support.user } : {};
  return seesOthers ? { user: 'one' } : { user: joinedUser, joined: true };
}

/** Returns whether a container sees processes of this machine that are not its Pod's. */
export const seesProcesses = ({ pod, mounts }: Launch, { ownProc }: Pick<Support, 'ownProc'>): boolean =>
  Boolean(pod.spec?.hostPID) || !ownProc || showsProcesses(mounts.map(({ source }) => source));

/** Returns whether a file system of processes is at one of the paths, above it, or below it. */
export function showsProcesses(sources: string[], mountInfo = mountsOfThisProcess()): boolean {
  if (sources.length === 0) return false;
  const tables = mountInfo
    .split('\n')
    .filter((line) => line.includes(' - proc '))
    .map((line) => line.split(' ')[4] ?? '/');
  return sources.map(real).some((source) => tables.some((each) => isIn(each, source) || isIn(source, each)));
}

const isIn = (path: string, folder: string) =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function mountsOfThisProcess(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}
