/** Says where the webhook of a Service is reached: at one of its ready endpoints, as a proxy would choose. */
import type { EndpointSlice, Service } from '../../shared/kinds/schema/types.ts';
import type { WebhookService } from '../../shared/ports/webhooks.ts';
import type { Place } from '../../shared/webhooks/https.ts';

export interface Found {
  /** Undefined: there is none of that name. */
  service: Service | undefined;
  slices: readonly EndpointSlice[];
  /** Between 0 and 1: which of several endpoints. */
  chance: number;
}

/** @throws Error in the words of a real server, which would go through the cluster IP. */
export function endpointOf({ name, port = 443 }: WebhookService, { service, slices, chance }: Found): Place {
  const shown = JSON.stringify(name);
  if (!service) throw new Error(`service ${shown} not found`);
  const { type = 'ClusterIP', externalName = '', ports = [] } = service.spec ?? {};
  if (type === 'ExternalName') return { host: externalName, port };
  const servicePort = ports.find((each) => each.port === port);
  if (!servicePort) throw new Error(`no service port ${port} found for service ${shown}`);
  const places = slices.flatMap((slice) => readyPlaces(slice, servicePort.name ?? ''));
  const place = places[Math.floor(chance * places.length)];
  if (!place) throw new Error(`no endpoints available for service ${shown}`);
  return place;
}

function readyPlaces({ ports, endpoints }: EndpointSlice, portName: string): Place[] {
  const port = ports?.find(({ name = '' }) => name === portName)?.port;
  if (port === undefined) return [];
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses: [host] }) => (host === undefined ? [] : [{ host, port }]));
}
