import type { Expr } from '../parse/ast.ts';
import type { Issue } from '../parse/source.ts';
import { typeName } from '../values/typeOf.ts';
import type { Value } from '../values/value.ts';
import {
  boolType,
  bytesType,
  doubleType,
  errorType,
  intType,
  nullType,
  stringType,
  type Type,
  uintType,
} from '../types/type.ts';
import { checkList, checkMap, checkStruct } from './aggregates.ts';
import { checkCall } from './call.ts';
import { checkComprehension } from './comprehension.ts';
import type { Environment } from './environment.ts';
import { checkSelect } from './select.ts';
import { type Reference, State } from './state.ts';
import { checkLiterals } from './literals.ts';

/** An expression with the types of all its parts. */
export interface Checked {
  readonly expr: Expr;
  readonly types: ReadonlyMap<number, Type>;
  readonly references: ReadonlyMap<number, Reference>;
  readonly environment: Environment;
}

/** Finds the types of an expression; undefined when it has issues, which are added to the list. */
export function check(expr: Expr, environment: Environment, issues: Issue[]): Checked | undefined {
  const state = new State(environment, issues);
  checkExpr(state, expr);
  for (const [id, type] of state.types) state.types.set(id, state.substitution.apply(type, true));
  const { types, references } = state;
  if (issues.length === 0) checkLiterals(expr, types, issues);
  return issues.length > 0 ? undefined : { expr, types, references, environment };
}

const literalTypes: Record<string, Type> = {
  bool: boolType,
  bytes: bytesType,
  double: doubleType,
  int: intType,
  null_type: nullType,
  string: stringType,
  uint: uintType,
};
const typeOfLiteral = (value: Value): Type => literalTypes[typeName(value)] ?? errorType;

export function checkExpr(state: State, expr: Expr): void {
  switch (expr.kind) {
    case 'literal':
      return state.set(expr, typeOfLiteral(expr.value));
    case 'ident': {
      const found = state.variable(expr.name);
      if (found) return state.set(expr, found.type, { name: found.name });
      state.undeclared(expr.at, expr.name);
      return state.set(expr, errorType);
    }
    case 'select':
      return checkSelect(state, expr);
    case 'call':
      return checkCall(state, expr);
    case 'list':
      return checkList(state, expr);
    case 'map':
      return checkMap(state, expr);
    case 'struct':
      return checkStruct(state, expr);
    case 'comprehension':
      return checkComprehension(state, expr);
  }
}
