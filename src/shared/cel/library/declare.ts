import type { FunctionDeclaration, Overload } from '../check/environment.ts';
import { parameter, type Type } from '../types/type.ts';
import {
  Duration,
  type Failure,
  fail,
  noSuchOverload,
  type Outcome,
  Timestamp,
  type Value,
} from '../values/value.ts';

type Run = Overload['run'];

/** A signature that is called on its first argument. */
export const method = (id: string, args: readonly Type[], result: Type, run: Run): Overload => ({
  id,
  method: true,
  args,
  result,
  run,
});

/** A signature that is called by name alone. */
export const plain = (id: string, args: readonly Type[], result: Type, run: Run): Overload => ({
  id,
  method: false,
  args,
  result,
  run,
});

export const declare = (name: string, ...overloads: readonly Overload[]): FunctionDeclaration => ({
  name,
  overloads,
});

/** Signatures of a function that looks at its arguments itself. */
export type Signature = readonly [id: string, args: readonly Type[], result: Type, style?: 'method'];

export function declareDynamic(
  name: string,
  dynamic: (args: readonly Value[]) => Outcome,
  ...signatures: readonly Signature[]
): FunctionDeclaration {
  const overloads = signatures.map(([id, args, result, style]) => ({
    id,
    method: style === 'method',
    args,
    result,
    run: dynamic,
  }));
  return { name, overloads, dynamic };
}

export const A = parameter('A');
export const B = parameter('B');

/** Returns what cel-go answers to an operator whose left side does not know it. */
export const notFor = (name: string, left: Value): Failure =>
  typeof left === 'string' || left instanceof Duration || left instanceof Timestamp
    ? noSuchOverload()
    : fail(`no such overload: ${name}`);
