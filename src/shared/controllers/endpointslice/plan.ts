import type { DiscoveryV1EndpointPort, Endpoint, EndpointSlice, Service } from '../../kinds/schema/types.ts';
import { controllerReference } from '../../meta/object.ts';
import { canonical, same, suffixOf } from '../common/hash.ts';
import { type Member, targetRefOf } from '../endpoints/members.ts';

/** Names the label that says whose an EndpointSlice is; each controller leaves those of others alone. */
export const managedBy = 'endpointslice.kubernetes.io/managed-by';
/** Is the value of `managedBy` on the slices of this controller, the same as in Kubernetes. */
export const manager = 'endpointslice-controller.k8s.io';
/** Names the label by which a slice belongs to a Service; proxies select by it. */
export const serviceLabel = 'kubernetes.io/service-name';
const perSlice = 100;

interface Group {
  ports: DiscoveryV1EndpointPort[];
  members: Map<string, Member>;
}

export interface Plan {
  create: EndpointSlice[];
  update: EndpointSlice[];
  delete: EndpointSlice[];
}

/**
 * Slices of at most 100 endpoints, one group for each set of ports. An endpoint stays in its slice, so that one Pod's
 * change is one slice's change; new ones fill gaps first.
 */
export function plan(service: Service, members: Member[], slices: EndpointSlice[]): Plan {
  const groups = new Map<string, Group>();
  for (const member of members) {
    const key = canonical(member.ports);
    const group: Group = groups.get(key) ?? { ports: member.ports, members: new Map() };
    group.members.set(member.pod.metadata.uid ?? '', member);
    groups.set(key, group);
  }
  // An empty Service has one slice, so that a reader can tell "none" from "not yet".
  if (groups.size === 0) groups.set('', { ports: [], members: new Map() });
  const labels = labelsOf(service);
  const result: Plan = { create: [], update: [], delete: [] };
  const unused = new Set([...slices].sort(byName));
  const names = new Set(slices.map((s) => s.metadata.name));

  for (const { ports, members: wanted } of groups.values()) {
    const fitting = [...unused].filter((s) => same(s.ports ?? [], ports) || groups.size === 1);
    const filled = fitting.map((slice) => ({ slice, endpoints: keep(slice, wanted) }));
    const fresh = [...wanted.values()].map(endpointOf);
    for (const entry of filled) entry.endpoints.push(...fresh.splice(0, perSlice - entry.endpoints.length));
    for (const [i, { slice, endpoints }] of filled.entries()) {
      if (endpoints.length === 0 && (i > 0 || filled.length > 1) && wantedElsewhere(filled, i)) continue;
      unused.delete(slice);
      const next = { ...slice, endpoints, ports, metadata: { ...slice.metadata, labels } };
      if (
        !same([slice.endpoints ?? [], slice.ports ?? [], slice.metadata.labels], [endpoints, ports, labels])
      )
        result.update.push(next);
    }
    const none = filled.every(({ slice }) => unused.has(slice));
    while (fresh.length > 0 || (none && members.length === 0 && result.create.length === 0))
      result.create.push(newSlice(service, labels, ports, fresh.splice(0, perSlice), names));
  }
  result.delete.push(...unused);
  return result;
}

/** Another slice of the group stays, so that this empty one may go. */
const wantedElsewhere = (filled: { endpoints: Endpoint[] }[], i: number) =>
  filled.some(({ endpoints }, j) => j !== i && (endpoints.length > 0 || j < i));

/** The slice's endpoints that are still wanted, as they are now; takes them out of `wanted`. */
function keep(slice: EndpointSlice, wanted: Map<string, Member>): Endpoint[] {
  return (slice.endpoints ?? []).flatMap(({ targetRef }) => {
    const member = wanted.get(targetRef?.uid ?? '');
    wanted.delete(targetRef?.uid ?? '');
    return member ? [endpointOf(member)] : [];
  });
}

const endpointOf = ({ pod, address, ready, serving, terminating }: Member): Endpoint => ({
  addresses: [address],
  conditions: { ready, serving, terminating },
  ...(pod.spec?.hostname && { hostname: pod.spec.hostname }),
  targetRef: targetRefOf(pod),
  ...(pod.spec?.nodeName && { nodeName: pod.spec.nodeName }),
});

const labelsOf = ({ metadata, spec }: Service): Record<string, string> => ({
  ...metadata.labels,
  ...(spec?.clusterIP === 'None' && { 'service.kubernetes.io/headless': '' }),
  [managedBy]: manager,
  [serviceLabel]: metadata.name ?? '',
});

function newSlice(
  service: Service,
  labels: Record<string, string>,
  ports: DiscoveryV1EndpointPort[],
  endpoints: Endpoint[],
  names: Set<string | undefined>,
): EndpointSlice {
  const { name = '', namespace = '', uid = '' } = service.metadata;
  let slot = 0;
  const nameAt = () => `${name}-${suffixOf(`${slot}/${uid}`)}`;
  while (names.has(nameAt())) slot++;
  names.add(nameAt());
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: nameAt(),
      generateName: `${name}-`,
      namespace,
      labels,
      ownerReferences: [controllerReference({ ...service, apiVersion: 'v1', kind: 'Service' })],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  };
}

const byName = (a: EndpointSlice, b: EndpointSlice) =>
  (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
