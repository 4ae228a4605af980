import type { IngressMember, ServiceEndpoint } from '../../../shared/ports/cloud.ts';
import type { Api } from '../loadBalancers/api.ts';
import { Application } from '../loadBalancers/apply.ts';
import { observeTargetGroups } from '../loadBalancers/observe.ts';
import { planTargetGroups } from '../loadBalancers/plan.ts';
import type { Target, TargetGroupSpec } from '../loadBalancers/stack.ts';
import { backendHash, backendTag, labelOf } from './backendNames.ts';

export const targetsAt = (endpoints: ServiceEndpoint[]): Target[] =>
  endpoints.filter(({ ready }) => ready).map(({ address, port }) => ({ address, port }));

/**
 * Where an Ingress cannot be had as it is now, and nothing else changes: Pods come and go all the same. `owner` is the
 * hash in the names of its target groups.
 * @returns the addresses of all targets.
 */
export async function retarget(
  api: Api,
  vpc: string,
  owner: string,
  members: IngressMember[],
): Promise<Set<string>> {
  const targets = new Map(
    members.flatMap(({ ingress, backends }) =>
      backends.map(({ service, port, endpoints }) => [
        backendHash(labelOf(ingress), service, port),
        targetsAt(endpoints),
      ]),
    ),
  );
  const targetGroups = await observeTargetGroups(api, owner);
  const wanted = targetGroups.map((found): TargetGroupSpec => {
    const now = targets.get(found.tags[backendTag] ?? '') ?? found.targets;
    return { ...found, protocol: 'HTTP', port: 80, attributes: {}, targets: now };
  });
  const { before, after } = planTargetGroups(wanted, targetGroups);
  await new Application(api, vpc, { listeners: [], targetGroups }).run([...before, ...after]);
  return addressesIn(wanted);
}

/** Addresses of all targets of target groups. */
export const addressesIn = (groups: Pick<TargetGroupSpec, 'targets'>[]): Set<string> =>
  new Set(groups.flatMap(({ targets }) => targets.map(({ address }) => address)));
