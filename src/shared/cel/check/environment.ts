import type { Macro } from '../parse/macro.ts';
import { type Type, typeOf } from '../types/type.ts';
import type { Outcome, Value } from '../values/value.ts';

/** One signature of a function, and what it does when the evaluator has found it by its arguments. */
export interface Overload {
  readonly id: string;
  /** Says whether it is called on its first argument: `text.size()` rather than `size(text)`. */
  readonly method: boolean;
  readonly args: readonly Type[];
  readonly result: Type;
  readonly run: (args: readonly Value[]) => Outcome;
}

export interface FunctionDeclaration {
  readonly name: string;
  readonly overloads: readonly Overload[];
  /** Set when the function looks at its arguments itself, whatever the checker chose. */
  readonly dynamic?: (args: readonly Value[]) => Outcome;
}

/** The fields of an object type. */
export type Fields = ReadonlyMap<string, Type>;

/** Finds the fields of an object type by its name. */
export interface Objects {
  get(name: string): Fields | undefined;
  /** The value of `name{…}`; undefined, as when absent, where that is a map of its fields. */
  make?(name: string, fields: ReadonlyMap<string, Value>): Outcome | undefined;
}

/** Describes what names mean to an expression. */
export interface Environment {
  readonly variables: ReadonlyMap<string, Type>;
  readonly functions: ReadonlyMap<string, FunctionDeclaration>;
  /** Names of types, as in `type(x) == string`. */
  readonly types: ReadonlyMap<string, Type>;
  readonly objects: Objects;
  /** Macros that not every environment has, as `cel.bind:3`: what they are called on, and the number of arguments. */
  readonly macros?: ReadonlyMap<string, Macro>;
}

/** An environment with further variables and object types. */
export function extend(
  base: Environment,
  variables: Readonly<Record<string, Type>>,
  objects?: Objects,
): Environment {
  return {
    ...base,
    variables: new Map([...base.variables, ...Object.entries(variables)]),
    objects: objects ? either(objects, base.objects) : base.objects,
  };
}

const either = (first: Objects, second: Objects): Objects => ({
  get: (name) => first.get(name) ?? second.get(name),
  make: (name, fields) => first.make?.(name, fields) ?? second.make?.(name, fields),
});

/** Collects declarations; signatures of a name that is there are added to it. */
export function functionTable(
  ...libraries: readonly (readonly FunctionDeclaration[])[]
): ReadonlyMap<string, FunctionDeclaration> {
  const table = new Map<string, FunctionDeclaration>();
  for (const declared of libraries.flat()) {
    const known = table.get(declared.name);
    table.set(
      declared.name,
      known ? { ...declared, ...known, overloads: [...known.overloads, ...declared.overloads] } : declared,
    );
  }
  return table;
}

/** Types of a table of names. */
export const typeNames = (types: Readonly<Record<string, Type>>): ReadonlyMap<string, Type> =>
  new Map(Object.entries(types).map(([name, type]) => [name, typeOf(type)]));
