import { allocate } from './allocate.ts';
import type { DemandFigures } from './demand.ts';
import type { Limits } from './limits.ts';

/** Is a level as its seats are lent and given back. */
export interface Lender {
  name: string;
  isExempt: boolean;
  limits: Pick<Limits, 'nominal' | 'min' | 'max'>;
  /** Says how many seats it has now. */
  current: number;
  demand: DemandFigures;
}

/** Describes how many seats each level has until the next look, and how much of what they want that is. */
export interface Lent {
  current: Map<string, number>;
  targets: Map<string, number>;
  fairFraction: number;
}

/**
 * Divides the seats of all levels by what each could have used lately. A level never has fewer than it keeps for itself, and
 * what it has lent comes back as far as it needs it, up to its share. As updateBorrowing of k8s.io/apiserver.
 */
export function lend(levels: readonly Lender[]): Lent {
  const exempt = levels.filter(({ isExempt }) => isExempt);
  const limited = levels.filter(({ isExempt }) => !isExempt);
  const current = new Map(
    exempt.map(({ name, limits, demand }) => [name, Math.max(limits.min, demand.highest)]),
  );
  const all = sumOf(levels.map(({ limits }) => limits.nominal));
  const remaining = all - sumOf([...current.values()]);
  const needs = limited.map(needOf);
  const targets = limited.map(({ demand }, i) => Math.max(needs[i]!, demand.smoothed));
  const least = sumOf(limited.map(({ limits }) => limits.min));
  const needed = sumOf(needs);
  const put = (amount: (level: Lender, i: number) => number) =>
    limited.forEach((level, i) => void current.set(level.name, amount(level, i)));
  let fairFraction = 0;
  if (remaining <= least) put(({ limits }) => limits.min);
  else if (remaining <= needed) {
    const part = (remaining - least) / (needed - least);
    put(({ limits }, i) => limits.min + Math.round((needs[i]! - limits.min) * part));
  } else {
    const found = allocate(
      all,
      limited.map(({ limits }, i) => ({ target: targets[i]!, lower: needs[i]!, upper: limits.max })),
    );
    fairFraction = found?.proportion ?? 0;
    put((level, i) => (found ? Math.round(found.amounts[i]!) : level.current));
  }
  return { current, targets: new Map(limited.map(({ name }, i) => [name, targets[i]!])), fairFraction };
}

/** Returns what it has used of its own at some moment, and at least what it keeps. */
const needOf = ({ limits: { min, nominal }, demand }: Lender): number =>
  Math.max(min, Math.min(nominal, demand.highest));

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
