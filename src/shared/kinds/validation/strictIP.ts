/** Addresses and blocks in fields that are newer than the rules for them: one way to write each. */
import type { Cause } from '../../errors/apiError.ts';
import { invalidValue } from './causes.ts';
import { type Network, networkOf } from './cidr.ts';
import { validCidr } from './ip.ts';
import { canonicalIP, isIP, isIPv6, withoutZeros } from './ipSyntax.ts';

/** Go writes an IPv4 address that is mapped into IPv6 as IPv4. */
const isMapped = (ip: string): boolean => {
  const network = isIPv6(ip) ? networkOf(`${ip}/128`) : undefined;
  return network !== undefined && network.address >> 32n === 0xffffn;
};

const mappedIPv4 = ({ address }: Network): string =>
  [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');

/** Returns what is wrong about an address; of several things the first. */
export function strictIPProblems(ip: string): string[] {
  if (!isIP(withoutZeros(ip))) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  if (withoutZeros(ip) !== ip) return ['must not have leading 0s'];
  if (isMapped(ip)) return ['must not be an IPv4-mapped IPv6 address'];
  const canonical = canonicalIP(ip);
  return canonical === ip ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

/** A block of addresses, without bits beyond its prefix. */
export function strictCidr(field: string, cidr: string): Cause[] {
  const [address = '', bits = ''] = cidr.split('/');
  const plain = `${withoutZeros(address)}/${bits.replace(/^0+(?=\d)/, '')}`;
  const invalid = (why: string) => [invalidValue(field, cidr, why)];
  if (validCidr(field, cidr.split('/').length === 2 ? plain : cidr).length > 0)
    return invalid('must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
  if (plain !== cidr) return invalid('must not have leading 0s in IP or prefix length');
  if (isMapped(address)) return invalid('must not have an IPv4-mapped IPv6 address');
  const network = networkOf(cidr);
  const rest = BigInt((network?.width ?? 0) - (network?.prefix ?? 0));
  if (network && (network.address >> rest) << rest !== network.address)
    return invalid('must not have bits set beyond the prefix length');
  const canonical = `${canonicalIP(address)}/${bits}`;
  return canonical === cidr ? [] : invalid(`must be in canonical form (${JSON.stringify(canonical)})`);
}

/** An address of an interface, with the length of its network's prefix. */
export function validInterfaceAddress(field: string, value: string): Cause[] {
  const [address = '', bits = ''] = value.split('/');
  const plain = withoutZeros(address);
  const network = networkOf(`${plain}/${bits}`);
  if (value.split('/').length !== 2 || !network) {
    const why = 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)';
    return [invalidValue(field, value, why)];
  }
  const { prefix } = network;
  const canonical = isMapped(plain)
    ? `${mappedIPv4(network)}/${prefix > 32 ? prefix - 96 : prefix}`
    : `${canonicalIP(plain)}/${prefix}`;
  return canonical === value
    ? []
    : [invalidValue(field, value, `must be in canonical form (${JSON.stringify(canonical)})`)];
}
