/** Says whether a text is an IP address, without the zone that some systems allow. */

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const v4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);

/** Returns whether the text is a dotted IPv4 address. No number may have leading zeros. */
export const isIPv4 = (text: string): boolean => v4.test(text);

/** Returns whether the text is an IPv4 or IPv6 address, without a zone. */
export const isIP = (text: string): boolean => isIPv4(text) || isIPv6(text);

/** Eight groups, of which `::` stands for one or more; the last two may be written as IPv4. */
export function isIPv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const counts = halves.map((half, i) => countGroups(half, i === halves.length - 1));
  if (counts.includes(-1)) return false;
  const groups = counts.reduce((sum, count) => sum + count, 0);
  return halves.length === 2 ? groups < 8 : groups === 8;
}

/** Returns how many groups there are, -1 when one is none. */
function countGroups(half: string, mayEndInIPv4: boolean): number {
  if (half === '') return 0;
  const groups = half.split(':');
  const last = groups.at(-1)!;
  const extra = mayEndInIPv4 && isIPv4(last) ? 1 : 0;
  const plain = extra ? groups.slice(0, -1) : groups;
  return plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? groups.length + extra : -1;
}

/** The one way to write an address; the parser of URLs knows that of IPv6. */
export const canonicalIP = (ip: string): string =>
  isIPv4(ip) ? ip : new URL(`http://[${ip}]`).hostname.slice(1, -1);

/** 1.2.3.4 for 01.2.3.04; anything else as it is. */
export const withoutZeros = (ip: string): string =>
  /^\d+(\.\d+){3}$/.test(ip) ? ip.replace(/\b0+(?=\d)/g, '') : ip;
