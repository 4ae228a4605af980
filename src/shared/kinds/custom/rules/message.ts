import type { Bindings } from '../../../cel/eval/frame.ts';
import type { Program } from '../../../cel/index.ts';
import { failed } from '../../../cel/values/value.ts';
import type { Visit } from './validateNode.ts';

const longest = 5 * 1024;

/**
 * Returns what a messageExpression says; undefined when it says nothing usable, `fatal` when nothing more may be
 * evaluated.
 */
export function evaluateMessage(
  visit: Visit,
  program: Program,
  expression: string,
  bindings: Bindings,
): { readonly text: string } | { readonly fatal: string } | undefined {
  const { outcome, cost, exceeded } = program.evaluate(bindings);
  if (cost > visit.budget) {
    visit.budget = -1;
    return {
      fatal:
        'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run',
    };
  }
  if (exceeded) {
    visit.budget = -1;
    const shown = JSON.stringify(expression);
    return {
      fatal: `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${shown}`,
    };
  }
  visit.budget -= cost;
  if (failed(outcome) || typeof outcome !== 'string') return undefined;
  const text = outcome.trim();
  const usable = text !== '' && !text.includes('\n') && Buffer.byteLength(text) <= longest;
  return usable ? { text } : undefined;
}
