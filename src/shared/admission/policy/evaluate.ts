import type { Bindings } from '../../cel/eval/frame.ts';
import type { Evaluation, Program } from '../../cel/index.ts';
import { Dict } from '../../cel/values/dict.ts';
import { type Failure, fail, failed, type Outcome, type Value } from '../../cel/values/value.ts';
import type { PolicyExpression } from '../../kinds/admissionregistration.k8s.io/v1/policy/expression.ts';
import type { Variables } from '../../kinds/admissionregistration.k8s.io/v1/policy/variables.ts';

/** Ends the evaluation of a policy: nothing of it is evaluated any more. */
export class OutOfBudget extends Error {
  constructor() {
    super('validation failed due to running out of cost budget, no further validation rules will be run');
  }
}

/** The cost that is left for a group of expressions. */
export interface Budget {
  left: number;
}

/** The costs that expressions of one policy may have together, as upstream's limits. */
export const policyBudget = 10_000_000;
export const matchConditionsBudget = 2_500_000;

/** The value of an expression, or why it has none. */
export type Result = { readonly value: Value } | { readonly error: string };

/**
 * Evaluates expressions of a policy, each with the same variables, which are evaluated when they are first read.
 * @throws OutOfBudget
 */
export function evaluateAll(
  expressions: readonly (PolicyExpression | undefined)[],
  bindings: Bindings,
  variables: Variables | undefined,
  budget: Budget,
): (Result | undefined)[] {
  const composed = new Composed(variables?.compiled ?? new Map(), bindings);
  return expressions.map((expression) => expression && evaluate(expression, composed, budget));
}

function evaluate(expression: PolicyExpression, composed: Composed, budget: Budget): Result {
  if ('problem' in expression) return { error: `compilation error: ${expression.problem}` };
  const { outcome, cost } = expression.program.evaluate(composed.bindings);
  const spent = cost + composed.takeCost();
  if (spent > budget.left) throw new OutOfBudget();
  budget.left -= spent;
  if (!failed(outcome)) return { value: outcome };
  const { message } = outcome as Failure;
  return { error: `expression '${expression.expression}' resulted in error: ${message}` };
}

/** Variables that name each other so deep would overflow the stack. */
const deepest = 250;

/** The variable `variables`: an object whose fields are expressions. */
class Composed extends Dict {
  readonly bindings: Bindings;
  private readonly expressions: ReadonlyMap<string, PolicyExpression>;
  private readonly known = new Map<string, Outcome>();
  private cost = 0;
  private depth = 0;

  constructor(expressions: ReadonlyMap<string, PolicyExpression>, bindings: Bindings) {
    super();
    this.expressions = expressions;
    this.bindings = (name) => (name === 'variables' ? this : bindings(name));
  }
  override get size(): number {
    return this.expressions.size;
  }
  override keys(): Iterable<Value> {
    return this.expressions.keys();
  }
  override find(key: Value): Outcome | undefined {
    if (typeof key !== 'string') return undefined;
    const expression = this.expressions.get(key);
    if (expression && !this.known.has(key)) this.known.set(key, this.evaluate(key, expression));
    return this.known.get(key);
  }
  private evaluate(name: string, expression: PolicyExpression): Outcome {
    const shown = JSON.stringify(name);
    if ('problem' in expression)
      return fail(`composited variable ${shown} fails to compile: ${expression.problem}`);
    const { outcome, cost } = this.deeper(expression.program);
    this.cost += cost;
    if (!failed(outcome)) return outcome;
    return fail(`composited variable ${shown} fails to evaluate: ${(outcome as Failure).message}`);
  }
  private deeper(program: Program): Pick<Evaluation, 'outcome' | 'cost'> {
    if (this.depth >= deepest) return { outcome: fail('variables are nested too deeply'), cost: 0 };
    this.depth++;
    try {
      return program.evaluate(this.bindings);
    } finally {
      this.depth--;
    }
  }
  /** Returns what variables have cost since it was last asked. */
  takeCost(): number {
    const { cost } = this;
    this.cost = 0;
    return cost;
  }
}
