import type { PodSpec, ResourceRequirements } from '../../../schema/types.ts';
import { type Amounts, added, addTo, isZero, raiseTo } from '../amounts.ts';
import { isSidecar } from './summary.ts';
import { isHugePages } from './validate/resources.ts';

type Part = 'requests' | 'limits';

/**
 * Returns what a Pod requests, or is limited to, as a whole: what its containers and sidecars have together, or the
 * hungriest init container with the sidecars before it; what is said of the Pod itself goes before. Without its
 * overhead.
 */
export function amountsOfPod({ containers, initContainers, resources }: PodSpec, part: Part): Amounts {
  const total: Amounts = {};
  for (const container of containers) addTo(total, container.resources?.[part]);
  const sidecars: Amounts = {};
  const beginning: Amounts = {};
  for (const container of initContainers ?? []) {
    const own = container.resources?.[part];
    if (isSidecar(container)) {
      addTo(total, own);
      addTo(sidecars, own);
      raiseTo(beginning, sidecars);
    } else {
      const together = { ...own };
      addTo(together, sidecars);
      raiseTo(beginning, together);
    }
  }
  raiseTo(total, beginning);
  for (const [name, amount] of Object.entries(resources?.[part] ?? {}))
    if (isOfPods(name)) total[name] = amount;
  return total;
}

/** The same with what its runtime takes besides; a limit grows only where there is one. */
export function amountsWithOverhead(spec: PodSpec, part: Part): Amounts {
  const total = amountsOfPod(spec, part);
  for (const [name, amount] of Object.entries(spec.overhead ?? {})) {
    const before = Object.hasOwn(total, name) ? total[name]! : '0';
    if (part === 'requests' || !isZero(before)) total[name] = added(before, amount);
  }
  return total;
}

/** Returns whether resources are said of the Pod as a whole. */
export const hasOwnResources = ({ limits, requests }: ResourceRequirements = {}): boolean =>
  [...Object.keys(limits ?? {}), ...Object.keys(requests ?? {})].some(isOfPods);

const isOfPods = (name: string) => name === 'cpu' || name === 'memory' || isHugePages(name);
