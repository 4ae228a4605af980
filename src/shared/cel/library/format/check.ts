import type { Expr } from '../../parse/ast.ts';
import type { Type } from '../../types/type.ts';
import { type Clause, FormatMistake, formatParts, refusal } from './clauses.ts';

/** Types that clauses take; what is dyn is for the evaluation to see. */
const taken: Record<Clause, readonly string[]> = {
  s: [
    ...['list', 'map', 'int', 'uint', 'double', 'bool', 'string', 'bytes', 'type', 'null_type'],
    ...['google.protobuf.Timestamp', 'google.protobuf.Duration'],
  ],
  d: ['int', 'uint'],
  f: ['double', 'string'],
  e: ['double', 'string'],
  b: ['int', 'uint', 'bool'],
  x: ['int', 'uint', 'string', 'bytes'],
  X: ['int', 'uint', 'string', 'bytes'],
  o: ['int', 'uint'],
};

/** Returns what is wrong with a format and the arguments that stand beside it, and where. */
export function formatProblem(
  format: string,
  args: readonly Expr[],
  types: ReadonlyMap<number, Type>,
): { at: number | undefined; message: string } | undefined {
  let used = 0;
  try {
    for (const part of formatParts(format)) {
      if ('text' in part) continue;
      const arg = args[used];
      if (!arg) return { at: undefined, message: `index ${used} out of range` };
      used++;
      const wrong = untaken(part.clause, arg, types);
      if (wrong) return { at: wrong.at, message: refusal(part.clause, types.get(wrong.id)!.name) };
    }
  } catch (error) {
    if (!(error instanceof FormatMistake)) throw error;
    return { at: undefined, message: used >= args.length ? `index ${used} out of range` : error.message };
  }
  if (args.length <= used) return undefined;
  const message = `too many arguments supplied to string.format (expected ${used}, got ${args.length})`;
  return { at: undefined, message };
}

/** The argument, or the part of a literal list or map in it, that a clause cannot take. */
function untaken(clause: Clause, arg: Expr, types: ReadonlyMap<number, Type>): Expr | undefined {
  const { name } = types.get(arg.id)!;
  if (name !== 'dyn' && !taken[clause].includes(name)) return arg;
  if (clause !== 's') return undefined;
  const parts =
    arg.kind === 'list'
      ? arg.elements
      : arg.kind === 'map'
        ? arg.entries.flatMap(({ key, value }) => [key, value])
        : [];
  for (const part of parts) {
    const wrong = untaken(clause, part, types);
    if (wrong) return wrong;
  }
  return undefined;
}
