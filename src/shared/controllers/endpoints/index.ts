import type { Endpoints } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import { unlessGone, unlessThere } from '../common/ignore.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { pods, endpoints as resource, services } from '../resources.ts';
import { membersOf } from './members.ts';
import { endpointsFor, overCapacity } from './plan.ts';
import { serviceWatches } from './watches.ts';

/** Keeps the Endpoints of each Service with a selector equal to its Pods. */
export const endpoints: Controller = {
  name: 'endpoint-controller',
  // Who routes goes by EndpointSlices.
  windowMs: 5_000,
  // Its own too: what a run made of a Service that went meanwhile has to go.
  watches: [
    ...serviceWatches,
    watching<Endpoints>({ resource, keys: (object) => (isOurs(object) ? [keyOf(object)] : []) }),
  ],

  async reconcile({ namespace, name }, { client }) {
    // In this order: what is removed is what was there before the Service was seen to be gone.
    const current = await client.get(resource, namespace, name);
    const service = await client.get(services, namespace, name);
    if (!service || service.metadata.deletionTimestamp) {
      const uid = current?.metadata.uid ?? '';
      if (current && isOurs(current)) await unlessGone(client.delete(resource, namespace, name, { uid }));
      return undefined;
    }
    // Without a selector the Endpoints are someone else's.
    if (!service.spec?.selector || service.spec.type === 'ExternalName') return undefined;
    const wanted = endpointsFor(service, membersOf(service, await client.list(pods, { namespace })));
    if (!current) {
      if (await unlessThere(client.create(resource, wanted))) return undefined;
      throw new Error('Endpoints of that name came in between');
    }
    const { labels } = wanted.metadata;
    // Further annotations are somebody else's.
    const { [overCapacity]: _over, ...others } = current.metadata.annotations ?? {};
    const annotations = { ...others, ...wanted.metadata.annotations };
    if (
      same(wanted.subsets ?? [], current.subsets ?? []) &&
      same([labels, annotations], [current.metadata.labels, current.metadata.annotations ?? {}])
    )
      return undefined;
    const { subsets: _, ...rest } = current;
    await client.update(resource, {
      ...rest,
      ...(wanted.subsets && { subsets: wanted.subsets }),
      metadata: { ...current.metadata, labels: labels ?? {}, annotations },
    });
    return undefined;
  },
};

const isOurs = ({ metadata }: Endpoints): boolean =>
  metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller';
