import { table } from '../../meta/table.ts';
import { formatProblem } from '../library/format/check.ts';
import { compilePattern } from '../library/patterns.ts';
import type { Call, Expr, ListExpr, MapExpr } from '../parse/ast.ts';
import type { Issue } from '../parse/source.ts';
import { partsOf } from '../parse/walk.ts';
import { formatType, sameType, type Type } from '../types/type.ts';
import { parseDuration } from '../values/duration.ts';
import { parseTimestamp, timestampAt } from '../values/timestamp.ts';
import { failed, type Value } from '../values/value.ts';

type Types = ReadonlyMap<number, Type>;

/** Finds literals that can only fail: durations, timestamps, patterns, formats, and lists of mixed types. */
export function checkLiterals(expr: Expr, types: Types, issues: Issue[], mayMix = false): void {
  if (expr.kind === 'call') checkArguments(expr, types, issues);
  if (expr.kind === 'list' && !mayMix) checkElements(expr, types, issues);
  if (expr.kind === 'map' && !mayMix) checkEntries(expr, types, issues);
  const mixed = mayMix || (expr.kind === 'call' && expr.name === 'format');
  for (const part of partsOf(expr)) checkLiterals(part, types, issues, mixed);
}

const readable: Record<string, (value: Value) => boolean> = table({
  duration: (value) => typeof value !== 'string' || parseDuration(value) !== undefined,
  timestamp: (value) =>
    typeof value === 'bigint'
      ? !failed(timestampAt(value * 1_000_000_000n))
      : typeof value !== 'string' || parseTimestamp(value) !== undefined,
  matches: (value) => typeof value !== 'string' || !('problem' in compilePattern(value)),
});

function checkArguments(expr: Call, types: Types, issues: Issue[]): void {
  const first = expr.args[0];
  const test = Object.hasOwn(readable, expr.name) ? readable[expr.name] : undefined;
  if (test && first?.kind === 'literal' && !test(first.value))
    issues.push({ at: first.at, message: `invalid ${expr.name} argument` });
  if (expr.name === 'format' && expr.target?.kind === 'literal' && first?.kind === 'list') {
    const problem = formatProblem(String(expr.target.value), first.elements, types);
    if (problem) issues.push({ at: problem.at ?? expr.at, message: problem.message });
  }
}

const within = (type: Type, optional: boolean): Type => (optional ? (type.parameters[0] ?? type) : type);

function mismatch(at: number, expected: Type, found: Type): Issue {
  return { at, message: `expected type '${formatType(expected)}' but found '${formatType(found)}'` };
}

function checkElements(expr: ListExpr, types: Types, issues: Issue[]): void {
  let expected: Type | undefined;
  for (const [index, element] of expr.elements.entries()) {
    const found = within(types.get(element.id)!, expr.optional.has(index));
    expected ??= found;
    if (sameType(expected, found)) continue;
    issues.push(mismatch(element.at, expected, found));
    return;
  }
}

function checkEntries(expr: MapExpr, types: Types, issues: Issue[]): void {
  let expected: { key: Type; value: Type } | undefined;
  for (const { key, value, optional } of expr.entries) {
    const found = { key: types.get(key.id)!, value: within(types.get(value.id)!, optional) };
    expected ??= found;
    if (!sameType(expected.key, found.key)) issues.push(mismatch(key.at, expected.key, found.key));
    if (!sameType(expected.value, found.value)) issues.push(mismatch(value.at, expected.value, found.value));
  }
}
