import { ApiError } from '../../../errors/apiError.ts';
import { badRequest, notFound } from '../../../errors/common.ts';
import type { Endpoints, Pod, Service } from '../../../kinds/schema/types.ts';
import type { Reach } from '../../../ports/reach.ts';
import type { Call } from '../../request.ts';
import { parseJson } from '../../served.ts';

/** Describes where a request is sent on to. */
export interface Place {
  tls: boolean;
  address: string;
  /** Empty: the scheme's own. */
  port: string;
}

/** `name`, `name:port` or `scheme:name:port`, as it stands in the path. */
export interface Asked {
  tls: boolean;
  name: string;
  port: string;
}

/** Throws BadRequest, saying which kind of request it was. */
export function askedFor(id: string, what: 'pod' | 'service' | 'node'): Asked {
  const parts = id.split(':');
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || !name || !['http', 'https', ''].includes(scheme))
    throw badRequest(`invalid ${what} request ${JSON.stringify(id)}`);
  return { tls: scheme === 'https', name, port };
}

/** The Pod's address, with the first port that it names unless one is asked for. Throws NotFound, BadRequest. */
export async function placeOfPod(call: Call, reach: Reach): Promise<Place> {
  const { tls, name, port } = askedFor(call.name, 'pod');
  const { spec, status } = await read<Pod>(call, 'pods', name);
  const address = status?.podIPs?.[0]?.ip ?? status?.podIP ?? '';
  if (!reach.mayReach(address)) throw badRequest('address not allowed');
  const named = spec?.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
  return { tls, address, port: port || String(named ?? '') };
}

/** One of the Service's ready Pods, by its Endpoints. Throws NotFound, BadRequest, ServiceUnavailable. */
export async function placeOfService(call: Call, reach: Reach): Promise<Place> {
  const { tls, name, port } = askedFor(call.name, 'service');
  const portName = /^[+-]?\d+$/.test(port) ? await nameOfPort(call, name, Number(port)) : port;
  const { subsets = [] } = await read<Endpoints>(call, 'endpoints', name);
  if (!subsets.length) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  const places = subsets.flatMap(({ addresses = [], ports = [] }) => {
    const found = ports.find((each) => (each.name ?? '') === portName);
    return found ? addresses.map((address) => ({ address, port: String(found.port) })) : [];
  });
  while (places.length) {
    const [chosen] = places.splice(Math.floor(call.deps.ids.random() * places.length), 1);
    const { address, port } = chosen!;
    if (reach.mayReach(address.ip) && (await isOfPod(call, address)))
      return { tls, address: address.ip, port };
  }
  throw unavailable(`no endpoints available for service ${JSON.stringify(call.name)}`);
}

/** Nobody is there to send the request on to. */
export const unavailable = (message: string) => new ApiError('ServiceUnavailable', message);

async function nameOfPort(call: Call, name: string, number: number): Promise<string> {
  const { spec } = await read<Service>(call, 'services', name);
  const found = spec?.ports?.find(({ port }) => port === number);
  if (found) return found.name ?? '';
  throw unavailable(`no service port ${number} found for service ${JSON.stringify(name)}`);
}

type EndpointAddress = NonNullable<NonNullable<Endpoints['subsets']>[number]['addresses']>[number];

/** Endpoints are anybody's to write: only an address that a Pod of the namespace has is asked. */
async function isOfPod(call: Call, { ip, targetRef }: EndpointAddress): Promise<boolean> {
  if (targetRef?.kind !== 'Pod' || !targetRef.name || targetRef.namespace !== call.namespace) return false;
  const pod = await find<Pod>(call, 'pods', targetRef.name);
  return [pod?.status?.podIP, ...(pod?.status?.podIPs ?? []).map((each) => each.ip)].includes(ip);
}

async function read<T>(call: Call, plural: string, name: string): Promise<T> {
  const found = await find<T>(call, plural, name);
  if (!found) throw notFound({ group: '', plural, name });
  return found;
}

async function find<T>(
  { deps, cluster, namespace }: Call,
  plural: string,
  name: string,
): Promise<T | undefined> {
  const stored = await deps.storage.get({ cluster, resource: plural, namespace, name });
  return stored && (parseJson(stored.value) as unknown as T);
}
