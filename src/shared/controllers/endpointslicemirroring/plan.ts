import type {
  Endpoint,
  EndpointAddress,
  EndpointSlice,
  EndpointSubset,
  Endpoints,
  Service,
} from '../../kinds/schema/types.ts';
import { controllerReference } from '../../meta/object.ts';
import { canonical, same, suffixOf } from '../common/hash.ts';
import { managedBy, type Plan, serviceLabel } from '../endpointslice/plan.ts';

/** Is the value of `managedBy` on slices that mirror Endpoints which somebody else wrote. */
export const mirror = 'endpointslicemirroring-controller.k8s.io';
const skip = 'endpointslice.kubernetes.io/skip-mirror';
const leader = 'control-plane.alpha.kubernetes.io/leader';
const notCopied = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'endpoints.kubernetes.io/last-change-trigger-time',
];
/** As many addresses as Kubernetes mirrors of one subset. */
const most = 1000;

/** Returns whether slices have to be made: where a selector does it, or somebody said no, they are not. */
export function isMirrored({ metadata }: Endpoints, service: Service | undefined): boolean {
  if (metadata.deletionTimestamp || metadata.labels?.[skip] === 'true') return false;
  if (metadata.annotations?.[leader] !== undefined) return false;
  return !!service && !service.metadata.deletionTimestamp && !service.spec?.selector;
}

/** One slice for each subset and family of addresses. */
export function plan(source: Endpoints, slices: EndpointSlice[]): Plan {
  const todo: Plan = { create: [], update: [], delete: [] };
  const unused = new Set(slices);
  const wanted = (source.subsets ?? []).flatMap((subset) => [
    ...sliceOf(source, subset, 'IPv4'),
    ...sliceOf(source, subset, 'IPv6'),
  ]);
  // First those that are there with the same ports, so that a change of addresses changes one slice.
  const found = wanted.map((slice) => take(unused, (s) => portsOf(s) === portsOf(slice)));
  for (const [i, slice] of wanted.entries()) {
    const current = found[i] ?? take(unused, (s) => s.addressType === slice.addressType);
    if (!current) todo.create.push(slice);
    else if (!same(content(slice), content(current)))
      todo.update.push({ ...current, ...slice, metadata: { ...current.metadata, ...described(slice) } });
  }
  todo.delete.push(...unused);
  return todo;
}

function take(unused: Set<EndpointSlice>, fits: (slice: EndpointSlice) => boolean) {
  const found = [...unused].find(fits);
  if (found) unused.delete(found);
  return found;
}

const portsOf = ({ addressType, ports }: EndpointSlice) => canonical([addressType, ports ?? []]);
const described = ({ metadata: { labels, annotations } }: EndpointSlice) => ({ labels, annotations });
const content = (slice: EndpointSlice) => [
  slice.endpoints ?? [],
  slice.ports ?? [],
  slice.metadata.labels,
  slice.metadata.annotations ?? {},
];

function sliceOf(
  source: Endpoints,
  { addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset,
  addressType: 'IPv4' | 'IPv6',
): EndpointSlice[] {
  const isOf = ({ ip }: EndpointAddress) => ip.includes(':') === (addressType === 'IPv6');
  const endpoints = [
    ...addresses.filter(isOf).map((address) => endpointOf(address, true)),
    ...notReadyAddresses.filter(isOf).map((address) => endpointOf(address, false)),
  ].slice(0, most);
  if (endpoints.length === 0) return [];
  const { name = '', namespace = '', uid = '', labels, annotations = {} } = source.metadata;
  const kept = Object.entries(annotations).filter(([key]) => !notCopied.includes(key));
  const key = canonical([addressType, ports]);
  return [
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${name}-${suffixOf(`${key}/${uid}`)}`,
        generateName: `${name}-`,
        namespace,
        labels: { ...labels, [managedBy]: mirror, [serviceLabel]: name },
        ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
        ownerReferences: [controllerReference({ ...source, apiVersion: 'v1', kind: 'Endpoints' })],
      },
      addressType,
      endpoints,
      ports: ports.map(({ name: port = '', ...rest }) => ({ name: port, ...rest })),
    },
  ];
}

const endpointOf = ({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname && { hostname }),
  ...(targetRef && { targetRef }),
  ...(nodeName && { nodeName }),
});
