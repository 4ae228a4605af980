import { fail, failed, noSuchOverload, Optional, type Outcome, type Value } from '../values/value.ts';
import type { Frame, Step } from './frame.ts';
import { qualify } from './qualify.ts';

/** One step into a value: a field, an index, or with `test` the question whether it is there. */
export interface Qualifier {
  readonly key: Value | Attribute | Step;
  /** `a.?b` and `a[?b]`: what is missing makes the whole empty. */
  readonly optional: boolean;
  readonly test: boolean;
}

/**
 * A variable or another start, and the way from there into its value. The cost of expressions is counted on attributes
 * as cel-go counts it: 1 for the attribute, 1 for each qualifier that was applied, and for the choice of a
 * conditional nothing.
 */
export abstract class Attribute {
  /** The cost of the attribute as such. */
  abstract readonly cost: number;
  abstract with(qualifier: Qualifier): this;
  abstract resolve(frame: Frame): Outcome;
}

/** A variable, or the result of a step, with what is looked up in it. */
export class PathAttribute extends Attribute {
  override readonly cost = 1;
  private readonly start: Step;
  private readonly qualifiers: Qualifier[] = [];

  constructor(start: Step) {
    super();
    this.start = start;
  }
  override with(qualifier: Qualifier): this {
    this.qualifiers.push(qualifier);
    return this;
  }
  override resolve(frame: Frame): Outcome {
    const start = this.start(frame);
    if (failed(start) || this.qualifiers.length === 0) return start;
    return applyAll(frame, start, this.qualifiers);
  }
}

/** `c ? a : b`, where what is looked up in the result is looked up in the one that was chosen. */
export class ConditionalAttribute extends Attribute {
  override readonly cost = 0;
  private readonly condition: Step;
  private readonly yes: Attribute;
  private readonly no: Attribute;

  constructor(condition: Step, yes: Attribute, no: Attribute) {
    super();
    this.condition = condition;
    this.yes = yes;
    this.no = no;
  }
  override with(qualifier: Qualifier): this {
    this.yes.with(qualifier);
    this.no.with(qualifier);
    return this;
  }
  override resolve(frame: Frame): Outcome {
    const chosen = this.condition(frame);
    if (typeof chosen === 'boolean') return (chosen ? this.yes : this.no).resolve(frame);
    return failed(chosen) ? chosen : noSuchOverload();
  }
}

function applyAll(frame: Frame, start: Value, qualifiers: readonly Qualifier[]): Outcome {
  let value = start;
  let optional = false;
  if (start instanceof Optional) {
    if (start.value === undefined) return start;
    value = start.value;
    optional = true;
  }
  for (const { key, optional: mayMiss, test } of qualifiers) {
    optional ||= mayMiss;
    const by = keyValue(frame, key);
    const found = failed(by) ? by : qualify(value, by, optional || test);
    if (test || !optional || found !== undefined) frame.charge(1);
    if (failed(found ?? null)) return found!;
    if (test && !(optional && found === undefined)) value = found !== undefined;
    else if (found === undefined) return Optional.none;
    else value = found as Value;
  }
  return optional ? new Optional(value) : value;
}

function keyValue(frame: Frame, key: Value | Attribute | Step): Outcome {
  if (key instanceof Attribute) return key.resolve(frame);
  return typeof key === 'function' ? key(frame) : key;
}

/** A variable of the caller. */
export const variable =
  (name: string): Step =>
  ({ bindings }) => {
    const value = bindings(name);
    return value === undefined ? fail(`no such attribute(s): ${name}`) : value;
  };
