import type { IntOrString } from '../kinds/schema/types.ts';

/** A percentage such as `25%` as a number, undefined when it is none. */
export const percentOf = (value: IntOrString): number | undefined => {
  const match = typeof value === 'string' ? /^([+-]?\d+)%$/.exec(value) : null;
  return match ? Number(match[1]) : undefined;
};

/** The number itself, or that share of `total`, rounded as asked. Zero when absent or neither. */
export function scaledValue(value: IntOrString | undefined, total: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const percent = value === undefined ? undefined : percentOf(value);
  if (percent === undefined) return 0;
  return (round === 'up' ? Math.ceil : Math.floor)((percent * total) / 100);
}
