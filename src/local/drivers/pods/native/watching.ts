import { StartError } from '../sandbox.ts';
import { isRenamed, type Jail, ownsTools } from './commandLines.ts';

/**
 * Throws StartError where the processes of `target` could look at this machine's files by those that make the root of a
 * container that joins them: these have the machine's root, and for a moment no more rights than the container. A target that
 * is root on this machine need not look.
 */
export function refuseWatching(target: Jail, joining: Jail): void {
  const { user } = target.namespaces;
  const isMachines = user === undefined && target.capabilities.includes('sys_admin');
  // What is in a user namespace within has no rights over what is outside of it.
  const isWithin = isRenamed(target) || !ownsTools(target.namespaces);
  if (!ownsTools(joining.namespaces))
    throw new StartError(
      'its target has a user namespace of its own, as shallop is not run as root: its processes cannot be shared',
    );
  if (isMachines || isWithin) return;
  if (target.capabilities.includes('sys_ptrace'))
    throw new StartError(
      'its target has the capability SYS_PTRACE: while it starts, that could look at files of this machine',
    );
  if (isRenamed(joining))
    throw new StartError(
      'its target is root of its user namespace, and it is not: while it starts, that could look at files of this machine',
    );
}
