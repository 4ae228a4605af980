import type { EndpointAddress, EndpointSubset, Endpoints, Service } from '../../kinds/schema/types.ts';
import { canonical } from '../common/hash.ts';
import { type Member, targetRefOf } from './members.ts';

/** As many addresses as Kubernetes puts into one Endpoints object. */
const limit = 1000;
/** Says that there are more. */
export const overCapacity = 'endpoints.kubernetes.io/over-capacity';

/** The Endpoints of a Service: addresses with the same ports share a subset. */
export function endpointsFor(service: Service, members: Member[]): Endpoints {
  const { namespace = '', name = '', labels } = service.metadata;
  const subsets = new Map<string, EndpointSubset>();
  const shown = members.filter((m) => m.ready || !m.terminating);
  for (const member of shown.slice(0, limit)) {
    const key = canonical(member.ports);
    const subset: EndpointSubset = subsets.get(key) ?? { ports: member.ports.map(portOf) };
    subsets.set(key, subset);
    const list = member.ready ? 'addresses' : 'notReadyAddresses';
    subset[list] = [...(subset[list] ?? []), addressOf(member)];
  }
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      namespace,
      labels: {
        ...labels,
        ...(service.spec?.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
        'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
      },
      ...(shown.length > limit && { annotations: { [overCapacity]: 'truncated' } }),
    },
    ...(subsets.size > 0 && { subsets: [...subsets.values()] }),
  };
}

const portOf = ({ name, ...port }: Member['ports'][number]) => ({ ...(name && { name }), ...port });

const addressOf = ({ pod, address }: Member): EndpointAddress => ({
  ip: address,
  ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
  targetRef: targetRefOf(pod),
});
