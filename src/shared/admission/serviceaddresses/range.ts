/** Values to choose from, by their position. */
export interface Range {
  size: number;
  at(position: number): string;
  includes(value: string): boolean;
  /** As messages name it. */
  text: string;
}

/** `10.96.0.0/16`: every host address of an IPv4 network. Throws on anything else: that is a mistake in the root. */
export function addressRange(cidr: string): Range {
  const [network = '', bits = ''] = cidr.split('/');
  const base = toNumber(network);
  const length = Number(bits);
  if (base === undefined || !(length >= 8 && length <= 30)) throw new Error(`not an IPv4 network: ${cidr}`);
  const hosts = 2 ** (32 - length);
  return {
    // Neither the network itself nor its broadcast address.
    size: hosts - 2,
    at: (position) => toText(base + 1 + position),
    includes: (value) => {
      const number = toNumber(value);
      return number !== undefined && number > base && number < base + hosts - 1;
    },
    text: cidr,
  };
}

/** Several networks as one, with the first of them first. */
export function joined(ranges: readonly [Range, ...Range[]]): Range {
  const [first, ...others] = ranges;
  if (others.length === 0) return first;
  return {
    size: ranges.reduce((sum, { size }) => sum + size, 0),
    at: (position) => {
      let left = position;
      for (const range of ranges) {
        if (left < range.size) return range.at(left);
        left -= range.size;
      }
      return first.at(0);
    },
    includes: (value) => ranges.some((range) => range.includes(value)),
    text: ranges.map(({ text }) => text).join(','),
  };
}

export const portRange = (first: number, last: number): Range => ({
  size: last - first + 1,
  at: (position) => String(first + position),
  includes: (value) => Number(value) >= first && Number(value) <= last,
  text: `${first}-${last}`,
});

function toNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(Number.isInteger(part) && part >= 0 && part < 256)))
    return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

const toText = (number: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
