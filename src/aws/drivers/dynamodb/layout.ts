import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { separator } from '../../../shared/storage/log/keys.ts';

export type Item = Record<string, AttributeValue>;

/** One table: `pk` and `sk` are strings, `expires` (seconds since the epoch) is the TTL attribute. */
export interface Place {
  pk: string;
  sk: string;
}

const place = (kind: string, rest: string, sk: string): Place => ({ pk: `${kind}${separator}${rest}`, sk });

/** Which layout a table has: format.ts. */
export const formatPlace: Place = { pk: 'format', sk: '-' };
/** The newest reserved revision of a space. */
export const counterPlace = (space: string) => place('counter', space, '-');
/** The newest revision that writers of a seldom written resource have reserved; all of a logical cluster together. */
export const headPlace = (cluster: string, resource: string) => place('heads', cluster, resource);
/** An object as it is now; sorted by namespace, then name. */
export const objectPlace = (space: string, item: string) => place('object', space, item);
/** A change; padded, so that byte order is the order of revisions. */
export const logPlace = (space: string, revision: number) => place('log', space, pad(revision));
/** Records that an object has an owner: written when it gets one, removed when it loses it; sorted by owner. */
export function ownerPlace(space: string, owner: string, item: string): Place {
  const [cluster, resource] = space.split(separator);
  return place('owner', `${cluster}${separator}${owner}`, `${resource}${separator}${item}`);
}
/** Returns who holds a value that one object of a resource may have. */
export const claimPlace = (resource: string, claim: string) => place('claim', resource, claim);
/** A part of bytes that do not fit beside their object (`o`) or change (`l`). */
export const chunkPlace = (space: string, of: 'o' | 'l', revision: number, part: number) =>
  place('chunk', `${space}${separator}${of}${pad(revision)}`, String(part).padStart(3, '0'));
/** Returns which resources a logical cluster has ever held. */
export const resourcePlace = (cluster: string, resource: string) => place('resources', cluster, resource);

/** Returns what a logical cluster is a fork of, or that it is being dropped. */
export const forkPlace = (cluster: string) => place('fork', cluster, '-');
/** Records that a logical cluster has a fork. */
export const forksPlace = (base: string, cluster: string) => place('forks', base, cluster);
/** A state that a fork shows, from before it was replaced under this revision; sorted by item, then revision. */
export const pastPlace = (space: string, item: string, replacedAt: number) =>
  place('past', space, `${item}${separator}${pad(replacedAt)}`);
/** Records that a state that a fork shows had an owner; all of a logical cluster together, sorted by owner. */
export function formerPlace(space: string, owner: string, item: string, replacedAt: number): Place {
  const [cluster = '', resource] = space.split(separator);
  return place('former', cluster, [owner, resource, item, pad(replacedAt)].join(separator));
}

/** What a Pod told of its use: those of a logical cluster together, sorted by namespace, then name. */
export const usagePlace = (cluster: string, namespace: string, name: string) =>
  place('usage', cluster, `${namespace}${separator}${name}`);

export const pad = (revision: number): string => String(revision).padStart(16, '0');

export const keyAttributes = ({ pk, sk }: Place): Item => ({ pk: text(pk), sk: text(sk) });

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });
export const bytes = (value: Uint8Array): AttributeValue => ({ B: value });

export const textOf = (item: Item, name: string): string => item[name]?.S ?? '';
/** NaN when the attribute is missing. */
export const numberOf = (item: Item, name: string): number => Number(item[name]?.N ?? Number.NaN);
