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
