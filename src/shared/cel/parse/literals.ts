import { table } from '../../meta/table.ts';

/** The text that a string literal stands for, or what is wrong with it. Bytes come as one character per byte. */
export function unquote(literal: string, bytes: boolean): { text: string } | { problem: string } {
  let body = literal.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  const raw = /^[rR]/.test(body);
  if (raw) body = body.slice(1);
  const triple = body.startsWith('"""') || body.startsWith("'''");
  body = triple && body.length >= 6 ? body.slice(3, -3) : body.slice(1, -1);
  if (bytes) body = Buffer.from(body).toString('latin1');
  if (raw || !body.includes('\\')) return { text: body };
  let problem: string | undefined;
  const text = body.replace(escapes, (sequence) => {
    const character = unescaped(sequence.slice(1), bytes);
    if (character === undefined) problem ??= wrong(sequence, bytes);
    return character ?? '';
  });
  return problem === undefined ? { text } : { problem };
}

const escapes = /\\(?:[0-3][0-7][0-7]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g;
const simple: Record<string, string> = table({
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  '?': '?',
});

function unescaped(code: string, bytes: boolean): string | undefined {
  const known = code.length === 1 ? simple[code] : undefined;
  if (known !== undefined) return known;
  if (/^[0-3]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
  if (/^[uU]/.test(code) && bytes) return undefined;
  const point = Number.parseInt(code.slice(1), 16);
  const valid = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
  return Number.isNaN(point) || !valid ? undefined : String.fromCodePoint(point);
}

const wrong = (sequence: string, bytes: boolean): string =>
  /^\\[uU]/.test(sequence) && !bytes ? 'invalid unicode code point' : 'unable to unescape string';

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/** An int literal with its sign, undefined when it does not fit 64 bits. */
export function readInt(text: string, negative: boolean): bigint | undefined {
  const value = negative ? -BigInt(text) : BigInt(text);
  return value < least || value > most ? undefined : value;
}

/** A uint literal with its `u`, undefined when it does not fit 64 bits. */
export function readUint(text: string): bigint | undefined {
  const value = BigInt(text.slice(0, -1));
  return value >= 2n ** 64n ? undefined : value;
}
