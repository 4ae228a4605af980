import { table } from '../../meta/table.ts';
import { conditional, type Expr } from './ast.ts';
import { type Macro, type MacroCall, MacroError, map } from './macro.ts';
import type { Nodes } from './nodes.ts';

/** A loop over nothing, whose accumulator names a value for the result. */
function bind(nodes: Nodes, at: number, name: string, value: Expr, result: Expr): Expr {
  return nodes.loop(at, {
    range: nodes.list(at, []),
    variable: '#unused',
    variable2: undefined,
    accumulator: name,
    initial: value,
    condition: nodes.literal(at, false),
    step: nodes.ident(at, name),
    result,
  });
}

/** `cel.bind(x, value, result)`: the result, in which x is the value. */
export const namedBind: Macro = ({ nodes, at, args }) => {
  const [variable, value, result] = args as [Expr, Expr, Expr];
  if (variable.kind !== 'ident')
    throw new MacroError(variable.at, 'cel.bind() variable names must be simple identifiers');
  return bind(nodes, at, variable.name, value, result);
};

/** `x.optMap(v, f)` and `x.optFlatMap(v, f)`: f of the value when there is one. */
function mapOptional(name: string, wrap: (call: MacroCall, mapped: Expr) => Expr): Macro {
  return (call) => {
    const { nodes, at, target, args } = call;
    const variable = args[0]!;
    if (variable.kind !== 'ident')
      throw new MacroError(variable.at, `${name}() variable name must be a simple identifier`);
    const value = nodes.call(at, 'value', [], nodes.copy(target));
    const mapped = wrap(call, bind(nodes, at, variable.name, value, args[1]!));
    const none = nodes.call(at, 'optional.none', []);
    return nodes.call(at, conditional, [nodes.call(at, 'hasValue', [], target), mapped, none]);
  };
}

export const optionalMacros: Record<string, Macro> = table({
  'optMap:2': mapOptional('optMap', ({ nodes, at }, mapped) => nodes.call(at, 'optional.of', [mapped])),
  'optFlatMap:2': mapOptional('optFlatMap', (_, mapped) => mapped),
});

/** `list.sortBy(x, key)`: the list in the order of its keys. */
export const sortBy: Macro = (call) => {
  const { nodes, at, target } = call;
  if (target.kind === 'literal' || target.kind === 'map' || target.kind === 'struct')
    throw new MacroError(
      target.at,
      'sortBy can only be applied to a list, identifier, comprehension, call or select expression',
    );
  const name = '@__sortBy_input__';
  const keys = map({ ...call, target: nodes.ident(at, name) });
  const sorted = nodes.call(at, '@sortByAssociatedKeys', [keys], nodes.ident(at, name));
  return bind(nodes, at, name, target, sorted);
};
