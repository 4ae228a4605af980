import type { Clients } from '../../shared/client/client.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { service as services } from '../../shared/kinds/core/v1/service/index.ts';
import { endpointSlice } from '../../shared/kinds/discovery.k8s.io/v1/endpointslice/index.ts';
import type { HttpsOptions } from '../../shared/webhooks/https.ts';
import { endpointOf } from './endpoint.ts';

/** Finds webhooks of Services in their logical cluster. Pods of this machine are reached by their own addresses. */
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
