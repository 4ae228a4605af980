import type { Reader } from '../shared/client/client.ts';
import {
  balancerCondition,
  balances,
  ingressCondition,
  selectsPod,
} from '../shared/controllers/common/balancing.ts';
import { ingresses, services } from '../shared/controllers/resources.ts';
import type { Ingress, Pod, Service } from '../shared/kinds/schema/types.ts';
import { isServed } from './controllers/ingress/group.ts';
import { backendsOf } from './controllers/ingress/plan.ts';

/** Describes what has to be known of an Ingress that a load balancer serves. */
export interface ServedIngress {
  namespace: string;
  name: string;
  /** Names of the Services that it leads to. */
  services: string[];
}

/** Undefined while no load balancer serves it. */
export function servedIngress(ingress: Ingress): ServedIngress | undefined {
  if (!isServed(ingress)) return undefined;
  const { namespace = '', name = '' } = ingress.metadata;
  return { namespace, name, services: [...new Set(backendsOf(ingress).map(({ service }) => service))] };
}

/**
 * Types of the conditions that say how a Pod stands with each load balancer by which connections come to it: those of
 * Services of that type, and of Ingresses that lead to a Service of the Pod's. All are of the Pod's namespace.
 */
export function balancersOf(pod: Pod, all: Service[], served: ServedIngress[]): string[] {
  const leading = all.filter((service) => selectsPod(service, pod));
  const names = leading.map(({ metadata }) => metadata.name ?? '');
  return [
    ...leading
      .filter((service) => balances(service, pod))
      .map(({ metadata }) => balancerCondition(metadata.name ?? '')),
    ...served
      .filter((ingress) => ingress.services.some((name) => names.includes(name)))
      .map(({ name }) => ingressCondition(name)),
  ];
}

/** The same, of what is there now. */
export async function balancersNow(client: Reader, pod: Pod): Promise<string[]> {
  const { namespace = '' } = pod.metadata;
  const [all, web] = await Promise.all([
    client.list(services, { namespace }),
    client.list(ingresses, { namespace }),
  ]);
  return balancersOf(
    pod,
    all,
    web.flatMap((ingress) => servedIngress(ingress) ?? []),
  );
}
