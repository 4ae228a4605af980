import { canonicalIP, isIPv4, isIPv6 } from './ipSyntax.ts';

/** A block of addresses as numbers. */
export interface Network {
  /** 32 or 128 bits. */
  width: number;
  address: bigint;
  /** Says how many leading bits all its addresses share. */
  prefix: number;
}

/** `10.9.8.0/24` or `2001:db8::/64` as numbers; undefined for what is neither. */
export function networkOf(cidr: string): Network | undefined {
  const [address = '', bits = '', ...rest] = cidr.split('/');
  const width = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
  const prefix = Number(bits);
  if (!width || rest.length || !/^\d+$/.test(bits) || prefix > width) return undefined;
  return { width, prefix, address: width === 32 ? numberOfIPv4(address) : numberOfIPv6(address) };
}

const numberOfIPv4 = (address: string): bigint =>
  address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);

function numberOfIPv6(address: string): bigint {
  const [head = '', tail] = canonicalIP(address).split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const [before, after] = [groups(head), groups(tail)];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array(zeros).fill('0'), ...after].reduce(
    (sum, group) => sum * 65_536n + BigInt(`0x${group}`),
    0n,
  );
}
