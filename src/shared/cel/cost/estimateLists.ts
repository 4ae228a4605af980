import type { Estimator, Node } from './estimate.ts';
import type { CallEstimate, CallNode } from './estimateCalls.ts';
import { listCost, textCost } from './factors.ts';
import { fixed, plus, type Range, scaled, times } from './range.ts';

/** Functions that make lists, and sets. */
export function listEstimate(
  estimator: Estimator,
  { overload, target, args }: CallNode,
): CallEstimate | undefined {
  const [first, second] = args;
  const size = (node: Node): Range => estimator.declaredSize(node);
  switch (overload) {
    case 'list_sets_contains_list':
    case 'list_sets_intersects_list':
      return first && second && { cost: plus(times(size(first), size(second)), fixed(1)) };
    case 'list_sets_equivalent_list':
      return first && second && { cost: plus(scaled(times(size(first), size(second)), 2), fixed(1)) };
    case 'list_slice':
      return target && first && second
        ? making(1, fixed(difference(literal(second, size(target).max), literal(first, 0))))
        : undefined;
    case 'lists_range':
      return first && making(1, fixed(literal(first, 2 ** 64)));
    case 'list_reverse':
      return target && making(1, size(target));
    case 'list_flatten':
      return target && making(1, size(target));
    case 'list_flatten_int':
      return target && first && making(literal(first, 2 ** 64), size(target));
    case 'list_distinct':
      return target && making(2, times(size(target), size(target)));
  }
  const sorted = /^list_(.*)_(sort|sortByAssociatedKeys)$/.exec(overload);
  const keys = sorted?.[2] === 'sort' ? target : first;
  if (!sorted || !keys) return undefined;
  const factor = sorted[1] === 'string' || sorted[1] === 'bytes' ? 2 + textCost : 2;
  return making(factor, times(size(keys), size(keys)));
}

/** Without a sign, as upstream reckons. */
const difference = (end: number, start: number): number => (end < start ? 2 ** 64 : end - start);

/** Making a list of a size, having looked at each element some times. */
const making = (factor: number, size: Range): CallEstimate => ({
  cost: plus(scaled(size, factor), fixed(1 + listCost)),
  size,
});

function literal({ expr }: Node, otherwise: number): number {
  if (expr?.kind !== 'literal' || typeof expr.value !== 'bigint') return otherwise;
  return Math.max(0, Number(expr.value));
}
