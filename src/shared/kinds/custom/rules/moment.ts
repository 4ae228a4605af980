import type { Bindings } from '../../../cel/eval/frame.ts';
import type { Evaluation, Program } from '../../../cel/index.ts';
import type { Visit } from './validateNode.ts';

/** Is the cost that rules have in some five milliseconds; a rule alone may cost twenty times as much. */
export const momentCost = 50_000;
/** Is how much work that costs nothing, or little, fits into as long: loops, and patterns. */
export const momentSteps = 50_000;

/** Ends work for which somebody else would wait. */
export class TooLong extends Error {}

/** Evaluates for a visit. @throws TooLong when the visit is to take a moment, and would not. */
export function evaluatedFor(visit: Visit, program: Program, bindings: Bindings): Evaluation {
  if (visit.moment === undefined) return program.evaluate(bindings);
  const evaluation = program.evaluate(bindings, visit.moment, 'shared');
  if (evaluation.exceeded || evaluation.interrupted) throw new TooLong();
  visit.moment -= evaluation.cost;
  return evaluation;
}
