import { table } from '../../meta/table.ts';

/** A double as Go's `%g` writes it: the fewest digits that read back, an exponent outside 1e-4 … 1e6. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return plain(digits, power);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** Digits of a scientific notation without its exponent. */
function plain(mantissa: string, power: number): string {
  const negative = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  if (power < 0) return `${negative}0.${'0'.repeat(-power - 1)}${digits}`;
  if (digits.length <= power + 1) return negative + digits.padEnd(power + 1, '0');
  return `${negative}${digits.slice(0, power + 1)}.${digits.slice(power + 1)}`;
}

/** A double in full, without an exponent: Go's `%f` with the fewest digits that read back. */
export function formatPlain(value: number): string {
  const [digits = '0', exponent = '0'] = value.toExponential().split('e');
  return plain(digits, Number(exponent));
}

const decimal = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+)?$/;
const special: Record<string, number> = table({
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
});

/** Returns what Go's strconv.ParseFloat reads; undefined for other texts. Hexadecimal floats are not read. */
export function parseDouble(text: string): number | undefined {
  const word = special[text.toLowerCase().replace(/^[+-]/, '')];
  if (word !== undefined) return text.startsWith('-') ? -word : word;
  if (!decimal.test(text)) return undefined;
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}
