import { table } from '../../meta/table.ts';
import { accumulator, conditional, type Expr, operators } from './ast.ts';
import { type Macro, type MacroCall, MacroError, type Quantifier, quantify, variableName } from './macro.ts';

/** Inserts a key with its value, or all entries of a map, into the map that a loop builds. */
export const mapInsert = 'cel.@mapInsert';

function variables(first: Expr, second: Expr): { variable: string; variable2: string } {
  const simple = 'argument must be a simple name';
  if (first.kind !== 'ident') throw new MacroError(first.at, simple);
  if (second.kind !== 'ident') throw new MacroError(second.at, simple);
  if (first.name === second.name) throw new MacroError(second.at, `duplicate variable name: ${first.name}`);
  return { variable: variableName(first, simple), variable2: variableName(second, simple) };
}

const quantifier =
  (kind: Quantifier): Macro =>
  (call) =>
    quantify(kind, call, variables(call.args[0]!, call.args[1]!), call.args[2]!);

/** A loop that builds a list or a map of what `add` makes of each element; four arguments bring a filter. */
const transform =
  (into: 'list' | 'map', add: (call: MacroCall, key: string, transformed: Expr) => Expr): Macro =>
  (call) => {
    const { nodes, at, target, args } = call;
    const names = variables(args[0]!, args[1]!);
    const step = add(call, names.variable, args.at(-1)!);
    return nodes.loop(at, {
      range: target,
      ...names,
      accumulator,
      initial: into === 'list' ? nodes.list(at, []) : nodes.map(at),
      condition: nodes.literal(at, true),
      step: args.length === 4 ? nodes.call(at, conditional, [args[2]!, step, nodes.accumulator(at)]) : step,
      result: nodes.accumulator(at),
    });
  };

const transformList = transform('list', ({ nodes, at }, _, element) =>
  nodes.call(at, operators['+'], [nodes.accumulator(at), nodes.list(at, [element])]),
);
const transformMap = transform('map', ({ nodes, at }, key, value) =>
  nodes.call(at, mapInsert, [nodes.accumulator(at), nodes.ident(at, key), value]),
);
const transformMapEntry = transform('map', ({ nodes, at }, _, entries) =>
  nodes.call(at, mapInsert, [nodes.accumulator(at), entries]),
);

export const twoVariableMacros: Record<string, Macro> = table({
  'all:3': quantifier('all'),
  'exists:3': quantifier('exists'),
  'existsOne:3': quantifier('existsOne'),
  'exists_one:3': quantifier('existsOne'),
  'transformList:3': transformList,
  'transformList:4': transformList,
  'transformMap:3': transformMap,
  'transformMap:4': transformMap,
  'transformMapEntry:3': transformMapEntry,
  'transformMapEntry:4': transformMapEntry,
});
