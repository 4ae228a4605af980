import type { Key } from '../../../shared/ports/storage.ts';
import { keyText, parseKeyText, spaceOf } from '../../../shared/storage/log/keys.ts';
import { claimPlace, type Item, keyAttributes, number, numberOf, text, textOf } from './layout.ts';

/** Makes the item that records a claim: the object holds a value that no other object of its resource may hold. */
export const encodeClaim = (key: Key, claim: string): Item => ({
  ...keyAttributes(claimPlace(key.resource, claim)),
  holder: text(keyText(key)),
});

/** Says when a claim was lost. */
export interface Loss {
  /** The revision of the write that lost it. */
  revision: number;
  /** When that was written, in milliseconds since the epoch. */
  at: number;
  /** When its mark may go, in seconds since the epoch. */
  expires: number;
}

/**
 * Returns what is left for a while of a claim that its holder lost, for the reason for which a deletion leaves a mark:
 * a write that reserved its revision before must not get it, or the log would tell of two holders.
 */
export const encodeFreed = (key: Key, claim: string, { revision, at, expires }: Loss): Item => ({
  ...keyAttributes(claimPlace(key.resource, claim)),
  freedIn: text(spaceOf(key)),
  freedAt: number(revision),
  freedMs: number(at),
  expires: number(expires),
});

/**
 * Returns whether the claim is to be had, for a write of that space and revision, reserved at `touched`. Other spaces have
 * revisions of their own: of what one of them lost, time tells. Its mark stands in the place of an earlier one of this space,
 * whose holder lost it before the other gained it, so that clocks may differ by as long as both of that took. A mark
 * of an earlier release has no time.
 */
export const freeFor = (space: string, revision: number, touched: number) => ({
  ConditionExpression:
    'attribute_not_exists(pk) OR freedIn = :space AND freedAt < :mine OR ' +
    'freedIn <> :space AND freedMs <= :touched OR ' +
    'attribute_exists(freedIn) AND freedIn <> :space AND attribute_not_exists(freedMs)',
  ExpressionAttributeValues: {
    ':space': text(space),
    ':mine': number(revision),
    ':touched': number(touched),
  },
});

/** Returns from when on such a write may reserve its revision, in milliseconds since the epoch; 0: it only needs a newer one. */
export const freeFrom = (space: string, found: Item): number =>
  textOf(found, 'freedIn') === space ? 0 : numberOf(found, 'freedMs') || 0;

/** Empty when nobody holds it any more. */
export const holderIn = (found: Item): string => textOf(found, 'holder');

/** By value, from all that is found of a resource. */
export const holders = (found: Item[]): Map<string, Key> =>
  new Map(found.filter(holderIn).map((item) => [textOf(item, 'sk'), parseKeyText(holderIn(item))]));
