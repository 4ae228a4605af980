import { addTo } from '../../meta/lists.ts';
import type { Checked } from '../check/check.ts';
import { accumulator, type Call, type Comprehension, type Expr } from '../parse/ast.ts';
import type { Type } from '../types/type.ts';
import { codePoints } from '../values/typeOf.ts';
import { callEstimate } from './estimateCalls.ts';
import { listCost, mapCost, structCost } from './factors.ts';
import { fixed, nothing, plus, type Range, times, union, unknown } from './range.ts';
import { type Entries, literalSize, scalarSize } from './sizes.ts';

export type { Range };

/** The size of what stands at a path from a variable: names, `@items`, `@keys`, `@values`; undefined when unknown. */
export type SizeOf = (path: readonly string[], type: Type) => Range | undefined;

/** Estimates what an evaluation costs, exactly as cel-go's checker does: its limits are part of the API. */
export const estimate = (checked: Checked, sizeOf: SizeOf): Range =>
  new Estimator(checked, sizeOf).cost(checked.expr);

interface Local {
  readonly path: readonly string[];
  readonly size: Range | undefined;
  readonly entries: Entries | undefined;
}

/** Describes what is known of an expression when the call around it is estimated. */
export interface Node {
  readonly expr: Expr | undefined;
  readonly path: readonly string[] | undefined;
  readonly type: Type;
  readonly size: Range | undefined;
}

export class Estimator {
  readonly checked: Checked;
  private readonly sizeOf: SizeOf;
  private readonly paths = new Map<number, readonly string[]>();
  private readonly sizes = new Map<number, Range>();
  private readonly entries = new Map<number, Entries>();
  private readonly locals = new Map<string, Local[]>();

  constructor(checked: Checked, sizeOf: SizeOf) {
    this.checked = checked;
    this.sizeOf = sizeOf;
  }

  cost(expr: Expr): Range {
    switch (expr.kind) {
      case 'literal':
        return nothing;
      case 'ident':
        this.paths.set(expr.id, this.local(expr.name)?.path ?? [expr.name]);
        return fixed(1);
      case 'select': {
        const { name } = this.checked.references.get(expr.id) ?? {};
        // A name with dots, such as that of a type.
        if (name !== undefined) {
          this.paths.set(expr.id, [name]);
          return fixed(1);
        }
        const operand = this.cost(expr.operand);
        if (expr.test) return operand;
        this.paths.set(expr.id, [...this.pathOf(expr.operand), expr.field]);
        const { kind } = this.type(expr.operand);
        return kind === 'map' || kind === 'object' || kind === 'parameter'
          ? plus(operand, fixed(1))
          : operand;
      }
      case 'call':
        return this.call(expr);
      case 'list': {
        const costs = expr.elements.map((element) => this.cost(element));
        const value = this.unionOf(expr.elements);
        this.entries.set(expr.id, { list: true, key: fixed(1), value });
        return plus(fixed(listCost), ...costs);
      }
      case 'map': {
        const costs = expr.entries.flatMap(({ key, value }) => [this.cost(key), this.cost(value)]);
        const key = this.unionOf(expr.entries.map((entry) => entry.key));
        const value = this.unionOf(expr.entries.map((entry) => entry.value));
        this.entries.set(expr.id, { list: false, key, value });
        return plus(fixed(mapCost), ...costs);
      }
      case 'struct':
        return plus(fixed(structCost), ...expr.fields.map(({ value }) => this.cost(value)));
      case 'comprehension':
        return isBinding(expr) ? this.binding(expr) : this.loop(expr);
    }
  }

  private unionOf(exprs: readonly Expr[]): Range {
    return exprs.length === 0 ? nothing : exprs.map((expr) => this.sizeOrUnknown(expr)).reduce(union);
  }

  private call(expr: Call): Range {
    const [first] = expr.args;
    if (expr.name === 'dyn' && first) {
      const cost = this.cost(first);
      this.copySizes(expr, first);
      return plus(fixed(1), cost);
    }
    const costs = expr.args.map((arg) => this.cost(arg));
    const nodes = expr.args.map((arg) => this.node(arg));
    const { overloads = [], name = expr.name } = this.checked.references.get(expr.id) ?? {};
    if (overloads.length === 0) return nothing;
    const declared = this.checked.environment.functions.get(name);
    const method = declared?.overloads.find(({ id }) => id === overloads[0])?.method && expr.target;
    const targetCost = method ? this.cost(method) : nothing;
    const target = method ? this.node(method) : undefined;
    let cost: Range | undefined;
    let size: Range | undefined;
    for (const overload of overloads) {
      const estimated = callEstimate(this, { expr, name, overload, target, args: nodes, costs });
      cost = cost ? union(cost, estimated.cost) : estimated.cost;
      if (estimated.size) size = size ? union(size, estimated.size) : estimated.size;
      if ((overload === 'index_list' || overload === 'index_map') && first) {
        size = this.entriesOf(first)?.value;
        this.paths.set(expr.id, [...this.pathOf(first), overload === 'index_list' ? '@items' : '@values']);
      }
      size ??= this.size(expr);
    }
    if (size) this.sizes.set(expr.id, size);
    return plus(targetCost, cost!);
  }

