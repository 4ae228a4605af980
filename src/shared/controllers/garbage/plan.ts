import type { OwnerReference } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';

/** What became of one owner. `unknown`: of a kind that is not served here, so nobody can say it is gone. */
export type OwnerState = 'there' | 'gone' | 'waiting' | 'unknown';

export type Fate =
  | { do: 'nothing' }
  /** Other owners remain: only the references to those that are gone (or wait for it to go) are dropped. */
  | { do: 'disown'; ownerReferences: OwnerReference[] }
  | { do: 'delete'; propagationPolicy: 'Background' | 'Foreground' | 'Orphan' };

export const isWaiting = ({ metadata }: KubeObject): boolean =>
  !!metadata.deletionTimestamp && !!metadata.finalizers?.includes('foregroundDeletion');

export const isOrphaning = ({ metadata }: KubeObject): boolean =>
  !!metadata.deletionTimestamp && !!metadata.finalizers?.includes('orphan');

/** Decides over an object by its owners' states, in the order of its references. */
export function fateOf(object: KubeObject, states: OwnerState[], hasDependents: boolean): Fate {
  const owners = object.metadata.ownerReferences ?? [];
  if (object.metadata.deletionTimestamp || owners.length === 0) return { do: 'nothing' };
  const solid = owners.filter((_, i) => states[i] === 'there' || states[i] === 'unknown');
  if (solid.length === owners.length) return { do: 'nothing' };
  if (solid.length > 0) return { do: 'disown', ownerReferences: solid };
  if (states.includes('waiting'))
    return { do: 'delete', propagationPolicy: hasDependents ? 'Foreground' : 'Background' };
  return {
    do: 'delete',
    propagationPolicy: object.metadata.finalizers?.includes('orphan') ? 'Orphan' : 'Background',
  };
}
