import type { Container, ContainerStatus, Pod, Quantity } from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';
import { parseQuantity } from '../../meta/quantity.ts';
import { conditionOf } from '../common/pods.ts';
import { resizePending, withContainers } from '../pod/allocated.ts';

type Quantities = Record<string, Quantity>;

/**
 * Returns the Pod as the scheduler counts it: of what a container asks for, has and was promised the most, but what it
 * asks for only as long as its node can ever give it. As determineEffectiveRequests of component-helpers.
 */
export function asScheduled(pod: Pod): Pod {
  const isInfeasible = conditionOf(pod, resizePending)?.reason === 'Infeasible';
  return withContainers(pod, (container, status, isInit) => {
    // What ends before the others begin cannot be resized.
    if (!status?.resources || (isInit && container.restartPolicy !== 'Always')) return container;
    const requests = effective(container, status, isInfeasible);
    return requests === container.resources?.requests
      ? container
      : { ...container, resources: { ...container.resources, requests } };
  });
}

function effective(
  { resources }: Container,
  { resources: actual, allocatedResources }: ContainerStatus,
  isInfeasible: boolean,
): Quantities | undefined {
  const asked = resources?.requests;
  const told = [actual?.requests ?? {}, ...(allocatedResources ? [allocatedResources] : [])];
  // So it is with nearly all, and this is looked at for each Pod.
  if (told.every((each) => isSame(each, asked ?? {}))) return asked;
  return most(asked && !isInfeasible ? [asked, ...told] : told);
}

function most(all: readonly Quantities[]): Quantities {
  const result: Quantities = {};
  for (const [name, quantity] of all.flatMap((each) => Object.entries(each)))
    if ((parseQuantity(quantity) ?? 0n) >= (parseQuantity(result[name] ?? '0') ?? 0n))
      result[name] = quantity;
  return result;
}
