import { fnv1a } from '../../../shared/meta/fnv1a.ts';

/** IPv4 addresses as numbers, and choices among them that come out the same each time. */

export interface Cidr {
  /** The first address. */
  base: number;
  /** Bits of the prefix, 0–32. */
  prefix: number;
}

export function parseAddress(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

export const formatAddress = (n: number): string =>
  [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');

/** Throws on text that is not an IPv4 CIDR: it comes from this program, not from a user. */
export function parseCidr(text: string): Cidr {
  const [address, bits] = text.split('/');
  const base = parseAddress(address ?? '');
  const prefix = Number(bits);
  if (base === undefined || !(prefix >= 0 && prefix <= 32)) throw new Error(`not an IPv4 CIDR: ${text}`);
  return { base: base - (base % 2 ** (32 - prefix)), prefix };
}

export const sizeOf = ({ prefix }: Cidr): number => 2 ** (32 - prefix);

export function contains(cidr: Cidr, address: string): boolean {
  const n = parseAddress(address);
  return n !== undefined && n >= cidr.base && n < cidr.base + sizeOf(cidr);
}

export const overlap = (a: Cidr, b: Cidr): boolean =>
  a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a);

/**
 * Host addresses of the range for `seed`, best first: always the same ones in the same order. Addresses that end in
 * 0 or 255 are left out, as is the whole first 256 when the range has more.
 */
export function* candidates(cidr: Cidr, seed: string): Generator<string> {
  const first = sizeOf(cidr) > 256 ? 256 : 0;
  const count = sizeOf(cidr) - first;
  const start = fnv1a(seed) % count;
  for (let i = 0; i < count; i++) {
    const address = cidr.base + first + ((start + i) % count);
    const last = address & 255;
    if (last !== 0 && last !== 255) yield formatAddress(address);
  }
}
