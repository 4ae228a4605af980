import { table } from '../table.ts';

const units: Record<string, number> = table({
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
});

/** A span of time as Go writes it, `1h30m` or `1.5h`, in milliseconds. Throws Error in Go's words. */
export function parseDuration(text: string): number {
  const invalid = () => new Error(`time: invalid duration ${JSON.stringify(text)}`);
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return 0;
  if (rest === '') throw invalid();
  let ms = 0;
  for (let left = rest; left !== ''; ) {
    const number = /^(\d*)(?:\.(\d*))?/.exec(left)!;
    if (!number[1] && !number[2]) throw invalid();
    left = left.slice(number[0].length);
    const unit = /^[^.\d]*/.exec(left)![0];
    if (unit === '') throw new Error(`time: missing unit in duration ${JSON.stringify(text)}`);
    const factor = Object.hasOwn(units, unit) ? units[unit]! : undefined;
    if (factor === undefined)
      throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    ms += Number(number[0]) * factor;
    left = left.slice(unit.length);
  }
  if (ms > 2 ** 63 / 1e6) throw invalid();
  return sign === '-' ? -ms : ms;
}
