import type { Checked } from '../check/check.ts';
import type { Reference } from '../check/state.ts';
import type { Expr, Ident, Select } from '../parse/ast.ts';
import { absoluteName } from '../types/type.ts';
import { Optional, type Outcome, TypeValue, type Value } from '../values/value.ts';
import { planList, planMap, planStruct } from './aggregates.ts';
import { type Attribute, PathAttribute, variable } from './attribute.ts';
import { planCall } from './call.ts';
import { planComprehension } from './comprehension.ts';
import type { Step } from './frame.ts';

/** A part of an expression, ready to run. */
export interface Plan {
  readonly run: Step;
  /** The value of a part that is always the same; reading it costs nothing. */
  readonly constant?: { readonly value: Value };
  /** Set when the part reads a variable or looks into a value: what follows is looked up in the same attribute. */
  readonly attribute?: Attribute;
}

/** Thrown when a literal can only fail, for example `int('x')`. */
export class PlanError extends Error {}

/** Describes what planning knows of the expression around a part. */
export class Planner {
  readonly checked: Checked;
  private readonly scopes: Map<string, Step>[] = [];
  private slots = 0;

  constructor(checked: Checked) {
    this.checked = checked;
  }
  slot(): number {
    return this.slots++;
  }
  within<T>(names: Readonly<Record<string, Step>>, plan: () => T): T {
    this.scopes.push(new Map(Object.entries(names)));
    const planned = plan();
    this.scopes.pop();
    return planned;
  }
  local(name: string): Step | undefined {
    return this.scopes.findLast((scope) => scope.has(name))?.get(name);
  }
  reference({ id }: Expr): Reference | undefined {
    return this.checked.references.get(id);
  }

  plan(expr: Expr): Plan {
    switch (expr.kind) {
      case 'literal':
        return constant(expr.value);
      case 'ident':
        return planName(this, expr, expr.name);
      case 'select':
        return planSelect(this, expr);
      case 'call':
        return planCall(this, expr);
      case 'list':
        return planList(this, expr);
      case 'map':
        return planMap(this, expr);
      case 'struct':
        return planStruct(this, expr);
      case 'comprehension':
        return planComprehension(this, expr);
    }
  }
}

export const constant = (value: Value): Plan => ({ run: () => value, constant: { value } });

/** A part that resolves an attribute. */
export const reading = (attribute: Attribute): Plan => ({
  attribute,
  run: (frame) => {
    const value = attribute.resolve(frame);
    frame.charge(attribute.cost);
    return value;
  },
});

/** The attribute of a part, to look further into it. */
export const attributeOf = ({ attribute, run }: Plan): Attribute => attribute ?? new PathAttribute(run);

function planName(planner: Planner, expr: Ident | Select, written: string): Plan {
  const local = planner.local(written);
  if (local) return reading(new PathAttribute(local));
  const type = planner.checked.types.get(expr.id);
  const name = absoluteName(planner.reference(expr)?.name ?? written);
  const named = type?.kind === 'type' && !planner.checked.environment.variables.has(name);
  return named
    ? constant(new TypeValue(type.parameters[0]!.name))
    : reading(new PathAttribute(variable(name)));
}

function planSelect(planner: Planner, expr: Select): Plan {
  const name = planner.reference(expr)?.name;
  if (name !== undefined) return planName(planner, expr, name);
  const attribute = attributeOf(planner.plan(expr.operand));
  attribute.with({ key: expr.field, optional: false, test: expr.test });
  if (!expr.test) return reading(attribute);
  // A presence test costs its qualifiers only.
  const run: Step = (frame) => {
    const present = attribute.resolve(frame);
    frame.charge(attribute.cost - 1);
    return presence(present);
  };
  return { run };
}

const presence = (value: Outcome): Outcome => (value instanceof Optional ? value.value !== undefined : value);
