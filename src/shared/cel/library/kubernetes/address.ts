/** An address as bytes: four or sixteen of them. */
export interface Address {
  readonly bytes: readonly number[];
  readonly zone: string;
}

/** A network: an address and how many of its leading bits count. */
export interface Network {
  readonly address: Address;
  readonly bits: number;
}

type Parsed<T> = T | { readonly problem: string };

class Malformed extends Error {}

/** Reads an address as Go's netip does, and says in its words why a text is none. */
export function parseAddress(text: string): Parsed<Address> {
  try {
    for (const character of text) {
      if (character === '.') return { bytes: parseV4(text), zone: '' };
      if (character === ':') return parseV6(text);
      if (character === '%') throw new Malformed('missing IPv6 address');
    }
    throw new Malformed('unable to parse IP');
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { problem: `ParseAddr(${JSON.stringify(text)}): ${error.message}` };
  }
}

const at = (message: string, rest: string): Malformed =>
  new Malformed(`${message} (at ${JSON.stringify(rest)})`);

function parseV4(text: string): number[] {
  const fields: number[] = [];
  let field = '';
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character >= '0' && character <= '9') {
      if (field === '0') throw new Malformed('IPv4 field has octet with leading zero');
      field += character;
      if (Number(field) > 255) throw new Malformed('IPv4 field has value >255');
    } else if (character !== '.') throw at('unexpected character', text.slice(index));
    else {
      if (index === 0 || index === text.length - 1 || text[index - 1] === '.')
        throw at('IPv4 field must have at least one digit', text.slice(index));
      if (fields.length === 3) throw new Malformed('IPv4 address too long');
      fields.push(Number(field));
      field = '';
    }
  }
  if (fields.length < 3) throw new Malformed('IPv4 address too short');
  return [...fields, Number(field)];
}

function parseV6(text: string): Address {
  const percent = text.indexOf('%');
  const zone = percent < 0 ? '' : text.slice(percent + 1);
  if (percent >= 0 && zone === '') throw new Malformed('zone must be a non-empty string');
  let rest = percent < 0 ? text : text.slice(0, percent);
  const bytes: number[] = [];
  let ellipsis = -1;
  if (rest.startsWith('::')) {
    ellipsis = 0;
    rest = rest.slice(2);
  }
  while (rest !== '' && bytes.length < 16) {
    const digits = /^[0-9a-fA-F]*/.exec(rest)![0];
    if (digits.length > 4) throw at('each group must have 4 or less digits', rest);
    if (digits === '') throw at('each colon-separated field must have at least one digit', rest);
    if (rest[digits.length] === '.') {
      if (ellipsis < 0 && bytes.length !== 12)
        throw at('embedded IPv4 address must replace the final 2 fields of the address', rest);
      if (bytes.length > 12)
        throw at('too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      bytes.push(...parseV4(rest));
      rest = '';
      break;
    }
    const group = Number.parseInt(digits, 16);
    bytes.push(group >> 8, group & 255);
    rest = rest.slice(digits.length);
    if (rest === '') break;
    if (rest[0] !== ':') throw at('unexpected character, want colon', rest);
    if (rest.length === 1) throw at('colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (rest[0] !== ':') continue;
    if (ellipsis >= 0) throw at('multiple :: in address', rest);
    ellipsis = bytes.length;
    rest = rest.slice(1);
  }
  if (rest !== '') throw at('trailing garbage after address', rest);
  if (bytes.length < 16 && ellipsis < 0) throw new Malformed('address string too short');
  if (bytes.length === 16 && ellipsis >= 0)
    throw new Malformed('the :: must expand to at least one field of zeros');
  if (ellipsis >= 0) bytes.splice(ellipsis, 0, ...new Array<number>(16 - bytes.length).fill(0));
  return { bytes, zone };
}

export function parseNetwork(text: string): Parsed<Network> {
  const wrong = (why: string) => ({ problem: `netip.ParsePrefix(${JSON.stringify(text)}): ${why}` });
  const slash = text.lastIndexOf('/');
  if (slash < 0) return wrong("no '/'");
  const address = parseAddress(text.slice(0, slash));
  if ('problem' in address) return wrong(address.problem);
  if (address.zone !== '') return wrong('IPv6 zones cannot be present in a prefix');
  const bits = text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d*)$/.test(bits)) return wrong(`bad bits after slash: ${JSON.stringify(bits)}`);
  if (Number(bits) > address.bytes.length * 8) return wrong('prefix length out of range');
  return { address, bits: Number(bits) };
}

/** `::ffff:1.2.3.4`. */
export const isMapped = ({ bytes }: Address): boolean =>
  bytes.length === 16 && bytes.every((byte, index) => index > 11 || byte === (index > 9 ? 255 : 0));

/** The shortest form: the longest run of zero groups becomes `::`. */
export function formatAddress({ bytes }: Address): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (bytes[2 * index]! << 8) | bytes[2 * index + 1]!);
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const shown = groups.map((group) => group.toString(16));
  if (best.start < 0) return shown.join(':');
  return `${shown.slice(0, best.start).join(':')}::${shown.slice(best.start + best.length).join(':')}`;
}

export const formatNetwork = ({ address, bits }: Network): string => `${formatAddress(address)}/${bits}`;

/** The network with the bits cleared that do not count. */
export const masked = ({ address, bits }: Network): Network => ({
  bits,
  address: {
    zone: '',
    bytes: address.bytes.map((byte, index) => {
      const kept = Math.min(8, Math.max(0, bits - 8 * index));
      return byte & (0xff << (8 - kept)) & 0xff;
    }),
  },
});

export const sameAddress = (left: Address, right: Address): boolean =>
  left.bytes.length === right.bytes.length && left.bytes.every((byte, index) => byte === right.bytes[index]);

export const contains = (network: Network, address: Address): boolean =>
  network.address.bytes.length === address.bytes.length &&
  sameAddress(masked(network).address, masked({ address, bits: network.bits }).address);
