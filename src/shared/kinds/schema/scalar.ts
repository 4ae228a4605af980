/** Strings, booleans, numbers and base64 bytes. */
import { DecodeError } from './decode-error.ts';
import type { Ref } from './facts.ts';
import { type Context, goType, jsonType, mismatch, type Place } from './mismatch.ts';

type ScalarRef = Ref & { is: 'scalar' | 'enum' };

/** Checks a value against the type of its field and normalises it. Throws DecodeError in Go's words. */
export function decodeScalar(context: Context, value: unknown, ref: ScalarRef, place: Place): unknown {
  if (ref.is === 'enum' || ref.name === 'string') {
    if (typeof value === 'string') return value;
  } else if (ref.name === 'bool') {
    if (typeof value === 'boolean') return value;
  } else if (ref.name === 'bytes') {
    if (typeof value === 'string') return canonicalBase64(value);
    if (Array.isArray(value)) return numbersAsBase64(context, value, place);
  } else if (typeof value === 'bigint') {
    if (ref.name === 'float64') return Number(value);
    if (ref.name === 'int64' && value === BigInt.asIntN(64, value)) return value;
    throw mismatch(context, `number ${value}`, goType(ref, place.field.goName), place);
  } else if (typeof value === 'number') {
    if (fits(value, ref.name)) return value;
    throw mismatch(context, `number ${value}`, goType(ref, place.field.goName), place);
  }
  throw mismatch(context, jsonType(value), goType(ref, place.field.goName), place);
}

function fits(value: number, type: string): boolean {
  if (type === 'float64') return Number.isFinite(value);
  if (!Number.isInteger(value)) return false;
  const limit = type === 'int32' ? 2 ** 31 : 2 ** 63;
  return value >= -limit && value < limit;
}

/** Go takes a list of numbers for bytes as well. */
function numbersAsBase64(context: Context, list: unknown[], place: Place): string {
  for (const value of list) {
    if (value === null || (Number.isInteger(value) && Number(value) >= 0 && Number(value) < 256)) continue;
    const found = typeof value === 'number' ? `number ${value}` : jsonType(value);
    throw mismatch(context, found, 'uint8', place);
  }
  return Buffer.from(list.map(Number)).toString('base64');
}

const wellFormed = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Line breaks are skipped, as in Go. Throws with the byte where the text stops being base64. */
export function canonicalBase64(text: string): string {
  const joined = text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]/g, '') : text;
  if (!wellFormed.test(joined)) throw new DecodeError(`illegal base64 data at input byte ${corruptAt(text)}`);
  return joined.endsWith('=') ? Buffer.from(joined, 'base64').toString('base64') : joined;
}

/** Go counts to the character that cannot stand there, or to the end of a text that is too short. */
function corruptAt(text: string): number {
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '\n' || character === '\r') continue;
    if (/[A-Za-z0-9+/]/.test(character)) {
      digits++;
      continue;
    }
    if (character !== '=' || digits % 4 < 2) return i;
    const padding = /^=[\r\n]*(=?)[\r\n]*/.exec(text.slice(i))!;
    const complete = digits % 4 === 3 ? 1 : 2;
    if (complete === 2 && padding[1] === '') return Math.min(i + padding[0].length, text.length);
    return digits % 4 === 3 ? i + 1 : i + padding[0].length;
  }
  return text.length - (digits % 4);
}
