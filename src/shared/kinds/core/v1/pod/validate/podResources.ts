import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { compareQuantities, parseQuantity } from '../../../../../meta/quantity.ts';
import { ownValue } from '../../../../../meta/table.ts';
import { canonicalQuantity } from '../../../../schema/quantity.ts';
import type { PodSpec, ResourceRequirements } from '../../../../schema/types.ts';
import { forbidden, invalidValue, notSupported } from '../../../../validation/causes.ts';
import { isHugePages, validResourceName, validResources } from './resources.ts';

/** Returns what is wrong with the resources of a Pod as a whole, which its containers share. */
export function validPodResources(field: string, spec: PodSpec, claims: string[]): Cause[] {
  const { resources, os } = spec;
  if (!resources) return [];
  if (os?.name === 'windows') return [forbidden(field, 'may not be set for a windows pod')];
  const causes: Cause[] = [];
  if (resources.claims) {
    causes.push(forbidden(`${field}.claims`, 'claims may not be set for Resources at pod-level'));
  }
  addAll(causes, validResources(field, resources, claims, validPodName));
  return [...causes, ...consistent(field, spec, resources)];
}

function validPodName(field: string, name: string): Cause[] {
  const causes = validResourceName(field, name);
  if (causes.length > 0 || name === 'cpu' || name === 'memory' || isHugePages(name)) return causes;
  return [notSupported(field, name, ['cpu', 'hugepages-', 'memory'])];
}

/** Containers together do not request more than their Pod, and none is allowed more. */
function consistent(
  field: string,
  spec: PodSpec,
  { requests = {}, limits = {} }: ResourceRequirements,
): Cause[] {
  const causes: Cause[] = [];
  for (const [name, amount] of Object.entries(requests)) {
    const parts = spec.containers.flatMap((c) => ownValue(c.resources?.requests, name) ?? []);
    const sum = parts.reduce((total, part) => total + (parseQuantity(part) ?? 0n), 0n);
    if (sum <= (parseQuantity(amount) ?? 0n)) continue;
    const shown = parts.length === 1 ? parts[0] : canonicalQuantity(`${sum}n`);
    const why = `must be greater than or equal to aggregate container requests of ${shown}`;
    causes.push(invalidValue(`${field}.requests[${name}]`, amount, why));
  }
  for (const [i, { resources }] of spec.containers.entries()) {
    for (const [name, amount] of Object.entries(resources?.limits ?? {})) {
      const most = ownValue(limits, name);
      if (most === undefined || compareQuantities(amount, most) <= 0) continue;
      const at = `${field}.containers[${i}][${name}].limits`;
      causes.push(invalidValue(at, amount, `must be less than or equal to pod limits of ${most}`));
    }
  }
  return causes;
}
