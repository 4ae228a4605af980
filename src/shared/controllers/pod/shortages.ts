import type { Amounts } from '../scheduler/resources.ts';

/** A resource that a node has not enough of. */
export interface Shortage {
  name: string;
  /** How much more there would have to be. */
  amount: number;
  /** Says so in kubelet's words. */
  message: string;
}

/** Resources in the order in which kubelet looks at them; others follow by name. */
const order = ['pods', 'cpu', 'memory', 'ephemeral-storage'];
const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);

/** Returns what a node has not enough of for what is asked beside what is used. */
export function shortages(asked: Amounts, used: Amounts, capacity: Amounts): Shortage[] {
  return Object.entries(asked)
    .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .flatMap(([name, requested]) => {
      const [inUse, most] = [used[name] ?? 0, capacity[name]];
      // What the node knows nothing of may be a resource of the cluster.
      if (requested === 0 || most === undefined || requested + inUse <= most) return [];
      const numbers = `requested: ${requested}, used: ${inUse}, capacity: ${most}`;
      const message = `Node didn't have enough resource: ${name}, ${numbers}`;
      return [{ name, amount: requested + inUse - most, message }];
    });
}
