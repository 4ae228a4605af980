import { table } from '../../meta/table.ts';
import { dynType, intType, listOf, stringType } from '../types/type.ts';
import { ArrayList, type List } from '../values/list.ts';
import { show } from '../values/show.ts';
import { type Failure, fail, type Outcome, type Value } from '../values/value.ts';
import { declare, method, plain } from './declare.ts';
import { formatText } from './format/format.ts';

const outOfRange = (index: bigint): Failure => fail(`index out of range: ${index}`);

function charAt(text: string, index: bigint): Outcome {
  const characters = [...text];
  if (index < 0n || index > characters.length) return outOfRange(index);
  return characters[Number(index)] ?? '';
}

function substring(text: string, start: bigint, end?: bigint): Outcome {
  const characters = [...text];
  if (end !== undefined && start > end) return fail(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > characters.length) return outOfRange(start);
  if (end !== undefined && (end < 0n || end > characters.length)) return outOfRange(end);
  return characters.slice(Number(start), end === undefined ? undefined : Number(end)).join('');
}

/** The position in characters of a position in code units. */
const position = (text: string, units: number): bigint =>
  units < 0 ? -1n : BigInt([...text.slice(0, units)].length);
const unitsAt = (text: string, characters: bigint): number =>
  [...text].slice(0, Number(characters)).join('').length;

function indexOf(text: string, part: string, from: bigint): Outcome {
  if (part === '') return from;
  if (from < 0n) return outOfRange(from);
  return position(text, text.indexOf(part, unitsAt(text, from)));
}

function lastIndexOf(text: string, part: string, from?: bigint): Outcome {
  const size = BigInt([...text].length);
  if (part === '') return from ?? size;
  if (from === undefined) return position(text, text.lastIndexOf(part));
  if (from < 0n) return outOfRange(from);
  return from >= size ? -1n : position(text, text.lastIndexOf(part, unitsAt(text, from)));
}

const lower = (text: string): string => text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
const upper = (text: string): string => text.replace(/[a-z]+/g, (part) => part.toUpperCase());

/** Go's white space is JavaScript's with U+0085 and without the byte order mark. */
const trim = (text: string): string =>
  text
    .replace(/^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, '')
    .replace(/[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/, '');

/** Replaces the first `times` occurrences; all of them when negative. */
function replace(text: string, from: string, to: string, times: bigint): string {
  if (times < 0n) return from === '' ? surround(text, to) : text.replaceAll(from, () => to);
  const parts = from === '' ? ['', ...text] : text.split(from);
  const most = Number(times);
  let result = parts[0]!;
  for (let index = 1; index < parts.length; index++) result += (index <= most ? to : from) + parts[index]!;
  return from === '' && most > parts.length - 1 ? result + to : result;
}
const surround = (text: string, by: string): string =>
  by + [...text].map((character) => character + by).join('');

/** At most `most` parts, the last with what is left; all parts when negative. */
function split(text: string, by: string, most: bigint): Outcome {
  if (most === 0n) return new ArrayList([]);
  const parts = by === '' ? [...text] : text.split(by);
  if (most < 0n || parts.length <= most) return new ArrayList(parts);
  const head = parts.slice(0, Number(most) - 1);
  return new ArrayList([...head, parts.slice(Number(most) - 1).join(by)]);
}

function join(list: List, by: string): Outcome {
  const parts = list.all();
  if (!Array.isArray(parts)) return parts;
  const wrong = parts.find((part) => typeof part !== 'string');
  return wrong === undefined ? parts.join(by) : fail(`join: invalid input: ${show(wrong)}`);
}

const quoted: Record<string, string> = table({
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
});
const quote = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is quoted
  `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, (character) => quoted[character]!)}"`;

type Args = readonly Value[];
const text = (args: Args, at = 0): string => args[at] as string;
const number = (args: Args, at: number): bigint => args[at] as bigint;

/** The extended string functions, version 2. */
export const strings = [
  declare(
    'charAt',
    method('string_char_at_int', [stringType, intType], stringType, (args) =>
      charAt(text(args), number(args, 1)),
    ),
  ),
  declare(
    'indexOf',
    method('string_index_of_string', [stringType, stringType], intType, (args) =>
      indexOf(text(args), text(args, 1), 0n),
    ),
    method('string_index_of_string_int', [stringType, stringType, intType], intType, (args) =>
      indexOf(text(args), text(args, 1), number(args, 2)),
    ),
  ),
  declare(
    'lastIndexOf',
    method('string_last_index_of_string', [stringType, stringType], intType, (args) =>
      lastIndexOf(text(args), text(args, 1)),
    ),
    method('string_last_index_of_string_int', [stringType, stringType, intType], intType, (args) =>
      lastIndexOf(text(args), text(args, 1), number(args, 2)),
    ),
  ),
  declare(
    'lowerAscii',
    method('string_lower_ascii', [stringType], stringType, (args) => lower(text(args))),
  ),
  declare(
    'upperAscii',
    method('string_upper_ascii', [stringType], stringType, (args) => upper(text(args))),
  ),
  declare(
    'trim',
    method('string_trim', [stringType], stringType, (args) => trim(text(args))),
  ),
  declare(
    'replace',
    method('string_replace_string_string', [stringType, stringType, stringType], stringType, (args) =>
      replace(text(args), text(args, 1), text(args, 2), -1n),
    ),
    method(
      'string_replace_string_string_int',
      [stringType, stringType, stringType, intType],
      stringType,
      (args) => replace(text(args), text(args, 1), text(args, 2), number(args, 3)),
    ),
  ),
  declare(
    'split',
    method('string_split_string', [stringType, stringType], listOf(stringType), (args) =>
      split(text(args), text(args, 1), -1n),
    ),
    method('string_split_string_int', [stringType, stringType, intType], listOf(stringType), (args) =>
      split(text(args), text(args, 1), number(args, 2)),
    ),
  ),
  declare(
    'substring',
    method('string_substring_int', [stringType, intType], stringType, (args) =>
      substring(text(args), number(args, 1)),
    ),
    method('string_substring_int_int', [stringType, intType, intType], stringType, (args) =>
      substring(text(args), number(args, 1), number(args, 2)),
    ),
  ),
  declare(
    'format',
    method('string_format', [stringType, listOf(dynType)], stringType, (args) =>
      formatText(text(args), args[1] as List),
    ),
  ),
  declare(
    'strings.quote',
    plain('strings_quote', [stringType], stringType, (args) => quote(text(args))),
  ),
  declare(
    'join',
    method('list_join', [listOf(stringType)], stringType, (args) => join(args[0] as List, '')),
    method('list_join_string', [listOf(stringType), stringType], stringType, (args) =>
      join(args[0] as List, text(args, 1)),
    ),
  ),
];
