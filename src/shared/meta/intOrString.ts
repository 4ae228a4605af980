import type { IntOrString } from '../kinds/schema/types.ts';

/** A percentage such as `25%` as a number, undefined when it is none. */
export const percentOf = (value: IntOrString): number | undefined => {
  const match = typeof value === 'string' ? /^(\d+)%$/.exec(value) : null;
  return match ? Number(match[1]) : undefined;
};

/** The number itself, or that share of `total`, rounded as asked. Zero for anything that is neither. */
export function scaledValue(value: IntOrString | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = percentOf(value);
  if (percent === undefined) return 0;
  return round === 'up' ? Math.ceil((percent * total) / 100) : Math.floor((percent * total) / 100);
}
