/**
 * A CIDR as EC2 tells of it afterwards, whatever it was given: without bits beyond the prefix, IPv6 as short as may be.
 * 100.68.0.0/18 for 100.68.0.18/18 (SDK: `IpRange.CidrIp`). What is no CIDR stays as it is.
 */
export function networkOf(cidr: string): string {
  const [address = '', length = ''] = cidr.split('/');
  const bits = Number(length);
  if (!address.includes(':')) return `${masked(address.split('.').map(Number), 8, bits).join('.')}/${bits}`;
  const groups = URL.canParse(`http://[${address}]`) ? groupsOf(shortest(address)) : undefined;
  return groups ? `${shortest(masked(groups, 16, bits).map(hex).join(':'))}/${bits}` : cidr;
}

const masked = (parts: number[], width: number, bits: number): number[] =>
  parts.map((part, i) => {
    const gone = Math.min(width, Math.max(0, (i + 1) * width - bits));
    return (part >> gone) << gone;
  });

/** Writes an IPv6 address in its shortest form, in lower case. */
const shortest = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);

function groupsOf(address: string): number[] {
  const [before = [], after = []] = address
    .split('::')
    .map((half) => half.split(':').flatMap((group) => (group ? [Number.parseInt(group, 16)] : [])));
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

const hex = (group: number): string => group.toString(16);
