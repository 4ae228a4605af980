import type { Expr } from '../parse/ast.ts';
import { formatType, isOptional, type Type } from '../types/type.ts';
import { fixed, type Range, union } from './range.ts';

/** The sizes of what a list or map holds. */
export interface Entries {
  readonly list: boolean;
  readonly key: Range;
  readonly value: Range;
}

export const unionOfEntries = (left: Entries | undefined, right: Entries | undefined): Entries | undefined =>
  left &&
  right && { list: left.list, key: union(left.key, right.key), value: union(left.value, right.value) };

/** The size that an expression shows by itself. */
export function literalSize(expr: Expr, characters: (text: string) => number): Range | undefined {
  if (expr.kind === 'list') return fixed(expr.elements.length);
  if (expr.kind === 'map') return fixed(expr.entries.length);
  if (expr.kind !== 'literal') return undefined;
  if (typeof expr.value === 'string') return fixed(characters(expr.value));
  return fixed(expr.value instanceof Uint8Array ? expr.value.length : 1);
}

const scalars = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);

/** Values of these types have the size 1 always. */
export function scalarSize(type: Type): Range | undefined {
  if (isOptional(type)) return scalarSize(type.parameters[0]!);
  return type.kind === 'scalar' && scalars.has(formatType(type)) ? fixed(1) : undefined;
}
