import type { EndpointSlice, Ingress, IngressBackend, Service } from '../../kinds/schema/types.ts';
import type { IngressEndpoints, IngressMember } from '../../ports/cloud.ts';
import type { ObjectKey, ReconcileContext, Requeue } from '../controller.ts';
import { ifChanged, slicesOf } from '../endpointslice/ofService.ts';
import { services } from '../resources.ts';
import { endpointsOf } from '../service/plan.ts';

/** A Service port as an Ingress names it. */
export interface Named {
  service: string;
  port: string | number;
}

/** An Ingress with what its Services lead to, and the slices that said so. */
export interface Read extends Omit<IngressMember, 'isServed'> {
  slices: Map<string, EndpointSlice[]>;
}

/**
 * Reads what the Services that an Ingress names lead to. One that does not exist, or lacks the port, gets an Event and is
 * answered by 503. `alsoTo` says, of all slices, to which Pods (by UID) they lead as well although these are not ready.
 */
export async function readBackends(
  ingress: Ingress,
  all: Named[],
  ctx: ReconcileContext,
  alsoTo: (slices: EndpointSlice[]) => Promise<ReadonlySet<string>> = async () => new Set(),
): Promise<Read> {
  const { client } = ctx;
  const { namespace = '' } = ingress.metadata;
  const slices: Read['slices'] = new Map();
  for (const { service: name } of all)
    if (!slices.has(name)) slices.set(name, await slicesOf({ namespace, name }, client));
  const waiting = await alsoTo([...slices.values()].flat());
  const backends: Read['backends'] = [];
  for (const named of all) {
    const service = await client.get(services, namespace, named.service);
    const found = endpointsFor(named, service, slices.get(named.service) ?? [], waiting);
    backends.push(found ?? { ...named, endpoints: [] });
    if (found) continue;
    const what = service ? `port ${named.port} of the Service` : 'Service';
    reportMissing(ingress, `${what} ${namespace}/${named.service}`, ctx);
  }
  return { ingress, backends, slices };
}

/** Records that something does not exist which an Ingress names. */
export const reportMissing = (ingress: Ingress, what: string, { events }: ReconcileContext): void =>
  events(ingress, {
    type: 'Warning',
    reason: 'BackendNotFound',
    message: `There is no ${what}: requests for it are answered by 503`,
  });

/** Asks for another run when endpoints changed during this one. */
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

/** Returns where a Service port leads; undefined when there is no such port. */
function endpointsFor(
  { service, port }: Named,
  object: Service | undefined,
  slices: EndpointSlice[],
  waiting: ReadonlySet<string>,
): IngressEndpoints | undefined {
  const found = object?.spec?.ports?.find((p) => p.name === port || p.port === port);
  if (!found) return undefined;
  const endpoints = endpointsOf(slices, waiting).filter((e) => e.portName === (found.name ?? ''));
  return { service, port, annotations: object?.metadata.annotations, endpoints };
}

/** Returns every backend of an Ingress that is a Service: the default one and those of its rules. */
export const serviceBackendsOf = ({ spec = {} }: Ingress): IngressBackend[] =>
  [
    spec.defaultBackend,
    ...(spec.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map((p) => p.backend)),
  ]
    .filter((backend) => backend !== undefined)
    .filter(({ service }) => service !== undefined);

/** Returns each Service port once. */
export const distinct = (named: Named[]): Named[] => [
  ...new Map(named.map((each) => [`${each.service} ${each.port}`, each])).values(),
];
