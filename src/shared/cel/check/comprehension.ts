import type { Comprehension } from '../parse/ast.ts';
import { boolType, dynType, errorType, formatType, intType, type Type } from '../types/type.ts';
import { checkExpr } from './check.ts';
import type { State } from './state.ts';

/** A loop: its variables get the types of the elements, and each step has to keep the type of the accumulator. */
export function checkComprehension(state: State, expr: Comprehension): void {
  checkExpr(state, expr.range);
  checkExpr(state, expr.initial);
  const accumulated = state.typeOf(expr.initial);
  const [first, second] = variableTypes(state, expr, state.resolved(state.typeOf(expr.range)));
  state.enter({ [expr.accumulator]: accumulated });
  state.enter({ [expr.variable]: first, ...(expr.variable2 !== undefined && { [expr.variable2]: second }) });
  checkExpr(state, expr.condition);
  expectType(state, expr.condition, boolType);
  checkExpr(state, expr.step);
  expectType(state, expr.step, accumulated);
  state.exit();
  checkExpr(state, expr.result);
  state.exit();
  state.set(expr, state.resolved(state.typeOf(expr.result)));
}

/** With one variable: element or key. With two: index and element, or key and value. */
function variableTypes(state: State, { range, variable2 }: Comprehension, type: Type): [Type, Type] {
  switch (type.kind) {
    case 'list':
      return variable2 === undefined ? [type.parameters[0]!, errorType] : [intType, type.parameters[0]!];
    case 'map':
      return [type.parameters[0]!, type.parameters[1]!];
    case 'dyn':
    case 'error':
    case 'parameter':
      state.assignable(dynType, type);
      return [dynType, dynType];
    default:
      state.report(
        range.at,
        `expression of type '${formatType(type)}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      );
      return [errorType, errorType];
  }
}

function expectType(state: State, expr: Comprehension['step'], type: Type): void {
  if (!state.assignable(type, state.typeOf(expr))) state.mismatch(expr.at, type, state.typeOf(expr));
}
