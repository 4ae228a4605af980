/** Is what the first bytes of a connection show of the name that its client asks for. */
export type Greeting =
  /** There may be more to come. */
  | 'incomplete'
  /** They are no greeting of TLS. */
  | 'foreign'
  /** Empty: it asks for none. */
  | { name: string };

/** A greeting is no longer than this; browsers send some two thousand bytes. */
const mostBytes = 65_536;
const handshake = 22;
const clientHello = 1;
const serverName = 0;
const hostName = 0;

/** Reads the name for which a client greets by TLS (RFC 8446 §4.1.2, RFC 6066 §3), without answering it. */
export function greetingOf(bytes: Buffer): Greeting {
  const message = messageOf(bytes);
  if (typeof message === 'string') return message;
  try {
    return { name: nameIn(new Reader(message)) };
  } catch {
    return 'foreign';
  }
}

/** The message of the handshake out of its records; without its head. */
function messageOf(bytes: Buffer): Buffer | 'incomplete' | 'foreign' {
  const parts: Buffer[] = [];
  let length = 0;
  for (let at = 0; ; ) {
    if (bytes.length > at && bytes[at] !== handshake) return 'foreign';
    if (bytes.length > mostBytes) return 'foreign';
    if (bytes.length < at + 5) return 'incomplete';
    const size = bytes.readUInt16BE(at + 3);
    if (size === 0) return 'foreign';
    parts.push(bytes.subarray(at + 5, at + 5 + size));
    length += Math.min(size, bytes.length - at - 5);
    at += 5 + size;
    if (length >= 4) {
      const all = Buffer.concat(parts);
      if (all[0] !== clientHello) return 'foreign';
      const wanted = all.readUIntBE(1, 3);
      if (wanted > mostBytes) return 'foreign';
      if (all.length >= 4 + wanted) return all.subarray(4, 4 + wanted);
    }
    if (bytes.length < at) return 'incomplete';
  }
}

function nameIn(hello: Reader): string {
  hello.skip(2 + 32);
  hello.block(1);
  hello.block(2);
  hello.block(1);
  if (hello.isEmpty) return '';
  const extensions = new Reader(hello.block(2));
  while (!extensions.isEmpty) {
    const type = extensions.number(2);
    const content = extensions.block(2);
    if (type !== serverName) continue;
    const names = new Reader(new Reader(content).block(2));
    while (!names.isEmpty) {
      const kind = names.number(1);
      const name = names.block(2);
      if (kind === hostName) return name.toString('latin1').toLowerCase();
    }
  }
  return '';
}

/** Reads fields in a row. Throws a RangeError where they end too early. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isEmpty(): boolean {
    return this.#at >= this.#bytes.length;
  }

  skip(count: number): void {
    if (this.#at + count > this.#bytes.length) throw new RangeError('the greeting ends too early');
    this.#at += count;
  }

  number(width: number): number {
    const at = this.#at;
    this.skip(width);
    return this.#bytes.readUIntBE(at, width);
  }

  /** What follows its length, which has `width` bytes. */
  block(width: number): Buffer {
    const size = this.number(width);
    const at = this.#at;
    this.skip(size);
    return this.#bytes.subarray(at, at + size);
  }
}
