import type { FunctionDeclaration, Overload } from '../check/environment.ts';
import { callCost } from '../cost/actual.ts';
import { authorizationCost } from '../cost/factors.ts';
import { compilePattern } from '../library/patterns.ts';
import { conversionNames } from '../library/standard/conversions.ts';
import {
  type Call,
  conditional,
  index,
  notStrictlyFalse,
  operators,
  optionalIndex,
  optionalSelect,
} from '../parse/ast.ts';
import { absoluteName, type Type } from '../types/type.ts';
import { List } from '../values/list.ts';
import { stepOver } from '../values/steps.ts';
import { typeName } from '../values/typeOf.ts';
import { fail, failed, type Outcome, type Value } from '../values/value.ts';
import { ConditionalAttribute } from './attribute.ts';
import { Frame, type Step } from './frame.ts';
import { planMembership } from './membership.ts';
import { either, optionalOr, truthy } from './operators.ts';
import { attributeOf, constant, type Plan, PlanError, type Planner, reading } from './plan.ts';

/** A call. Operators that look at their arguments one by one are planned by themselves. */
export function planCall(planner: Planner, expr: Call): Plan {
  const { name = absoluteName(expr.name), overloads = [] } = planner.reference(expr) ?? {};
  const declared = planner.checked.environment.functions.get(name);
  const method = declared?.overloads.find(({ id }) => id === overloads[0])?.method ?? false;
  const parts = [...(method && expr.target ? [expr.target] : []), ...expr.args].map((part) =>
    planner.plan(part),
  );
  const [first, second, third] = parts as [Plan, Plan, Plan];
  switch (expr.name === optionalSelect ? expr.name : name) {
    case operators['&&']:
      return { run: either(false, first.run, second.run) };
    case operators['||']:
      return { run: either(true, first.run, second.run) };
    case conditional:
      return reading(new ConditionalAttribute(first.run, attributeOf(second), attributeOf(third)));
    case index:
    case optionalIndex:
    case optionalSelect:
      return planIndex(first, second, name !== index);
    case notStrictlyFalse:
      return { run: truthy(first.run) };
    case 'or':
      if (overloads.includes('optional_or_optional'))
        return { run: optionalOr(first.run, second.run, false) };
      break;
    case 'orValue':
      if (overloads.includes('optional_orValue_value'))
        return { run: optionalOr(first.run, second.run, true) };
      break;
    case operators.in: {
      const membership =
        overloads.length === 1 && overloads[0] === 'in_list' && planMembership(first, second);
      if (membership) return membership;
      break;
    }
  }
  if (patternFunctions.has(name)) checkPattern(second);
  const called = calling(
    name,
    overloads.length === 1 ? overloads[0]! : '',
    dispatch(declared!, overloads),
    parts,
  );
  const folds = conversionNames.has(name) && first?.constant && parts.length === 1;
  return folds ? folded(called) : { run: called };
}

const patternFunctions = new Set(['matches', 'find', 'findAll']);

/** A pattern that is a literal has to be one. @throws PlanError */
function checkPattern(pattern: Plan | undefined): void {
  const source = pattern?.constant?.value;
  const compiled = typeof source === 'string' ? compilePattern(source) : undefined;
  if (compiled && 'problem' in compiled) throw new PlanError(compiled.problem);
}

/** A conversion of a literal happens once. */
function folded(run: Step): Plan {
  const value = run(new Frame(() => undefined, Number.POSITIVE_INFINITY));
  if (failed(value)) throw new PlanError(value.message);
  return constant(value);
}

function planIndex(operand: Plan, key: Plan, optional: boolean): Plan {
  const by = key.constant ? key.constant.value : (key.attribute ?? key.run);
  return reading(attributeOf(operand).with({ key: by, optional, test: false }));
}

/** Runs the arguments, then the function. One or two arguments always run both; of more, none after a failure. */
function calling(
  name: string,
  overload: string,
  run: (args: Value[]) => Outcome,
  parts: readonly Plan[],
): Step {
  return (frame) => {
    const args: Outcome[] = [];
    for (const part of parts) {
      const value = part.run(frame);
      if (failed(value) && parts.length > 2) return value;
      args.push(value);
    }
    for (const arg of args) if (typeof arg === 'string') stepOver(arg);
    const result = args.find(failed) ?? run(args as Value[]);
    if (typeof result === 'string') stepOver(result);
    const cost = callCost(name, overload, args, result);
    frame.charge(cost, cost === authorizationCost ? 0 : cost);
    return result;
  };
}

/** Finds the signature that fits the values, among those that the checker left. */
function dispatch(declared: FunctionDeclaration, chosen: readonly string[]): (args: Value[]) => Outcome {
  if (declared.dynamic) return declared.dynamic;
  const candidates = declared.overloads.filter(({ id }) => chosen.includes(id));
  return (args) => {
    const fitting = candidates.find((overload) => fits(overload, args));
    return fitting
      ? fitting.run(args)
      : fail(`no such overload: ${declared.name}(${args.map(typeName).join(', ')})`);
  };
}

const fits = (overload: Overload, args: readonly Value[]): boolean =>
  overload.args.length === args.length &&
  overload.args.every((type, position) => accepts(type, args[position]!));

function accepts(type: Type, value: Value): boolean {
  if (type.kind === 'dyn' || type.kind === 'parameter') return true;
  if (type.kind === 'list' && value instanceof List && value.size > 0) return acceptsFirst(type, value.at(0));
  return typeName(value) === (type.kind === 'null' ? 'null_type' : type.name);
}

/** Returns whether a list has the type, judged by its first element. */
const acceptsFirst = (type: Type, first: Outcome): boolean =>
  failed(first) || accepts(type.parameters[0]!, first);
