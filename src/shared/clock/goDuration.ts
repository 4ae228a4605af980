/** A duration as Go prints it, rounded to what is exact: `10s`, `1m20s`, `5m0s`, `500ms`, `1.5s`. */
export function goDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  return `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${seconds}s`;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Returns the milliseconds of a duration as Go reads it, down to `ms`: `1h30m`, `1.5s`. Undefined for other texts. */
export function parseGoDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/([\d.]+)(ms|s|m|h)/g))
    total += Number(amount) * (unitMs[unit] ?? 0);
  return total;
}

const units = ['ns', 'us', 'µs', 'μs', ...Object.keys(unitMs)];

/** Returns what Go's time.ParseDuration says against a text; undefined when it is a duration. */
export function goDurationFault(text: string): string | undefined {
  const quoted = JSON.stringify(text);
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return undefined;
  if (!/^(\d+\.?\d*|\.\d+)/.test(unsigned)) return `time: invalid duration ${quoted}`;
  for (const [, amount = '', unit = ''] of unsigned.matchAll(/(\d*\.?\d*)([^\d.]*)/g)) {
    if (!amount && !unit) continue;
    if (!/^(\d+\.?\d*|\.\d+)$/.test(amount)) return `time: invalid duration ${quoted}`;
    if (!unit) return `time: missing unit in duration ${quoted}`;
    if (!units.includes(unit)) return `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
  }
  return undefined;
}
