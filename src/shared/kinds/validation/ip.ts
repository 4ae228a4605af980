import type { Cause } from '../../errors/apiError.ts';
import { invalidValue } from './causes.ts';
import { isIP, isIPv4, isIPv6 } from './ipSyntax.ts';

/**
 * An address in a field that is older than the rule against leading zeros (01.2.3.4), which Go once read as if they
 * were not there.
 */
export const legacyIP = (field: string, ip: string): Cause[] =>
  validIP(field, isIP(ip) ? ip : withoutZeros(ip));

export const withoutZeros = (ip: string): string =>
  /^\d+(\.\d+){3}$/.test(ip) ? ip.replace(/\b0+(?=\d)/g, '') : ip;

/** What Kubernetes will refuse some day, or writes otherwise. */
export function legacyIPWarnings(field: string, ip: string): string[] {
  if (isIPv4(ip) || validIP(field, withoutZeros(ip)).length > 0) return [];
  const quoted = JSON.stringify(ip);
  if (!isIPv6(ip)) {
    return [
      `${field}: non-standard IP address ${quoted} will be considered invalid in a future Kubernetes release: use ${JSON.stringify(withoutZeros(ip))}`,
    ];
  }
  const canonical = canonicalIPv6(ip);
  if (canonical === ip) return [];
  return [
    `${field}: IPv6 address ${quoted} should be in RFC 5952 canonical format (${JSON.stringify(canonical)})`,
  ];
}

const canonicalIPv6 = (ip: string): string => new URL(`http://[${ip}]`).hostname.slice(1, -1);

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

export const validIP = (field: string, ip: string): Cause[] =>
  isIP(ip) ? [] : [invalidValue(field, ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];

export function validCidr(field: string, cidr: string): Cause[] {
  const [address = '', bits = '', ...rest] = cidr.split('/');
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= most
    ? []
    : [invalidValue(field, cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
}

export const isLoopback = (ip: string): boolean => ip === '::1' || (isIPv4(ip) && ip.startsWith('127.'));

/** Addresses at which nothing outside one link can be reached. */
export function routableIP(field: string, ip: string): Cause[] {
  const lower = ip.toLowerCase();
  const invalid = (why: string) => [invalidValue(field, ip, why)];
  if (!isIP(ip)) return invalid('must be a valid IP address');
  if (ip === '0.0.0.0' || ip === '::') return invalid(`may not be unspecified (${ip})`);
  if (ip.startsWith('169.254.') || /^fe[89ab]/.test(lower)) {
    return invalid('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
  }
  if (ip.startsWith('224.0.0.') || lower.startsWith('ff02:')) {
    return invalid('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  }
  return [];
}

/**
 * An address of an endpoint. Kubernetes refuses loopback addresses here; Pods that are processes of this machine
 * have nothing else, so they are let through.
 */
export const endpointIP = (field: string, ip: string): Cause[] => routableIP(field, withoutZeros(ip));

/** An address under which a Service is reached from outside. */
export function externalIP(field: string, ip: string): Cause[] {
  if (!isLoopback(ip)) return routableIP(field, ip);
  return [invalidValue(field, ip, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')];
}
