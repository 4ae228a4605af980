import { table } from '../../meta/table.ts';
import { formatPlain } from './double.ts';
import { Duration } from './value.ts';

const units: Record<string, bigint> = table({
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
});
const most = 2n ** 63n;

/** Returns what Go's time.ParseDuration reads: `1h30m`, `-1.5s`, `0`. Undefined for other texts. */
export function parseDuration(text: string): Duration | undefined {
  const negative = text.startsWith('-');
  const rest = text.replace(/^[+-]/, '');
  if (rest === '0') return new Duration(0n);
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of rest.matchAll(
    /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const scale = units[unit]!;
    total += BigInt(whole || 0) * scale;
    const digits = fraction.slice(0, 18);
    if (digits) total += (BigInt(digits) * scale) / 10n ** BigInt(digits.length);
  }
  if (total > (negative ? most : most - 1n)) return undefined;
  return new Duration(negative ? -total : total);
}

/** Seconds with as few digits as needed: `90s`, `0.5s`. */
export const formatDuration = ({ nanoseconds }: Duration): string =>
  `${formatPlain(Number(nanoseconds / 1_000_000_000n) + Number(nanoseconds % 1_000_000_000n) / 1e9)}s`;
