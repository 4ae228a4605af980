import { type Call, operators, optionalSelect } from '../parse/ast.ts';
import { dotted } from '../parse/primary.ts';
import { Substitution } from '../types/substitution.ts';
import { boolType, dynType, errorType, formatCall, isDyn, sameType, type Type } from '../types/type.ts';
import { checkExpr } from './check.ts';
import type { FunctionDeclaration, Overload } from './environment.ts';
import { checkOptionalSelect } from './select.ts';
import type { State } from './state.ts';

/** A call of a function by name, of a method on a target, or of a function whose name has dots (`sets.contains`). */
export function checkCall(state: State, expr: Call): void {
  if (expr.name === optionalSelect) {
    checkOptionalSelect(state, expr);
    return;
  }
  for (const arg of expr.args) checkExpr(state, arg);
  const { declared, method } = functionOf(state, expr);
  if (declared) resolve(state, expr, declared, method);
  else undeclared(state, expr);
}

function functionOf(
  state: State,
  { name, target }: Call,
): { declared?: FunctionDeclaration | undefined; method: boolean } {
  if (!target) return { declared: state.function(name), method: false };
  const prefix = dotted(target);
  const namespaced = prefix === undefined ? undefined : state.function(`${prefix}.${name}`);
  if (namespaced) return { declared: namespaced, method: false };
  checkExpr(state, target);
  return { declared: state.function(name), method: true };
}

function undeclared(state: State, expr: Call): void {
  state.set(expr, errorType);
  state.undeclared(expr.at, expr.name);
}

function resolve(state: State, expr: Call, declared: FunctionDeclaration, method: boolean): void {
  const types = [
    ...(method ? [state.typeOf(expr.target!)] : []),
    ...expr.args.map((arg) => state.typeOf(arg)),
  ];
  if (declared.name === operators['&&'] || declared.name === operators['||']) {
    resolveLogical(state, expr, declared, types);
    return;
  }
  let result: Type | undefined;
  const overloads: string[] = [];
  for (const overload of declared.overloads) {
    if (overload.method !== method) continue;
    const { args, result: declaredResult } = instance(state, overload);
    if (!state.allAssignable(types, args)) continue;
    overloads.push(overload.id);
    const type = state.resolved(declaredResult);
    if (result === undefined) result = type;
    else if (!isDyn(result) && !sameType(type, result)) result = dynType;
  }
  if (result) {
    state.set(expr, result, { name: declared.name, overloads });
    return;
  }
  const shown = formatCall(
    types.map((type) => state.substitution.apply(type, true)),
    method,
  );
  state.report(expr.at, `found no matching overload for '${declared.name}' applied to '${shown}'`);
  state.set(expr, errorType);
}

function resolveLogical(
  state: State,
  expr: Call,
  declared: FunctionDeclaration,
  types: readonly Type[],
): void {
  const wrong = types.filter((type, index) => {
    if (state.assignable(type, boolType)) return false;
    state.mismatch(expr.args[index]!.at, boolType, type);
    return true;
  });
  const overloads = [declared.overloads[0]!.id];
  if (wrong.length > 0) state.set(expr, errorType);
  else state.set(expr, boolType, { name: declared.name, overloads });
}

/** A signature with parameters of its own, so that calls do not share them. */
function instance(state: State, overload: Overload): { args: readonly Type[]; result: Type } {
  const names = new Set<string>();
  const collect = (type: Type): void => {
    if (type.kind === 'parameter') names.add(type.name);
    for (const own of type.parameters) collect(own);
  };
  for (const type of [overload.result, ...overload.args]) collect(type);
  if (names.size === 0) return overload;
  const own = new Substitution();
  for (const name of names) own.bind({ kind: 'parameter', name, parameters: [] }, state.newParameter());
  return {
    args: overload.args.map((type) => own.apply(type, false)),
    result: own.apply(overload.result, false),
  };
}
