import type { EndpointSlice, Ingress } from '../../kinds/schema/types.ts';
import type { IngressMember } from '../../ports/cloud.ts';
import type { ObjectKey, ReconcileContext, Requeue } from '../controller.ts';
import { ifChanged, slicesOf } from '../endpointslice/ofService.ts';
import { services } from '../resources.ts';
import { backendsOf, endpointsFor, missingActions } from './plan.ts';

/** An Ingress with what its Services lead to, and the slices that said so. */
export interface Read extends Omit<IngressMember, 'isServed'> {
  slices: Map<string, EndpointSlice[]>;
}

/** A Service, port or action that is not there is told of, and answered by 503. */
export async function readBackends(ingress: Ingress, { client, events }: ReconcileContext): Promise<Read> {
  const { namespace = '' } = ingress.metadata;
  const missing = (what: string) => {
    const message = `There is no ${what}: requests for it are answered by 503`;
    events(ingress, { type: 'Warning', reason: 'BackendNotFound', message });
  };
  for (const annotation of missingActions(ingress)) missing(`annotation ${annotation}`);
  const slices: Read['slices'] = new Map();
  const backends: Read['backends'] = [];
  for (const named of backendsOf(ingress)) {
    const service = await client.get(services, namespace, named.service);
    const own = slices.get(named.service) ?? (await slicesOf({ namespace, name: named.service }, client));
    slices.set(named.service, own);
    const found = endpointsFor(named, service, own);
    backends.push(found ?? { ...named, endpoints: [] });
    if (found) continue;
    missing(`${service ? `port ${named.port} of the Service` : 'Service'} ${namespace}/${named.service}`);
  }
  return { ingress, backends, slices };
}

/** Whether endpoints are others meanwhile. */
export async function ifBackendsChanged(
  all: Read[],
  { client }: ReconcileContext,
): Promise<Requeue | undefined> {
  for (const { ingress, slices } of all)
    for (const [name, seen] of slices) {
      const service: ObjectKey = { namespace: ingress.metadata.namespace ?? '', name };
      const again = await ifChanged(service, seen, client);
      if (again) return again;
    }
  return undefined;
}
