import { isIPv4, isIPv6 } from 'node:net';

const v4 = '.in-addr.arpa';
const v6 = '.ip6.arpa';

/** The name that an address is asked for by. */
export function reverseName(address: string): string {
  if (isIPv4(address)) return address.split('.').reverse().join('.') + v4;
  const nibbles = [
    ...groupsOf(address)
      .map((group) => group.padStart(4, '0'))
      .join(''),
  ];
  return nibbles.reverse().join('.') + v6;
}

/** The address of such a name; undefined for others. */
export function addressOfReverse(name: string): string | undefined {
  if (name.endsWith(v4)) {
    const address = name.slice(0, -v4.length).split('.').reverse().join('.');
    return isIPv4(address) ? address : undefined;
  }
  if (!name.endsWith(v6)) return undefined;
  const nibbles = name.slice(0, -v6.length).split('.').reverse().join('');
  const address = nibbles.match(/.{4}/g)?.join(':') ?? '';
  return nibbles.length === 32 && isIPv6(address) ? address : undefined;
}

/** The address that a Pod's name is made of: `10-0-0-1`, or an IPv6 address with dashes. */
export function addressOfDashes(label: string): string | undefined {
  const [four, six] = [label.replaceAll('-', '.'), label.replaceAll('-', ':')];
  return isIPv4(four) ? four : isIPv6(six) ? six : undefined;
}

function groupsOf(address: string): string[] {
  const [left = '', right] = address.toLowerCase().split('::');
  const before = left ? left.split(':') : [];
  const after = right ? right.split(':') : [];
  const missing = right === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array<string>(Math.max(0, missing)).fill('0'), ...after];
}
