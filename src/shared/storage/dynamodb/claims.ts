import { itemOf, separator, spaceOf } from '../log/keys.ts';
import type { Key } from '../storage.ts';
import { claimPlace, type Item, keyAttributes, number, text, textOf } from './layout.ts';

/** That an object holds a value, which nobody else of its resource may. */
export const encodeClaim = (key: Key, claim: string): Item => ({
  ...keyAttributes(claimPlace(key.resource, claim)),
  holder: text(holderOf(key)),
});

/**
 * What is left for a while of a claim that its holder lost, for the reason for which a deletion leaves a mark: a write
 * that reserved its revision before must not get it, or the log would tell of two holders.
 */
export const encodeFreed = (key: Key, claim: string, revision: number, expires: number): Item => ({
  ...keyAttributes(claimPlace(key.resource, claim)),
  freedIn: text(spaceOf(key)),
  freedAt: number(revision),
  expires: number(expires),
});

/** Whether the claim is to be had, for a write of that space and revision. Other spaces have revisions of their own. */
export const freeFor = (space: string, revision: number) => ({
  ConditionExpression:
    'attribute_not_exists(pk) OR freedIn = :space AND freedAt < :mine OR attribute_exists(freedIn) AND freedIn <> :space',
  ExpressionAttributeValues: { ':space': text(space), ':mine': number(revision) },
});

export const holderOf = (key: Key): string => `${key.cluster}${separator}${itemOf(key)}`;

/** Empty when nobody holds it any more. */
export const holderIn = (found: Item): string => textOf(found, 'holder');

export function holders(resource: string, found: Item[]): Map<string, Key> {
  const held = new Map<string, Key>();
  for (const item of found) {
    const [cluster, namespace = '', name = ''] = holderIn(item).split(separator);
    if (cluster) held.set(textOf(item, 'sk'), { cluster, resource, namespace, name });
  }
  return held;
}
