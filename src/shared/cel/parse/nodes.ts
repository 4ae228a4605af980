import type { Value } from '../values/value.ts';
import type { Call, Comprehension, Expr, Ident, ListExpr, Literal, MapExpr, Select } from './ast.ts';
import { accumulator } from './ast.ts';

/** Makes nodes, each with a number of its own. What macros add stands where the macro was called. */
export class Nodes {
  private last = 0;

  id(): number {
    return ++this.last;
  }
  literal(at: number, value: Value): Literal {
    return { kind: 'literal', id: this.id(), at, value };
  }
  ident(at: number, name: string): Ident {
    return { kind: 'ident', id: this.id(), at, name };
  }
  accumulator(at: number): Ident {
    return this.ident(at, accumulator);
  }
  select(at: number, operand: Expr, field: string, test = false): Select {
    return { kind: 'select', id: this.id(), at, operand, field, test };
  }
  call(at: number, name: string, args: readonly Expr[], target?: Expr): Call {
    return { kind: 'call', id: this.id(), at, name, target, args };
  }
  list(at: number, elements: readonly Expr[], optional: ReadonlySet<number> = new Set()): ListExpr {
    return { kind: 'list', id: this.id(), at, elements, optional };
  }
  map(at: number): MapExpr {
    return { kind: 'map', id: this.id(), at, entries: [] };
  }
  loop(at: number, parts: Omit<Comprehension, 'kind' | 'id' | 'at'>): Comprehension {
    return { kind: 'comprehension', id: this.id(), at, ...parts };
  }

  /** The same expression again, with numbers of its own. */
  copy(expr: Expr): Expr {
    const id = this.id();
    switch (expr.kind) {
      case 'literal':
      case 'ident':
        return { ...expr, id };
      case 'select':
        return { ...expr, id, operand: this.copy(expr.operand) };
      case 'call':
        return { ...expr, id, target: expr.target && this.copy(expr.target), args: this.copies(expr.args) };
      case 'list':
        return { ...expr, id, elements: this.copies(expr.elements) };
      case 'map':
        return {
          ...expr,
          id,
          entries: expr.entries.map((entry) => ({
            ...entry,
            id: this.id(),
            key: this.copy(entry.key),
            value: this.copy(entry.value),
          })),
        };
      case 'struct':
        return {
          ...expr,
          id,
          fields: expr.fields.map((field) => ({ ...field, id: this.id(), value: this.copy(field.value) })),
        };
      case 'comprehension':
        return {
          ...expr,
          id,
          range: this.copy(expr.range),
          initial: this.copy(expr.initial),
          condition: this.copy(expr.condition),
          step: this.copy(expr.step),
          result: this.copy(expr.result),
        };
    }
  }

  private copies(exprs: readonly Expr[]): Expr[] {
    return exprs.map((expr) => this.copy(expr));
  }
}
