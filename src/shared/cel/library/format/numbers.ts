import { FormatMistake } from './clauses.ts';

const mostDigits = 1000;

function digits(precision: number): number {
  if (precision > mostDigits)
    throw new FormatMistake(`error during formatting: precision ${precision} is too large`);
  return precision;
}

const unusual = (value: number): string | undefined =>
  Number.isNaN(value) ? 'NaN' : Number.isFinite(value) ? undefined : value > 0 ? '∞' : '-∞';

/** `1,234.50`: a fixed number of decimals, in groups of thousands as American English has them. */
export function fixed(value: number, precision: number): string {
  const odd = unusual(value);
  if (odd) return odd;
  const [whole = '', fraction = ''] = decimals(value, digits(precision)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction ? `${grouped}.${fraction}` : grouped;
}

/** Exact decimals; JavaScript's own stop at 100 digits and switch to exponents for large numbers. */
function decimals(value: number, precision: number): string {
  if (precision <= 100 && Math.abs(value) < 1e21) return value.toFixed(precision);
  const whole = BigInt(Math.trunc(value));
  const fraction = Math.abs(value % 1)
    .toFixed(Math.min(precision, 100))
    .slice(2);
  return precision > 0 ? `${whole}.${fraction.padEnd(precision, '0')}` : String(whole);
}

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `1.5×10⁰³`: how Go's language package writes an exponent. */
export function scientific(value: number, precision: number): string {
  const odd = unusual(value);
  if (odd) return odd;
  const [mantissa = '', exponent = '0'] = value.toExponential(Math.min(digits(precision), 100)).split('e');
  const power = String(Math.abs(Number(exponent))).padStart(2, '0');
  const shown = Array.from(power, (digit) => raised[Number(digit)]).join('');
  return `${mantissa}×10${Number(exponent) < 0 ? '⁻' : ''}${shown}`;
}

/** A double within a list or map: six decimals, without groups. */
export function nested(value: number): string {
  if (Number.isNaN(value)) return '"NaN"';
  if (!Number.isFinite(value)) return value > 0 ? '"+Inf"' : '"-Inf"';
  return decimals(value, 6);
}
