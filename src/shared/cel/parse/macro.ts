import { accumulator, conditional, type Expr, not, notStrictlyFalse, operators } from './ast.ts';
import type { Nodes } from './nodes.ts';

/** Describes what a macro is given: the nodes it may make, where it was called, on what and with what. */
export interface MacroCall {
  readonly nodes: Nodes;
  readonly at: number;
  readonly target: Expr;
  readonly args: readonly Expr[];
}

/** Thrown by a macro whose arguments have the wrong form. */
export class MacroError extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

export type Macro = (call: MacroCall) => Expr;

/** The name that a loop variable was given. */
export function variableName(arg: Expr, problem: string): string {
  if (arg.kind !== 'ident') throw new MacroError(arg.at, problem);
  if (arg.name === accumulator || arg.name === '__result__')
    throw new MacroError(arg.at, 'iteration variable overwrites accumulator variable');
  return arg.name;
}

export type Quantifier = 'all' | 'exists' | 'existsOne';

/** The loops behind `all`, `exists` and `existsOne`: the first two may stop early and absorb errors. */
export function quantify(
  kind: Quantifier,
  { nodes, at, target }: MacroCall,
  variables: { variable: string; variable2: string | undefined },
  predicate: Expr,
): Expr {
  const result = () => nodes.accumulator(at);
  const shared = { range: target, ...variables, accumulator };
  if (kind === 'existsOne') {
    const one = () => nodes.literal(at, 1n);
    const plusOne = nodes.call(at, operators['+'], [result(), one()]);
    return nodes.loop(at, {
      ...shared,
      initial: nodes.literal(at, 0n),
      condition: nodes.literal(at, true),
      step: nodes.call(at, conditional, [predicate, plusOne, result()]),
      result: nodes.call(at, operators['=='], [result(), one()]),
    });
  }
  const all = kind === 'all';
  const goesOn = all ? result() : nodes.call(at, not, [result()]);
  return nodes.loop(at, {
    ...shared,
    initial: nodes.literal(at, all),
    condition: nodes.call(at, notStrictlyFalse, [goesOn]),
    step: nodes.call(at, operators[all ? '&&' : '||'], [result(), predicate]),
    result: result(),
  });
}

export const quantifier =
  (kind: Quantifier): Macro =>
  (call) => {
    const variable = variableName(call.args[0]!, 'argument must be a simple name');
    return quantify(kind, call, { variable, variable2: undefined }, call.args[1]!);
  };

/** `map(x, f)` and `map(x, filter, f)`. */
export const map: Macro = ({ nodes, at, target, args }) => {
  const variable = variableName(args[0]!, 'argument is not an identifier');
  const filter = args.length === 3 ? args[1] : undefined;
  return collect(nodes, at, target, variable, args.at(-1)!, filter);
};

export const filter: Macro = ({ nodes, at, target, args }) => {
  const variable = variableName(args[0]!, 'argument is not an identifier');
  return collect(nodes, at, target, variable, args[0]!, args[1]);
};

function collect(
  nodes: Nodes,
  at: number,
  range: Expr,
  variable: string,
  element: Expr,
  filter?: Expr,
): Expr {
  const added = nodes.call(at, operators['+'], [nodes.accumulator(at), nodes.list(at, [element])]);
  return nodes.loop(at, {
    range,
    variable,
    variable2: undefined,
    accumulator,
    initial: nodes.list(at, []),
    condition: nodes.literal(at, true),
    step: filter ? nodes.call(at, conditional, [filter, added, nodes.accumulator(at)]) : added,
    result: nodes.accumulator(at),
  });
}
