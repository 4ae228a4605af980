import { table } from '../../../shared/meta/table.ts';

const units: Record<string, number> = table({ h: 3_600_000, m: 60_000, s: 1_000, ms: 1 });

/** Milliseconds of a duration as Gateway API writes it (`1h30m`, `500ms`); undefined for none at all and for 0. */
export function millisecondsOf(duration: string | undefined): number | undefined {
  let sum = 0;
  for (const [, count, unit] of (duration ?? '').matchAll(/(\d+)(h|ms|m|s)/g))
    sum += Number(count) * units[unit!]!;
  return sum || undefined;
}
