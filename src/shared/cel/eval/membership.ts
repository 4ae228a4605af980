import { keyOf } from '../values/dict.ts';
import { List } from '../values/list.ts';
import { failed } from '../values/value.ts';
import { constant, type Plan } from './plan.ts';

/** `x in [1, 2, 3]` with a list of literals is a look into a set, and costs nothing but x. */
export function planMembership(element: Plan, list: Plan): Plan | undefined {
  const values = list.constant?.value;
  if (!(values instanceof List)) return undefined;
  if (values.size === 0) return constant(false);
  const all = values.all();
  if (!Array.isArray(all)) return undefined;
  const keys = new Set<unknown>();
  for (const value of all) {
    const key = keyOf(value);
    if (key === undefined && value !== null) return undefined;
    keys.add(value === null ? null : key);
  }
  const run: Plan['run'] = (frame) => {
    const value = element.run(frame);
    return failed(value) ? value : keys.has(value === null ? null : keyOf(value));
  };
  return { run };
}
