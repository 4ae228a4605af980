import type { Call, Expr, Select } from '../parse/ast.ts';
import { dotted } from '../parse/primary.ts';
import {
  boolType,
  dynType,
  errorType,
  formatType,
  isDynOrError,
  isOptional,
  optionalOf,
  type Type,
} from '../types/type.ts';
import { checkExpr } from './check.ts';
import type { State } from './state.ts';

/** `a.b`: a name with a dot, or a field of an object or map. */
export function checkSelect(state: State, expr: Select): void {
  const name = dotted(expr);
  const found = name === undefined ? undefined : state.variable(name);
  if (found) {
    state.set(expr, found.type, { name: found.name });
    return;
  }
  const type = fieldType(state, expr, expr.operand, expr.field, false);
  state.set(expr, expr.test ? boolType : state.resolved(type));
}

/** `a.?b`: the field when it is there. */
export function checkOptionalSelect(state: State, expr: Call): void {
  const [operand, field] = expr.args;
  const name = field?.kind === 'literal' ? field.value : undefined;
  if (!operand || typeof name !== 'string') {
    state.report(expr.at, 'unsupported optional field selection');
    state.set(expr, errorType);
    return;
  }
  const type = fieldType(state, expr, operand, name, true);
  state.set(expr, state.resolved(type), { overloads: ['select_optional_field'] });
}

function fieldType(state: State, expr: Expr, operand: Expr, field: string, optional: boolean): Type {
  checkExpr(state, operand);
  const operandType = state.resolved(state.typeOf(operand));
  const wrapped = isOptional(operandType);
  const found = typeWithin(state, expr, wrapped ? operandType.parameters[0]! : operandType, field);
  return wrapped || optional ? optionalOf(found) : found;
}

function typeWithin(state: State, expr: Expr, target: Type, field: string): Type {
  switch (target.kind) {
    case 'map':
      return target.parameters[1]!;
    case 'object': {
      const fields = state.fields(target.name);
      if (!fields) state.report(expr.at, `unexpected failed resolution of '${target.name}'`);
      else if (!fields.has(field)) state.report(expr.at, `undefined field '${field}'`);
      return fields?.get(field) ?? errorType;
    }
    case 'parameter':
      state.assignable(dynType, target);
      return dynType;
    default:
      if (!isDynOrError(target))
        state.report(expr.at, `type '${formatType(target)}' does not support field selection`);
      return dynType;
  }
}
