import type { Clients } from '../../shared/client/client.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { service as services } from '../../shared/kinds/core/v1/service/index.ts';
import { endpointSlice } from '../../shared/kinds/discovery.k8s.io/v1/endpointslice/index.ts';
import type { HttpsOptions } from '../../shared/webhooks/https.ts';
import type { Reached } from '../drivers/podNetwork.ts';
import { connectTo } from '../drivers/sockets.ts';
import { endpointOf } from './endpoint.ts';

/** Says how long a webhook's connection may wait to be accepted, in milliseconds: the longest that a call may take. */
const connectMs = 30_000;

/** Connects to webhooks in Pods whose network is none of this machine's. */
export const elsewhere =
  (reached: Reached): NonNullable<HttpsOptions['connect']> =>
  ({ host, port }) => {
    const place = reached(host, port);
    return place.by && connectTo(place, { timeoutMs: connectMs });
  };

/** Finds webhooks of Services in their logical cluster. Pods of this machine have addresses that it knows by itself, or `elsewhere`. */
export const servicesIn =
  (clients: Clients, ids: Ids): HttpsOptions['find'] =>
  async (cluster, wanted) => {
    const client = clients(cluster);
    const { namespace, name } = wanted;
    const [service, slices] = await Promise.all([
      client.get(services, namespace, name),
      client.list(endpointSlice, { namespace, labelSelector: `kubernetes.io/service-name=${name}` }),
    ]);
    return endpointOf(wanted, { service, slices, chance: ids.random() });
  };
