import type { Expr, ListExpr, MapExpr, StructExpr } from '../parse/ast.ts';
import { mostGeneral } from '../types/substitution.ts';
import {
  dynType,
  errorType,
  formatType,
  isDyn,
  isOptional,
  listOf,
  mapOf,
  optionalOf,
  type Type,
} from '../types/type.ts';
import { checkExpr } from './check.ts';
import type { State } from './state.ts';

export function checkList(state: State, expr: ListExpr): void {
  let type: Type | undefined;
  expr.elements.forEach((element, index) => {
    type = join(state, type, elementType(state, element, expr.optional.has(index)));
  });
  state.set(expr, listOf(type ?? state.newParameter()));
}

export function checkMap(state: State, expr: MapExpr): void {
  let keyType: Type | undefined;
  let valueType: Type | undefined;
  for (const { key, value, optional } of expr.entries) {
    checkExpr(state, key);
    keyType = join(state, keyType, state.typeOf(key));
    valueType = join(state, valueType, elementType(state, value, optional));
  }
  state.set(expr, mapOf(keyType ?? state.newParameter(), valueType ?? state.newParameter()));
}

/** The type that an element adds; of `?x` it is the type within the optional. */
function elementType(state: State, element: Expr, optional: boolean): Type {
  checkExpr(state, element);
  const type = state.typeOf(element);
  if (!optional) return type;
  if (isOptional(type)) return type.parameters[0]!;
  if (!isDyn(type)) state.mismatch(element.at, optionalOf(type), type);
  return type;
}

/** Elements that differ make the list one of anything; whether that may be is for the check of literals to say. */
function join(state: State, previous: Type | undefined, current: Type): Type {
  if (previous === undefined) return current;
  return state.assignable(previous, current) ? mostGeneral(previous, current) : dynType;
}

/** `Object{field: value}` of a declared type. */
export function checkStruct(state: State, expr: StructExpr): void {
  const found = state.variable(expr.typeName);
  const made = found?.type.kind === 'type' ? found.type.parameters[0] : undefined;
  if (!found) state.undeclared(expr.at, expr.typeName);
  else if (!made) state.report(expr.at, `'${formatType(found.type)}' is not a type`);
  else if (made.kind !== 'object') state.report(expr.at, `'${formatType(made)}' is not a message type`);
  state.set(expr, made?.kind === 'object' ? made : errorType, found && { name: found.name });
  if (!found) return;
  const fields = made?.kind === 'object' ? state.fields(made.name) : undefined;
  for (const { name, value, optional, at } of expr.fields) {
    const type = elementType(state, value, optional);
    const declared = fields?.get(name);
    if (fields && !declared) state.report(at, `undefined field '${name}'`);
    if (declared && !state.assignable(declared, type))
      state.report(
        at,
        `expected type of field '${name}' is '${formatType(declared)}' but provided type is '${formatType(type)}'`,
      );
  }
}
