import { table } from '../../meta/table.ts';
import type { Expr, Ident } from '../parse/ast.ts';
import type { Issue } from '../parse/source.ts';
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
import { typeName } from '../values/typeOf.ts';
import type { Value } from '../values/value.ts';
import { checkList, checkMap, checkStruct } from './aggregates.ts';
import { checkCall } from './call.ts';
import { checkComprehension } from './comprehension.ts';
import type { Environment } from './environment.ts';
import { checkLiterals } from './literals.ts';
import { checkSelect } from './select.ts';
import { type Reference, State } from './state.ts';

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

const literalTypes: Record<string, Type> = table({
  bool: boolType,
  bytes: bytesType,
  double: doubleType,
  int: intType,
  null_type: nullType,
  string: stringType,
  uint: uintType,
});
const typeOfLiteral = (value: Value): Type => literalTypes[typeName(value)] ?? errorType;

export function checkExpr(state: State, expr: Expr): void {
  switch (expr.kind) {
    case 'literal':
      state.set(expr, typeOfLiteral(expr.value));
      break;
    case 'ident':
      checkIdent(state, expr);
      break;
    case 'select':
      checkSelect(state, expr);
      break;
    case 'call':
      checkCall(state, expr);
      break;
    case 'list':
      checkList(state, expr);
      break;
    case 'map':
      checkMap(state, expr);
      break;
    case 'struct':
      checkStruct(state, expr);
      break;
    case 'comprehension':
      checkComprehension(state, expr);
      break;
  }
}

function checkIdent(state: State, expr: Ident): void {
  const found = state.variable(expr.name);
  if (!found) state.undeclared(expr.at, expr.name);
  state.set(expr, found?.type ?? errorType, found && { name: found.name });
}
