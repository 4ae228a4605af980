import type { Value } from '../values/value.ts';

/** Expressions carry a number, by which the checker notes types, and the offset where messages point to. */
interface Node {
  readonly id: number;
  readonly at: number;
}
export interface Literal extends Node {
  readonly kind: 'literal';
  readonly value: Value;
}
export interface Ident extends Node {
  readonly kind: 'ident';
  readonly name: string;
}
/** `operand.field`, or with `test` the macro `has(operand.field)`. */
export interface Select extends Node {
  readonly kind: 'select';
  readonly operand: Expr;
  readonly field: string;
  readonly test: boolean;
}
/** A function or operator; with a target it was written `target.name(args)`. */
export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly target: Expr | undefined;
  readonly args: readonly Expr[];
}
export interface ListExpr extends Node {
  readonly kind: 'list';
  readonly elements: readonly Expr[];
  /** Says which elements were written `?x`: they vanish when empty. */
  readonly optional: ReadonlySet<number>;
}
export interface Entry extends Node {
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
}
export interface MapExpr extends Node {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
}
export interface FieldInit extends Node {
  readonly name: string;
  readonly value: Expr;
  readonly optional: boolean;
}
export interface StructExpr extends Node {
  readonly kind: 'struct';
  readonly typeName: string;
  readonly fields: readonly FieldInit[];
}
/** Describes what the macros become: a loop with an accumulator. Both variables given: key (or index) and value. */
export interface Comprehension extends Node {
  readonly kind: 'comprehension';
  readonly range: Expr;
  readonly variable: string;
  readonly variable2: string | undefined;
  readonly accumulator: string;
  readonly initial: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}
export type Expr = Literal | Ident | Select | Call | ListExpr | MapExpr | StructExpr | Comprehension;

/** Operators are functions of these names. */
export const operators = {
  '||': '_||_',
  '&&': '_&&_',
  '<': '_<_',
  '<=': '_<=_',
  '>': '_>_',
  '>=': '_>=_',
  '==': '_==_',
  '!=': '_!=_',
  in: '@in',
  '+': '_+_',
  '-': '_-_',
  '*': '_*_',
  '/': '_/_',
  '%': '_%_',
} as const;
export const conditional = '_?_:_';
export const not = '!_';
export const negate = '-_';
export const index = '_[_]';
export const optionalIndex = '_[?_]';
export const optionalSelect = '_?._';
export const notStrictlyFalse = '@not_strictly_false';
/** The accumulator of macros; no source can name it. */
export const accumulator = '@result';
