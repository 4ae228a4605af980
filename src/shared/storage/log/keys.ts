import { badRequest } from '../../errors/common.ts';
import type { Index, Key } from '../../ports/storage.ts';

/**
 * Between the parts of a key: below every character a name may hold, so that byte order is (namespace, name) order.
 * (Not lower: lmdb escapes the first few control characters, in short keys only.)
 */
export const separator = '\x1f';

/** One (cluster, resource): the unit that has its own revisions and log. */
export const spaceOf = ({ cluster, resource }: Pick<Key, 'cluster' | 'resource'>): string =>
  `${cluster}${separator}${resource}`;

/** An object inside its space. */
export const itemOf = ({ namespace, name }: Pick<Key, 'namespace' | 'name'>): string =>
  `${namespace}${separator}${name}`;

/** All items of a namespace begin with it. */
export const namespacePrefix = (namespace: string): string => `${namespace}${separator}`;

export function keyOf(space: string, item: string): Key {
  const a = space.indexOf(separator);
  const b = item.indexOf(separator);
  return {
    cluster: space.slice(0, a),
    resource: space.slice(a + 1),
    namespace: item.slice(0, b),
    name: item.slice(b + 1),
  };
}

/** A key in one text: cluster, resource, namespace, name. */
export const keyText = (key: Key): string => `${spaceOf(key)}${separator}${itemOf(key)}`;

export function parseKeyText(text: string): Key {
  const [cluster = '', resource = '', namespace = '', name = ''] = text.split(separator);
  return { cluster, resource, namespace, name };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they would forge the separator
const control = /[\x00-\x1f]/;
/** Bytes: DynamoDB takes 1,024 of a sort key, LMDB 1,978 in all. */
const maxLength = 512;

/** Returns whether no key can have it in it. */
export const isTooLong = (text: string): boolean => Buffer.byteLength(text) > maxLength;

/** Throws BadRequest for parts that could reach into another key: control characters, emptiness, absurd length. */
export function checkKey({ cluster, resource, namespace, name }: Key): void {
  const whole = `${cluster}/${resource}/${namespace}/${name}`;
  if (!cluster || !resource || !name || isTooLong(whole) || control.test(whole))
    throw badRequest(`${JSON.stringify(whole.slice(0, maxLength))} cannot be a storage key`);
}

const maxPart = 128;

/** Throws BadRequest for owners and claims that cannot be part of a key. */
export function checkIndex({ owners, claims }: Index = {}): void {
  for (const owner of owners ?? []) checkPart(owner, 'an owner');
  for (const claim of claims ?? []) checkPart(claim, 'a claim');
}

function checkPart(value: string, what: string): void {
  if (!value || value.length > maxPart || control.test(value))
    throw badRequest(`${JSON.stringify(value.slice(0, maxPart))} cannot be ${what}`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether all is ASCII
const ascii = /^[\x00-\x7f]*$/;

/** Orders items by UTF-8 bytes, which differs from JavaScript's order only beyond the basic plane. */
export function compareItems(a: string, b: string): number {
  if (ascii.test(a) || ascii.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
