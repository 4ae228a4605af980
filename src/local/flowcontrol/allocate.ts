/** Is one that seats are given to: as near to `target` as the others allow, and never beyond its bounds. */
export interface Claimant {
  target: number;
  lower: number;
  upper: number;
}

export interface Allocation {
  amounts: number[];
  /** Is what each has, in parts of its target, where no bound keeps it from that. */
  proportion: number;
}

/** A smaller target would divide by nothing. */
const leastTarget = 0.001;
const epsilon = 1e-7;

/**
 * Divides `sum` so that each gets the same proportion of its target, or the bound that keeps it from that; undefined where
 * the bounds do not allow any. As computeConcurrencyAllocation of k8s.io/apiserver, whose answer is unique.
 */
export function allocate(sum: number, claimants: readonly Claimant[]): Allocation | undefined {
  const all = claimants.map((each) => ({ ...each, target: Math.max(each.target, leastTarget) }));
  const lowest = total(all.map(({ lower }) => lower));
  const highest = total(all.map(({ upper }) => upper));
  const isPossible =
    sum >= 0 &&
    all.every(({ lower, upper, target }) => lower >= 0 && upper >= lower && target >= lower) &&
    lowest - sum <= epsilon &&
    sum - highest <= epsilon;
  if (!isPossible) return undefined;
  if (sum === 0) return { amounts: all.map(() => 0), proportion: 0 };
  const lowers = all.map(({ lower, target }) => lower / target);
  const uppers = all.map(({ upper, target }) => upper / target);
  if (lowest - sum > -epsilon)
    return { amounts: all.map(({ lower }) => lower), proportion: Math.min(...lowers) };
  if (sum - highest > -epsilon)
    return { amounts: all.map(({ upper }) => upper), proportion: Math.max(...uppers) };
  const proportion = search(sum, all, [...lowers, ...uppers]);
  return { amounts: amountsAt(proportion, all), proportion };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const amountsAt = (proportion: number, all: readonly Claimant[]): number[] =>
  all.map(({ target, lower, upper }) => Math.max(lower, Math.min(upper, proportion * target)));

/** Between two neighbouring bounds the sum grows as the targets of those that no bound holds. */
function search(sum: number, all: readonly Claimant[], bounds: readonly number[]): number {
  const steps = [...new Set(bounds)].sort((a, b) => a - b);
  let from = steps[0] ?? 0;
  for (const to of steps.slice(1)) {
    if (total(amountsAt(to, all)) < sum) {
      from = to;
      continue;
    }
    const free = all.filter(({ target, lower, upper }) => lower / target <= from && upper / target >= to);
    const growth = total(free.map(({ target }) => target));
    return growth === 0 ? to : from + (sum - total(amountsAt(from, all))) / growth;
  }
  return from;
}
