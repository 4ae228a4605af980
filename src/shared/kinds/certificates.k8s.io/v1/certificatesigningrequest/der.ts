/** One element of DER: what X.509 is written in. */
export interface Der {
  tag: number;
  /** The element with its header. */
  whole: Uint8Array;
  content: Uint8Array;
}

/** Tag of a SEQUENCE: parts in a fixed order. */
export const sequence = 0x30;
/** Tag of a SET. */
export const set = 0x31;
/** Tag of a BIT STRING; its first byte counts the bits of the last one that are not used. */
export const bitString = 0x03;

/** The elements that stand one after the other. Throws for what is cut off or longer than it says. */
export function elementsOf(bytes: Uint8Array): Der[] {
  const found: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    found.push(element);
    at += element.whole.length;
  }
  return found;
}

function elementAt(bytes: Uint8Array, at: number): Der {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) throw new Error('asn1: syntax error: data truncated');
  // Four bytes of length are more than any request has.
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4 || first === 0x80) throw new Error('asn1: structure error: length too large');
  let length = lengthBytes ? 0 : first;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  const start = at + 2 + lengthBytes;
  if (start + length > bytes.length) throw new Error('asn1: syntax error: data truncated');
  return { tag, whole: bytes.subarray(at, start + length), content: bytes.subarray(start, start + length) };
}

/** The parts of a sequence or a set. Throws for anything else. */
export function partsOf(element: Der | undefined, tag = sequence): Der[] {
  if (element?.tag !== tag) throw new Error("asn1: structure error: tags don't match");
  return elementsOf(element.content);
}

/** `1.2.840.113549.1.1.11` */
export function identifierOf(element: Der | undefined): string {
  const [first = 0, ...rest] = element?.content ?? [];
  const numbers = [Math.min(Math.floor(first / 40), 2)];
  numbers.push(first - numbers[0]! * 40);
  let value = 0;
  for (const byte of rest) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  return numbers.join('.');
}
