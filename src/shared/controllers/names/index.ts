import type { EndpointSlice, Service } from '../../kinds/schema/types.ts';
import type { NameService, ServiceRef } from '../../ports/cloud.ts';
import { removeGone } from '../common/gone.ts';
import { type Controller, keyOf, type ObjectKey, type ReconcileContext, watching } from '../controller.ts';
import { ifChanged, slicesOf } from '../endpointslice/ofService.ts';
import { serviceLabel } from '../endpointslice/plan.ts';
import { endpointSlices, services } from '../resources.ts';
import { clusterRecordsOf } from './clusterRecords.ts';
import { recordsOf, untranslatedPorts } from './plan.ts';

const sweep = 'services';

/** Publishes the DNS records of Services in the cloud's zone. */
export const names: Controller = {
  group: 'services',
  name: 'name-controller',
  isFor: (cloud) => cloud.names !== undefined,
  watches: [
    watching<Service>({ resource: services, keys: (service) => [keyOf(service)] }),
    watching<EndpointSlice>({
      resource: endpointSlices,
      keys: ({ metadata: { namespace = '', labels } }) =>
        labels?.[serviceLabel] ? [{ namespace, name: labels[serviceLabel] }] : [],
    }),
  ],
  always: (cloud) => (cloud.names ? [{ namespace: '', name: sweep }] : []),

  async reconcile(key, ctx) {
    const { client, cloud, events } = ctx;
    if (!cloud.names) return undefined;
    if (key.namespace === '') return withdrawGone(cloud.names, key.cluster, undefined, ctx);
    const service = await client.get(services, key.namespace, key.name);
    if (!service || service.metadata.deletionTimestamp)
      return withdrawGone(cloud.names, key.cluster, key, ctx);
    const slices = await slicesOf(key, client);
    const { leadsToClusterIPs = false } = cloud.names;
    const records = leadsToClusterIPs ? clusterRecordsOf(service, slices) : recordsOf(service, slices);
    const first = await cloud.names.publish({ ...key, uid: service.metadata.uid ?? '' }, records);
    // Told once, not at every change of its Pods.
    if (first && !leadsToClusterIPs)
      for (const { port, targetPort } of untranslatedPorts(service, slices))
        events(service, {
          type: 'Warning',
          reason: 'PortNotTranslated',
          message: `The name leads to the Pods themselves, so that port ${port} is not translated to ${targetPort}: use equal numbers, the SRV record, or a LoadBalancer`,
        });
    return ifChanged(key, slices, client);
  },
};

/** Names whose Service is gone, is going, or has been made anew: all of the cluster, or those of one name. */
async function withdrawGone(
  names: NameService,
  cluster: string,
  only: ObjectKey | undefined,
  { client }: ReconcileContext,
): Promise<undefined> {
  const held = {
    list: () => names.list(only && { cluster, ...only }),
    remove: (ref: ServiceRef) => names.withdraw(ref),
  };
  const isGoing = ({ metadata }: Service) => metadata.deletionTimestamp !== undefined;
  await removeGone(held, services, cluster, only, client, isGoing);
}
