import { spend } from '../values/steps.ts';
import type { Outcome } from '../values/value.ts';

/** Describes where an evaluation finds its variables; undefined for a variable that has no value. */
export type Bindings = (name: string) => Outcome | undefined;

/** Ends an evaluation whose cost exceeds its limit. */
export class CostExceeded extends Error {
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}

/** One evaluation: what it has cost so far and what its loop variables hold. */
export class Frame {
  cost = 0;
  readonly bindings: Bindings;
  /** Loop variables by the number that the plan gave them; undefined until the loop sets them. */
  readonly locals: (Outcome | undefined)[] = [];
  private readonly limit: number;

  constructor(bindings: Bindings, limit: number) {
    this.bindings = bindings;
    this.limit = limit;
  }

  /** Adds to the cost. @param work Is how much of it takes time. @throws CostExceeded */
  charge(cost: number, work = cost): void {
    this.cost += cost;
    spend(work);
    if (this.cost > this.limit) throw new CostExceeded();
  }
}

/** One part of a planned expression. */
export type Step = (frame: Frame) => Outcome;
