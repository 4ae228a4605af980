import type { EndpointSlice } from '../../kinds/schema/types.ts';
import { unlessGone, unlessThere } from '../common/ignore.ts';
import { type Controller, watching } from '../controller.ts';
import { membersOf } from '../endpoints/members.ts';
import { serviceWatches } from '../endpoints/watches.ts';
import { endpointSlices, pods, services } from '../resources.ts';
import { managedBy, manager, plan, serviceLabel } from './plan.ts';

/** Keeps the EndpointSlices of each Service with a selector equal to its Pods. */
export const endpointSlice: Controller = {
  name: 'endpoint-slice-controller',
  watches: [
    ...serviceWatches,
    watching<EndpointSlice>({
      resource: endpointSlices,
      keys: ({ metadata: { namespace = '', labels } }) =>
        labels?.[managedBy] === manager && labels[serviceLabel]
          ? [{ namespace, name: labels[serviceLabel] }]
          : [],
    }),
  ],

  async reconcile({ namespace, name }, { client }) {
    // In this order: what is removed is what was there before the Service was seen to be gone.
    const slices = (await client.list(endpointSlices, { namespace })).filter(
      ({ metadata: m }) =>
        m.labels?.[serviceLabel] === name && m.labels[managedBy] === manager && !m.deletionTimestamp,
    );
    const service = await client.get(services, namespace, name);
    const remove = ({ metadata: { name = '', uid = '' } }: EndpointSlice) =>
      unlessGone(client.delete(endpointSlices, namespace, name, { uid }));
    if (!service || service.metadata.deletionTimestamp) return void (await Promise.all(slices.map(remove)));
    if (!service.spec?.selector || service.spec.type === 'ExternalName') return undefined;
    const todo = plan(service, membersOf(service, await client.list(pods, { namespace })), slices);
    for (const slice of todo.create) await unlessThere(client.create(endpointSlices, slice));
    for (const slice of todo.update) await client.update(endpointSlices, slice);
    await Promise.all(todo.delete.map(remove));
    return undefined;
  },
};
