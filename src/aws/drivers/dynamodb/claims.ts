import type { Key } from '../../../shared/ports/storage.ts';
import { keyText, parseKeyText, spaceOf } from '../../../shared/storage/log/keys.ts';
import { claimPlace, type Item, keyAttributes, number, text, textOf } from './layout.ts';

/** Makes the item that records a claim: the object holds a value that no other object of its resource may hold. */
export const encodeClaim = (key: Key, claim: string): Item => ({
  ...keyAttributes(claimPlace(key.resource, claim)),
  holder: text(keyText(key)),
});

/**
 * Returns what is left for a while of a claim that its holder lost, for the reason for which a deletion leaves a mark:
 * a write that reserved its revision before must not get it, or the log would tell of two holders.
 */
export const encodeFreed = (key: Key, claim: string, revision: number, expires: number): Item => ({
  ...keyAttributes(claimPlace(key.resource, claim)),
  freedIn: text(spaceOf(key)),
  freedAt: number(revision),
  expires: number(expires),
});

/**
 * Returns whether the claim is to be had, for a write of that space and revision. Other spaces have revisions of their
 * own.
 */
export const freeFor = (space: string, revision: number) => ({
  ConditionExpression:
    'attribute_not_exists(pk) OR freedIn = :space AND freedAt < :mine OR attribute_exists(freedIn) AND freedIn <> :space',
  ExpressionAttributeValues: { ':space': text(space), ':mine': number(revision) },
});

/** Empty when nobody holds it any more. */
export const holderIn = (found: Item): string => textOf(found, 'holder');

/** By value, from all that is found of a resource. */
export const holders = (found: Item[]): Map<string, Key> =>
  new Map(found.filter(holderIn).map((item) => [textOf(item, 'sk'), parseKeyText(holderIn(item))]));
