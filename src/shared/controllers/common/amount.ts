import type { IntOrString } from '../../kinds/schema/types.ts';

/** A number of Pods as it stands, or a percentage of `total`, rounded as asked. What is neither counts as 0. */
export function amountOf(value: IntOrString, total: number, round: (exact: number) => number): number {
  if (typeof value === 'number') return value;
  return /^\d+%$/.test(value) ? round((Number.parseInt(value, 10) * total) / 100) : 0;
}
