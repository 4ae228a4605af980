/** One part of a format: text as it is, or a clause that takes an argument. */
export type Part =
  | { readonly text: string }
  | { readonly clause: Clause; readonly precision: number | undefined };
export type Clause = 's' | 'd' | 'f' | 'e' | 'b' | 'x' | 'X' | 'o';

/** A mistake in a format, found where the parts before it were used up. */
export class FormatMistake extends Error {}

/** Splits a format into its parts, one after another, so that a mistake shows only when it is reached. */
export function* formatParts(format: string): Generator<Part> {
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf('%', at);
    if (percent !== at) {
      const end = percent < 0 ? format.length : percent;
      yield { text: format.slice(at, end) };
      at = end;
    } else if (format[at + 1] === '%') {
      yield { text: '%' };
      at += 2;
    } else {
      const { part, end } = readClause(format, at + 1);
      yield part;
      at = end;
    }
  }
}

const parsing = 'could not parse formatting clause';

function readClause(format: string, start: number): { part: Part; end: number } {
  if (start >= format.length) throw new FormatMistake('unexpected end of string');
  let at = start;
  let precision: number | undefined;
  if (format[at] === '.') {
    const digits = /^\d*/.exec(format.slice(at + 1))![0];
    at += 1 + digits.length;
    if (at >= format.length)
      throw new FormatMistake(
        `${parsing}: error while parsing precision: could not find end of precision specifier`,
      );
    if (digits === '')
      throw new FormatMistake(
        `${parsing}: error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "": invalid syntax`,
      );
    precision = Number(digits);
  }
  const clause = format[at]!;
  if (!/^[sdfebxXo]$/.test(clause))
    throw new FormatMistake(`${parsing}: unrecognized formatting clause "${clause}"`);
  return { part: { clause: clause as Clause, precision }, end: at + 1 };
}

const strings =
  'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps';

/** Is what a clause says of an argument that it cannot take. */
export const refusals: Record<Clause, string> = {
  s: strings,
  d: 'decimal clause can only be used on integers',
  f: 'fixed-point clause can only be used on doubles',
  e: 'scientific clause can only be used on doubles',
  b: 'only integers and bools can be formatted as binary',
  x: 'only integers, byte buffers, and strings can be formatted as hex',
  X: 'only integers, byte buffers, and strings can be formatted as hex',
  o: 'octal clause can only be used on integers',
};
export const refusal = (clause: Clause, type: string): string =>
  `error during formatting: ${refusals[clause]}, was given ${type}`;
