import type { PodSpec, ResourceRequirements } from '../kinds/schema/types.ts';
import { parseQuantity } from './quantity.ts';

/** Is the class by which a node chooses what to evict first; it follows from requests and limits. */
export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';
type Amounts = Record<string, string>;

const counted = ['cpu', 'memory'];

/** Guaranteed when every container has limits for cpu and memory and requests exactly them; BestEffort without any. */
export function qosClassOf({ containers, initContainers, resources }: PodSpec): QosClass {
  const parts = resources
    ? [resources]
    : [...containers, ...(initContainers ?? [])].map((c) => c.resources ?? {});
  const requests = sum(parts.map((p) => p.requests));
  const limits = sum(parts.map((p) => p.limits));
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  return parts.every(isLimited) && counted.every((name) => requests.get(name) === limits.get(name))
    ? 'Guaranteed'
    : 'Burstable';
}

const isLimited = ({ limits }: ResourceRequirements): boolean =>
  counted.every((name) => amountOf(limits, name) > 0n);

const amountOf = (list: Amounts | undefined, name: string): bigint => {
  const text = list?.[name];
  return text === undefined ? 0n : (parseQuantity(text) ?? 0n);
};

/** By name; what is zero does not count. */
function sum(lists: (Amounts | undefined)[]): Map<string, bigint> {
  const total = new Map<string, bigint>();
  for (const list of lists) {
    for (const name of counted) {
      const amount = amountOf(list, name);
      if (amount > 0n) total.set(name, (total.get(name) ?? 0n) + amount);
    }
  }
  return total;
}
