/** Addresses in fields that are older than today's rules for them. */
import type { Cause } from '../../errors/apiError.ts';
import { validIP } from './ip.ts';
import { canonicalIP, isIP, isIPv4, isIPv6, withoutZeros } from './ipSyntax.ts';

/**
 * An address in a field that is older than the rule against leading zeros (01.2.3.4), which Go once read as if they
 * were not there.
 */
export const legacyIP = (field: string, ip: string): Cause[] =>
  validIP(field, isIP(ip) ? ip : withoutZeros(ip));

/** Returns what Kubernetes will refuse some day, or writes otherwise. */
export function legacyIPWarnings(field: string, ip: string): string[] {
  if (isIPv4(ip) || validIP(field, withoutZeros(ip)).length > 0) return [];
  const quoted = JSON.stringify(ip);
  if (!isIPv6(ip)) {
    return [
      `${field}: non-standard IP address ${quoted} will be considered invalid in a future Kubernetes release: use ${JSON.stringify(withoutZeros(ip))}`,
    ];
  }
  const canonical = canonicalIP(ip);
  if (canonical === ip) return [];
  return [
    `${field}: IPv6 address ${quoted} should be in RFC 5952 canonical format (${JSON.stringify(canonical)})`,
  ];
}

/** As legacyIPWarnings, and networks whose address has bits that the network does not. */
export function legacyCidrWarnings(field: string, cidr: string): string[] {
  const [address = '', bits = ''] = cidr.split('/');
  if (!isIPv4(address)) return [];
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const hosts = 2 ** (32 - Number(bits));
  const base = Math.floor(number / hosts) * hosts;
  if (base === number) return [];
  const network = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.');
  return [
    `${field}: CIDR value ${JSON.stringify(cidr)} is ambiguous in this context (should be "${network}/${bits}" or "${address}/32"?)`,
  ];
}
