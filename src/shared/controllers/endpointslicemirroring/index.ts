import type { EndpointSlice, Endpoints, Service } from '../../kinds/schema/types.ts';
import { unlessGone, unlessThere } from '../common/ignore.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { managedBy, serviceLabel } from '../endpointslice/plan.ts';
import { endpointSlices, endpoints, services } from '../resources.ts';
import { isMirrored, mirror, plan } from './plan.ts';

/** Mirrors Endpoints that a user wrote for a Service without a selector into EndpointSlices. */
export const endpointSliceMirroring: Controller = {
  name: 'endpoint-slice-mirroring-controller',
  watches: [
    watching<Endpoints>({
      resource: endpoints,
      async keys(object, _, { client }) {
        const { namespace, name } = keyOf(object);
        // Most Endpoints are of a Service with a selector, and whoever takes that away wakes the key.
        const service = await client.get(services, namespace, name);
        return service?.spec?.selector ? [] : [keyOf(object)];
      },
    }),
    watching<Service>({ resource: services, keys: (service) => [keyOf(service)] }),
    watching<EndpointSlice>({
      resource: endpointSlices,
      keys: ({ metadata: { namespace = '', labels } }) =>
        labels?.[managedBy] === mirror && labels[serviceLabel]
          ? [{ namespace, name: labels[serviceLabel] }]
          : [],
    }),
  ],

  async reconcile({ namespace, name }, { client }) {
    const slices = (await client.list(endpointSlices, { namespace })).filter(
      ({ metadata: { labels, deletionTimestamp } }) =>
        labels?.[serviceLabel] === name && labels[managedBy] === mirror && !deletionTimestamp,
    );
    const source = await client.get(endpoints, namespace, name);
    const service = await client.get(services, namespace, name);
    const isWanted = source && isMirrored(source, service);
    const todo = isWanted ? plan(source, slices) : { create: [], update: [], delete: slices };
    for (const slice of todo.create) await unlessThere(client.create(endpointSlices, slice));
    for (const slice of todo.update) await client.update(endpointSlices, slice);
    for (const { metadata } of todo.delete)
      await unlessGone(
        client.delete(endpointSlices, namespace, metadata.name ?? '', { uid: metadata.uid ?? '' }),
      );
    return undefined;
  },
};
