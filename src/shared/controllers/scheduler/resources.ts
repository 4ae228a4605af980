import type { Container, Node, Pod } from '../../kinds/schema/types.ts';
import { parseQuantity } from '../../meta/quantity.ts';

/** Amounts by resource name, in one unit per resource. */
export type Amounts = Record<string, number>;

const amount = (quantity: string): number => Number(parseQuantity(quantity) ?? 0n);
const one = amount('1');

const requestsOf = (container: Container): Amounts =>
  Object.fromEntries(
    Object.entries(container.resources?.requests ?? {}).map(([name, quantity]) => [name, amount(quantity)]),
  );

/** Memo only: the same object always asks for the same. */
const known = new WeakMap<object, Amounts>();

/** What a Pod asks of a Node: its containers together, or its hungriest init container; and one place. */
export function podRequests(pod: Pod): Amounts {
  const key = pod.spec ?? pod;
  const found = known.get(key);
  if (found) return found;
  const total: Amounts = { pods: one };
  for (const container of pod.spec?.containers ?? []) addTo(total, requestsOf(container), 1);
  for (const container of pod.spec?.initContainers ?? [])
    for (const [name, value] of Object.entries(requestsOf(container)))
      total[name] = Math.max(total[name] ?? 0, value);
  known.set(key, total);
  return total;
}

/** Returns what a Node has for Pods, by resource; its capacity where `allocatable` is absent. */
export const allocatable = (node: Node): Amounts =>
  Object.fromEntries(
    Object.entries(node.status?.allocatable ?? node.status?.capacity ?? {}).map(([name, quantity]) => [
      name,
      amount(quantity),
    ]),
  );

/** Adds the amounts to `sum` in place, or takes them away with sign -1. */
export function addTo(sum: Amounts, amounts: Amounts, sign: 1 | -1): void {
  for (const [name, value] of Object.entries(amounts)) sum[name] = (sum[name] ?? 0) + sign * value;
}
