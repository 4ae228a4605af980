import { type Failure, failed, noSuchOverload, Optional } from '../values/value.ts';
import type { Step } from './frame.ts';

/** `||` (decided by true) and `&&` (decided by false): a side that decides hides the failure of the other. */
export const either =
  (decisive: boolean, left: Step, right: Step): Step =>
  (frame) => {
    let trouble: Failure | undefined;
    for (const side of [left, right]) {
      const value = side(frame);
      if (value === decisive) return decisive;
      if (typeof value !== 'boolean') trouble ??= failed(value) ? value : noSuchOverload();
    }
    return trouble ?? !decisive;
  };

/** Everything but false counts as true: a loop goes on after a failure, since a later element may decide. */
export const truthy =
  (operand: Step): Step =>
  (frame) => {
    const value = operand(frame);
    frame.charge(1);
    return typeof value === 'boolean' ? value : true;
  };

/** `a.or(b)` and `a.orValue(b)`: b only where a is empty. */
export const optionalOr =
  (first: Step, second: Step, unwrap: boolean): Step =>
  (frame) => {
    const value = first(frame);
    if (!(value instanceof Optional)) return value;
    if (value.value === undefined) return second(frame);
    return unwrap ? value.value : value;
  };
