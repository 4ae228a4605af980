import { table } from '../../meta/table.ts';
import type { Expr } from './ast.ts';
import { optionalMacros, sortBy } from './bindingMacros.ts';
import { filter, type Macro, MacroError, map, quantifier } from './macro.ts';
import type { Nodes } from './nodes.ts';
import { twoVariableMacros } from './twoVariableMacros.ts';

/** Macros that are called on a target, by name and number of arguments. */
const receiverMacros: Record<string, Macro> = table({
  'all:2': quantifier('all'),
  'exists:2': quantifier('exists'),
  'exists_one:2': quantifier('existsOne'),
  'map:2': map,
  'map:3': map,
  'filter:2': filter,
  'sortBy:2': sortBy,
  ...twoVariableMacros,
  ...optionalMacros,
});

/** The expression that a call with a target stands for when it is a macro. */
export const receiverMacro = (name: string, args: number): Macro | undefined =>
  Object.hasOwn(receiverMacros, `${name}:${args}`) ? receiverMacros[`${name}:${args}`] : undefined;

/** `has(a.b)`: whether a field is there. */
export function has(nodes: Nodes, at: number, arg: Expr): Expr {
  if (arg.kind !== 'select') throw new MacroError(arg.at, 'invalid argument to has() macro');
  return nodes.select(at, arg.operand, arg.field, true);
}