  private loop(expr: Comprehension): Range {
    const rangeCost = this.cost(expr.range);
    const initialCost = this.cost(expr.initial);
    this.pushBinding(expr.accumulator, expr.initial);
    this.pushVariables(expr);
    const conditionCost = this.cost(expr.condition);
    const stepCost = this.cost(expr.step);
    this.pop(expr.variable);
    if (expr.variable2 !== undefined) this.pop(expr.variable2);
    const resultCost = this.cost(expr.result);
    this.pop(expr.accumulator);
    const count = this.sizeOrUnknown(expr.range);
    if (expr.initial.kind === 'literal') this.setSize(expr, this.size(expr.initial));
    if (expr.initial.kind === 'list' || expr.initial.kind === 'map') {
      this.setSize(expr, count);
      this.setEntries(expr, this.entriesOf(expr.step));
    }
    return plus(rangeCost, initialCost, resultCost, times(count, plus(stepCost, conditionCost)));
  }

  private binding(expr: Comprehension): Range {
    const cost = plus(this.cost(expr.range), this.cost(expr.initial));
    this.pushBinding(expr.accumulator, expr.initial);
    const result = this.cost(expr.result);
    this.pop(expr.accumulator);
    this.copySizes(expr, expr.result);
    return plus(cost, result);
  }

  private pushBinding(name: string, value: Expr): void {
    this.push(name, { path: this.pathOf(value), size: this.size(value), entries: this.entriesOf(value) });
  }
  private pushVariables({ range, variable, variable2 }: Comprehension): void {
    const entries = this.entriesOf(range);
    const list = entries ? entries.list : this.type(range).kind === 'list';
    const path = this.pathOf(range);
    const key = {
      path: [...path, variable2 !== undefined && list ? '@indices' : '@keys'],
      size: entries?.key,
      entries: undefined,
    };
    const value = { path: [...path, list ? '@items' : '@values'], size: entries?.value, entries: undefined };
    this.push(variable, variable2 === undefined && list ? value : key);
    if (variable2 !== undefined) this.push(variable2, value);
  }
  private push(name: string, local: Local): void {
    addTo(this.locals, name, local);
  }
  private pop(name: string): void {
    this.locals.get(name)!.pop();
  }
  private local(name: string): Local | undefined {
    return this.locals.get(name)?.at(-1);
  }

  type(expr: Expr): Type {
    return this.checked.types.get(expr.id)!;
  }
  private pathOf(expr: Expr): readonly string[] {
    const local = expr.kind === 'ident' ? this.local(expr.name) : undefined;
    return local?.path ?? this.paths.get(expr.id) ?? [];
  }
  node(expr: Expr): Node {
    const path = this.pathOf(expr);
    const hidden = path[0] === accumulator || path[0] === '__result__';
    return { expr, path: hidden ? undefined : path, type: this.type(expr), size: this.size(expr) };
  }

  /** The size of an expression as far as the expression itself and the declared sizes say. */
  size(expr: Expr): Range | undefined {
    const known = this.sizes.get(expr.id) ?? literalSize(expr, codePoints);
    if (known) return known;
    const type = this.type(expr);
    const declared = this.sizeOf(this.pathOf(expr), type);
    if (declared) {
      this.sizes.set(expr.id, declared);
      return declared;
    }
    return scalarSize(type) ?? (expr.kind === 'ident' ? this.local(expr.name)?.size : undefined);
  }
  sizeOrUnknown(expr: Expr): Range {
    return this.size(expr) ?? unknown;
  }
  /** The size of a part that is no expression of its own, such as the elements of a list. */
  declaredSize({ size, path, type }: Node): Range {
    return size ?? this.sizeOf(path ?? [], type) ?? unknown;
  }
  setSize(expr: Expr, size: Range | undefined): void {
    if (size) this.sizes.set(expr.id, size);
  }
  entriesOf(expr: Expr): Entries | undefined {
    return this.entries.get(expr.id) ?? (expr.kind === 'ident' ? this.local(expr.name)?.entries : undefined);
  }
  setEntries(expr: Expr, entries: Entries | undefined): void {
    if (entries) this.entries.set(expr.id, entries);
  }
  private copySizes(to: Expr, from: Expr): void {
    this.setSize(to, this.size(from));
    this.setEntries(to, this.entriesOf(from));
  }
}

const isBinding = ({ range, condition, accumulator: name }: Comprehension): boolean =>
  range.kind === 'list' &&
  range.elements.length === 0 &&
  condition.kind === 'literal' &&
  condition.value === false &&
  name !== '__result__';
