import type { ListExpr, MapExpr, StructExpr } from '../parse/ast.ts';
import { absoluteName } from '../types/type.ts';
import { EntryDict } from '../values/dict.ts';
import { ArrayList } from '../values/list.ts';
import { show } from '../values/show.ts';
import { type Failure, fail, failed, Optional, type Outcome, type Value } from '../values/value.ts';
import { Frame, type Step } from './frame.ts';
import { constant, type Plan, PlanError, type Planner } from './plan.ts';

const listCost = 10;
const mapCost = 30;
const structCost = 40;

/** A literal of constants is made once and costs nothing when it is read. */
function made(parts: readonly Plan[], run: Step, cost: number): Plan {
  if (parts.every((part) => part.constant)) {
    const value = run(new Frame(() => undefined, 0));
    if (failed(value)) throw new PlanError(value.message);
    return constant(value);
  }
  const charged: Step = (frame) => {
    const value = run(frame);
    frame.charge(cost);
    return value;
  };
  return { run: charged };
}

/** The value of an element written `?x`: undefined when it is empty. */
function unwrapped(value: Value, problem: () => string): Value | undefined | Failure {
  return value instanceof Optional ? value.value : fail(problem());
}

export function planList(planner: Planner, expr: ListExpr): Plan {
  const parts = expr.elements.map((element) => planner.plan(element));
  const run: Step = (frame) => {
    const values: Value[] = [];
    for (let index = 0; index < parts.length; index++) {
      const value = parts[index]!.run(frame);
      if (failed(value)) return value;
      const own = expr.optional.has(index)
        ? unwrapped(
            value,
            () => `cannot initialize optional list element from non-optional value ${show(value)}`,
          )
        : value;
      if (own !== undefined && failed(own)) return own;
      if (own !== undefined) values.push(own);
    }
    return new ArrayList(values);
  };
  return made(parts, run, listCost);
}

export function planMap(planner: Planner, expr: MapExpr): Plan {
  const parts = expr.entries.map(({ key, value, optional }) => ({
    key: planner.plan(key),
    value: planner.plan(value),
    optional,
  }));
  const run: Step = (frame) => {
    const dict = new EntryDict();
    for (const part of parts) {
      const key = part.key.run(frame);
      if (failed(key)) return key;
      const value = part.value.run(frame);
      if (failed(value)) return value;
      const own = part.optional ? unwrapped(value, () => optionalEntry(show(key), value)) : value;
      if (own !== undefined && failed(own)) return own;
      const set = own === undefined ? dict.delete(key) : dict.set(key, own);
      if (set && failed(set as Outcome)) return set as Failure;
    }
    return dict;
  };
  return made(
    parts.flatMap(({ key, value }) => [key, value]),
    run,
    mapCost,
  );
}

const optionalEntry = (key: string, value: Value): string =>
  `cannot initialize optional entry '${key}' from non-optional value ${show(value)}`;

/** `Name{…}`; the checker has seen to the types of its fields. What is no more than its fields becomes a map. */
export function planStruct(planner: Planner, expr: StructExpr): Plan {
  const parts = expr.fields.map(({ name, value, optional }) => ({
    name,
    value: planner.plan(value),
    optional,
  }));
  const { objects } = planner.checked.environment;
  const typeName = absoluteName(expr.typeName);
  const run: Step = (frame) => {
    const fields = new Map<string, Value>();
    for (const { name, value: part, optional } of parts) {
      const value = part.run(frame);
      if (failed(value)) return value;
      const own = optional ? unwrapped(value, () => optionalEntry(name, value)) : value;
      if (own !== undefined && failed(own)) return own;
      if (own === undefined) fields.delete(name);
      else fields.set(name, own);
    }
    frame.charge(structCost);
    return objects.make?.(typeName, fields) ?? mapOf(fields);
  };
  return { run };
}

function mapOf(fields: ReadonlyMap<string, Value>): EntryDict {
  const dict = new EntryDict();
  for (const [name, value] of fields) dict.set(name, value);
  return dict;
}
