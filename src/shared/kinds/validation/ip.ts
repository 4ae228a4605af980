import type { Cause } from '../../errors/apiError.ts';
import { invalidValue } from './causes.ts';
import { isIP, isIPv4, isIPv6, withoutZeros } from './ipSyntax.ts';

/** Returns a cause when the text is no IPv4 or IPv6 address. */
export const validIP = (field: string, ip: string): Cause[] =>
  isIP(ip) ? [] : [invalidValue(field, ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];

/** Returns a cause when the text is no address with the length of its prefix. */
export function validCidr(field: string, cidr: string): Cause[] {
  const [address = '', bits = '', ...rest] = cidr.split('/');
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= most
    ? []
    : [invalidValue(field, cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
}

/** Returns whether the address leads back to the host that uses it. */
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
