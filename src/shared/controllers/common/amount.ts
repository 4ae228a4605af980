import type { IntOrString } from '../../kinds/schema/types.ts';

/** A number of Pods, or a part of them in percent, as a number: `round` says which way a broken one goes. */
export const amountOf = (value: IntOrString, of: number, round: (n: number) => number): number =>
  typeof value === 'number' ? value : round((Number.parseInt(value, 10) * of) / 100);
