/**
 * The Common Expression Language as Kubernetes uses it: `compile` checks an expression against declared types, and the
 * program that results runs on values within a limit of cost. See docs/adr/0010-cel.md.
 */
import { type Checked, check } from './check/check.ts';
import type { Environment } from './check/environment.ts';
import { estimate, type Range, type SizeOf } from './cost/estimate.ts';
import { type Bindings, CostExceeded, Frame } from './eval/frame.ts';
import { PlanError, Planner } from './eval/plan.ts';
import { parse } from './parse/parser.ts';
import { type Issue, showIssues } from './parse/source.ts';
import type { Type } from './types/type.ts';
import { beginSteps, Interrupted, mostSteps, step } from './values/steps.ts';
import { fail, type Outcome } from './values/value.ts';

/** The cost that one evaluation may have, as upstream's PerCallLimit. */
export const perCallLimit = 1_000_000;

/** Describes what an evaluation came to. */
export interface Evaluation {
  /** A Failure when it could not be evaluated. */
  readonly outcome: Outcome;
  readonly cost: number;
  /** Set when it was ended because of its cost. */
  readonly exceeded?: true;
  /** Set when it was ended because of its steps. */
  readonly interrupted?: true;
}

/** An expression that was found to be valid. */
export interface Program {
  readonly type: Type;
  /** Returns whether the expression reads a variable. */
  uses(variable: string): boolean;
  /** Evaluates; never waits, and ends when the cost or the steps of work exceed their limit. */
  evaluate(bindings: Bindings, limit?: number, steps?: number): Evaluation;
  /** The least and the most that an evaluation may cost, given the sizes of variables and of what is in them. */
  estimate(sizeOf?: SizeOf): Range;
}

/** The program of an expression, or what is wrong with it in cel-go's words. */
export type Compiled =
  | { readonly program: Program }
  | { readonly issues: string }
  | { readonly unplannable: string };

/** Is the work of parsing and checking an expression, however short it is, and for each of its letters. */
const stepsOfExpression = 50;
const stepsOfLetter = 2;

export function compile(expression: string, environment: Environment): Compiled {
  const issues: Issue[] = [];
  // Constant patterns are compiled, and constant lists looked through.
  const endSteps = beginSteps(mostSteps);
  try {
    // A text for which all steps do not suffice is refused unread.
    step(Math.min(stepsOfExpression + stepsOfLetter * expression.length, mostSteps));
    const parsed = parse(expression, issues, environment.macros);
    const checked = parsed && check(parsed, environment, issues);
    if (!checked) return { issues: showIssues(expression, issues) };
    return { program: programOf(checked) };
  } catch (error) {
    if (error instanceof PlanError || error instanceof Interrupted) return { unplannable: error.message };
    throw error;
  } finally {
    endSteps();
  }
}

function programOf(checked: Checked): Program {
  const { run } = new Planner(checked).plan(checked.expr);
  const read = new Set(Array.from(checked.references.values(), ({ name }) => name));
  return {
    type: checked.types.get(checked.expr.id)!,
    uses: (variable) => read.has(variable),
    evaluate: (bindings, limit = perCallLimit, steps = mostSteps) => {
      const frame = new Frame(bindings, limit);
      const endSteps = beginSteps(steps);
      try {
        return { outcome: run(frame), cost: frame.cost };
      } catch (error) {
        if (error instanceof CostExceeded)
          return { outcome: fail(error.message), cost: frame.cost, exceeded: true };
        if (error instanceof Interrupted)
          return { outcome: fail(error.message), cost: frame.cost, interrupted: true };
        throw error;
      } finally {
        endSteps();
      }
    },
    estimate: (sizeOf = () => undefined) => estimate(checked, sizeOf),
  };
}
