import { amountsWithOverhead } from '../../kinds/core/v1/pod/amounts.ts';
import type { Node, Pod, PodSpec, Quantity } from '../../kinds/schema/types.ts';
import { parseQuantity } from '../../meta/quantity.ts';

/** Amounts by resource name: CPU in thousandths of a core, everything else in its own unit, rounded up. */
export type Amounts = Record<string, number>;

const amountsOf = (quantities: Record<string, Quantity> | undefined): Amounts =>
  Object.fromEntries(
    Object.entries(quantities ?? {}).map(([name, quantity]) => [name, amountOf(name, quantity)]),
  );

function amountOf(name: string, quantity: Quantity): number {
  const unit = name === 'cpu' ? 1_000_000n : 1_000_000_000n;
  const nanos = parseQuantity(quantity) ?? 0n;
  return Number((nanos + unit - 1n) / unit);
}

/** Memo only: the same object always asks for the same. */
const requests = new WeakMap<object, Amounts>();

/**
 * Returns what a Pod asks of a Node: its containers and sidecars together, or its hungriest init container, or what is
 * said of the Pod itself; its runtime's overhead; and one place.
 */
export function podRequests(pod: Pod): Amounts {
  const { spec } = pod;
  if (!spec) return { pods: 1 };
  const found = requests.get(spec);
  if (found) return found;
  const total = { ...totalOf(spec), pods: 1 };
  requests.set(spec, total);
  return total;
}

/** Most Pods are one container, whose requests are theirs. */
function totalOf(spec: PodSpec): Amounts {
  const [only, ...others] = spec.containers;
  const isPlain = only && !others.length && !spec.initContainers?.length && !spec.resources && !spec.overhead;
  return amountsOf(isPlain ? only.resources?.requests : amountsWithOverhead(spec, 'requests'));
}

/** CPU and memory as scores count them. */
export interface ScoredAmounts {
  cpu: number;
  memory: number;
}

/** Is what a container counts that does not say: else Pods without requests would all go to one Node. */
const assumed = { cpu: '100m', memory: '200Mi' };
const nothing: ScoredAmounts = { cpu: 0, memory: 0 };
const scored = new WeakMap<object, ScoredAmounts>();

/** Returns what a Pod counts in scores: its requests, and of containers without any an assumed amount. */
export function scoredRequests({ spec }: Pod): ScoredAmounts {
  if (!spec) return nothing;
  const found = scored.get(spec);
  if (found) return found;
  const total = totalOf(withAssumed(spec));
  const result = { cpu: total.cpu ?? 0, memory: total.memory ?? 0 };
  scored.set(spec, result);
  return result;
}

const withAssumed = (spec: PodSpec): PodSpec => ({
  ...spec,
  containers: spec.containers.map((container) => ({
    ...container,
    resources: { requests: { ...assumed, ...container.resources?.requests } },
  })),
});

/** Returns what a Node has for Pods, by resource; its capacity where `allocatable` is absent. */
export const allocatable = ({ status }: Node): Amounts => amountsOf(status?.allocatable ?? status?.capacity);

/** Adds the amounts to `sum` in place, or takes them away with sign -1. */
export function addTo(sum: Amounts, amounts: Amounts, sign: 1 | -1): void {
  for (const name in amounts) sum[name] = (sum[name] ?? 0) + sign * amounts[name]!;
}
