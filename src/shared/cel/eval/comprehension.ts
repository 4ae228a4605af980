import { table } from '../../meta/table.ts';
import type { Comprehension } from '../parse/ast.ts';
import { Dict } from '../values/dict.ts';
import { List } from '../values/list.ts';
import { step as countStep } from '../values/steps.ts';
import { typeName } from '../values/typeOf.ts';
import { fail, failed, type Outcome, type Value } from '../values/value.ts';
import type { Frame, Step } from './frame.ts';
import type { Plan, Planner } from './plan.ts';

/** A loop. The accumulator gets its first value when it is first read, so what a binding does not use costs nothing. */
export function planComprehension(planner: Planner, expr: Comprehension): Plan {
  const range = planner.plan(expr.range).run;
  const initial = planner.plan(expr.initial).run;
  const slots = { accumulator: planner.slot(), first: planner.slot(), second: planner.slot() };
  const accumulator: Step = (frame) => {
    const known = frame.locals[slots.accumulator];
    if (known !== undefined) return known;
    const first = initial(frame);
    frame.locals[slots.accumulator] = first;
    return first;
  };
  const local =
    (slot: number): Step =>
    (frame) =>
      frame.locals[slot]!;
  const variables = {
    [expr.variable]: local(slots.first),
    ...(expr.variable2 !== undefined && { [expr.variable2]: local(slots.second) }),
  };
  const [condition, step, result] = planner.within({ [expr.accumulator]: accumulator }, () => {
    const inner = planner.within(variables, () => [
      planner.plan(expr.condition).run,
      planner.plan(expr.step).run,
    ]);
    return [...inner, planner.plan(expr.result).run] as [Step, Step, Step];
  });

  /** One round; false ends the loop. */
  const round = (frame: Frame, first: Outcome, second?: Outcome): boolean => {
    countStep();
    frame.locals[slots.first] = first;
    if (second !== undefined) frame.locals[slots.second] = second;
    if (condition(frame) === false) return false;
    frame.locals[slots.accumulator] = step(frame);
    return true;
  };
  const two = expr.variable2 !== undefined;
  const run: Step = (frame) => {
    const over = range(frame);
    if (failed(over)) return over;
    frame.locals[slots.accumulator] = undefined;
    if (over instanceof List) iterateList(over, two, (first, second) => round(frame, first, second));
    else if (over instanceof Dict) iterateDict(over, two, (first, second) => round(frame, first, second));
    else return notIterable(over, two);
    return result(frame);
  };
  return { run };
}

type Round = (first: Outcome, second?: Outcome) => boolean;

function iterateList(list: List, two: boolean, round: Round): void {
  for (let index = 0; index < list.size; index++) {
    const goesOn = two ? round(BigInt(index), list.at(index)) : round(list.at(index));
    if (!goesOn) return;
  }
}

function iterateDict(dict: Dict, two: boolean, round: Round): void {
  for (const key of dict.keys()) {
    const goesOn = two ? round(key, dict.find(key) ?? null) : round(key);
    if (!goesOn) return;
  }
}

/** Names of Go's types, which cel-go's message shows. */
const goTypes: Record<string, string> = table({
  bool: 'types.Bool',
  bytes: 'types.Bytes',
  double: 'types.Double',
  int: 'types.Int',
  null_type: 'types.Null',
  string: 'types.String',
  uint: 'types.Uint',
  type: '*types.Type',
  optional_type: '*types.Optional',
  'google.protobuf.Duration': 'types.Duration',
  'google.protobuf.Timestamp': 'types.Timestamp',
});

function notIterable(value: Value, two: boolean): Outcome {
  const type = goTypes[typeName(value)] ?? typeName(value);
  return fail(
    two ? `unsupported comprehension range type: ${type}` : `got '${type}', expected iterable type`,
  );
}
