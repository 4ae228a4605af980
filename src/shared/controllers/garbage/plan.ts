import type { OwnerReference } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';

/**
 * Describes what became of one owner. `unknown`: nobody can say, so nothing is done. `waiting`: for its dependents to
 * go.
 */
export type OwnerState = 'there' | 'gone' | 'waiting' | 'unknown';

/** Says what becomes of a dependent of which an owner is gone or goes. */
export type Fate =
  | { do: 'nothing' }
  /** Other owners remain: only the references to those that are gone (or wait for it to go) are dropped. */
  | { do: 'disown'; ownerReferences: OwnerReference[] }
  | {
      do: 'delete';
      propagationPolicy: 'Background' | 'Foreground' | 'Orphan';
      /** First its references are made to hold no owner back: it may stand in a circle of owners. */
      unblocks?: true;
    };

/** Returns whether the object is being deleted in the foreground: it waits for its dependents. */
export const isWaiting = ({ metadata }: KubeObject): boolean =>
  !!metadata.deletionTimestamp && !!metadata.finalizers?.includes('foregroundDeletion');

/** Returns whether the object is being deleted and its dependents are to be kept. */
export const isOrphaning = ({ metadata }: KubeObject): boolean =>
  !!metadata.deletionTimestamp && !!metadata.finalizers?.includes('orphan');

/** Returns whether the dependent holds this owner back while that is being deleted in the foreground. */
export const blocks = (owner: OwnerReference): boolean => owner.blockOwnerDeletion === true;

/** The same references, none of which holds its owner back. */
export const unblocked = (owners: OwnerReference[]): OwnerReference[] =>
  owners.map((owner) => (blocks(owner) ? { ...owner, blockOwnerDeletion: false } : owner));

/** Owners that a dependent held back before a change and holds back no longer. */
export function unblockedOwners(before: OwnerReference[], after: OwnerReference[]): OwnerReference[] {
  const held = new Set(after.filter(blocks).map(({ uid }) => uid));
  return before.filter((owner) => blocks(owner) && !held.has(owner.uid));
}

/** Decides over an object by its owners' states, in the order of its references, and by its own dependents. */
export function fateOf(object: KubeObject, states: OwnerState[], dependents: KubeObject[]): Fate {
  const owners = object.metadata.ownerReferences ?? [];
  if (object.metadata.deletionTimestamp || owners.length === 0) return { do: 'nothing' };
  const solid = owners.filter((_, i) => states[i] === 'there');
  if (solid.length === owners.length || states.includes('unknown')) return { do: 'nothing' };
  if (solid.length > 0) return { do: 'disown', ownerReferences: solid };
  if (states.includes('waiting') && dependents.length > 0) {
    const isInCircle = dependents.some(isWaiting) && owners.some(blocks);
    return { do: 'delete', propagationPolicy: 'Foreground', ...(isInCircle && { unblocks: true }) };
  }
  return {
    do: 'delete',
    propagationPolicy: object.metadata.finalizers?.includes('orphan') ? 'Orphan' : 'Background',
  };
}
