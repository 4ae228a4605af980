import type { Call } from '../parse/ast.ts';
import type { Estimator, Node } from './estimate.ts';
import { libraryEstimate } from './estimateLibraries.ts';
import { patternFactor, textCost } from './factors.ts';
import { fixed, plus, type Range, scaled, times, union, unknown } from './range.ts';
import { unionOfEntries } from './sizes.ts';

/** A call to be estimated, as one of the signatures that it may have. */
export interface CallNode {
  readonly expr: Call;
  readonly name: string;
  readonly overload: string;
  readonly target: Node | undefined;
  readonly args: readonly Node[];
  readonly costs: readonly Range[];
}

export interface CallEstimate {
  readonly cost: Range;
  /** The size of the result where it is text, a list or a map. */
  readonly size?: Range | undefined;
}

/** The cost of a call with its arguments, without its target. */
export function callEstimate(estimator: Estimator, call: CallNode): CallEstimate {
  const own = libraryEstimate(estimator, call) ?? standardEstimate(call);
  if (own) return { ...own, cost: plus(own.cost, ...call.costs) };
  return choice(estimator, call) ?? concatenation(estimator, call) ?? { cost: plus(fixed(1), ...call.costs) };
}

const known = (node: Node | undefined): Range => node?.size ?? unknown;
const read = (node: Node | undefined): Range => scaled(known(node), textCost);

/** Searching takes the length of the text times the length of the pattern. */
export const searching = (text: Range, pattern: Range): Range =>
  times(scaled(plus(text, fixed(1)), textCost), scaled(pattern, patternFactor));

const comparesText = /^(?:less|greater)(?:_equals)?_(?:string|bytes)$/;

function standardEstimate({ overload, target, args }: CallNode): CallEstimate | undefined {
  const [first, second] = args;
  const size = known(first);
  switch (overload) {
    case 'string_format':
      return target && { cost: read(target) };
    case 'string_to_bytes':
      return { cost: read(first), size: { min: size.min, max: size.max * 4 } };
    case 'bytes_to_string':
      return { cost: read(first), size: { min: Math.floor(size.min / 4), max: size.max } };
    case 'strings_quote':
      return { cost: read(first), size: { min: size.min + 2, max: size.max * 2 + 2 } };
    case 'starts_with_string':
    case 'ends_with_string':
      return { cost: read(first) };
    case 'in_list':
      return { cost: known(second) };
    case 'matches_string':
      return target && { cost: searching(known(target), size) };
    case 'contains_string':
      return target && { cost: times(read(target), read(first)) };
  }
  if (overload !== 'equals' && overload !== 'not_equals' && !comparesText.test(overload)) return undefined;
  const max = Math.min(size.max, known(second).max);
  return { cost: scaled({ min: max > 0 ? 1 : 0, max }, textCost) };
}

/** Operators that may leave a side alone. */
function choice(estimator: Estimator, { expr, overload, args, costs }: CallNode): CallEstimate | undefined {
  const [first, second, third] = costs as [Range, Range, Range];
  if (overload === 'logical_or' || overload === 'logical_and')
    return { cost: { min: first.min, max: plus(first, second).max } };
  if (overload !== 'conditional') return undefined;
  const [, yes, no] = args as [Node, Node, Node];
  estimator.setEntries(expr, unionOfEntries(estimator.entriesOf(yes.expr!), estimator.entriesOf(no.expr!)));
  return { cost: plus(first, union(second, third)), size: union(known(yes), known(no)) };
}

function concatenation(
  estimator: Estimator,
  { expr, overload, args, costs }: CallNode,
): CallEstimate | undefined {
  if (overload !== 'add_string' && overload !== 'add_bytes' && overload !== 'add_list') return undefined;
  const [left, right] = args as [Node, Node];
  estimator.setEntries(
    expr,
    unionOfEntries(estimator.entriesOf(left.expr!), estimator.entriesOf(right.expr!)),
  );
  const size = plus(known(left), known(right));
  const own = overload === 'add_list' ? fixed(1) : scaled(size, textCost);
  return { cost: plus(own, ...costs), size };
}
