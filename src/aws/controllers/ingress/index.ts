import type { Reader } from '../../../shared/client/client.ts';
import {
  balancerGates,
  ingressCondition,
  waitsForIngress,
} from '../../../shared/controllers/common/balancing.ts';
import { standing } from '../../../shared/controllers/common/clusters.ts';
import { removeGone } from '../../../shared/controllers/common/gone.ts';
import { unlessThere } from '../../../shared/controllers/common/ignore.ts';
import {
  type Controller,
  type ObjectKey,
  type ReconcileContext,
  watching,
} from '../../../shared/controllers/controller.ts';
import { serviceLabel } from '../../../shared/controllers/endpointslice/plan.ts';
import {
  endpointSlices,
  ingressClasses,
  ingresses,
  pods,
  services,
} from '../../../shared/controllers/resources.ts';
import { changesFollowing } from '../../../shared/controllers/service/followed.ts';
import type {
  EndpointSlice,
  Ingress,
  IngressClass,
  Pod,
  Service,
} from '../../../shared/kinds/schema/types.ts';
import type { Ingresses } from '../../../shared/ports/cloud.ts';
import { placesOf } from './group.ts';
import { settle } from './place.ts';
import { backendsOf, classToMake, defaultClass } from './plan.ts';

/** No group has this name. */
const sweep = '*';

/**
 * Has Ingresses served where a cloud can, and frees what is left of those that are gone. Its keys are places: an Ingress's
 * own, or a group's, so that those who share one are looked at together.
 */
export const ingress: Controller = {
  group: 'services',
  name: 'ingress-controller',
  isFor: (cloud) => cloud.ingresses !== undefined && !cloud.ingresses.isRouter,
  watches: [
    watching<Ingress>({ resource: ingresses, keys: placesOf }),
    watching<IngressClass>({
      resource: ingressClasses,
      keys: async (_, __, { client }) => (await client.list(ingresses)).flatMap(placesOf),
    }),
    watching<Service>({
      resource: services,
      keys: ({ metadata: { namespace = '', name = '' } }, _, { client }) => naming(namespace, name, client),
    }),
    watching<EndpointSlice>({
      resource: endpointSlices,
      keys: ({ metadata: { namespace = '', labels } }, _, { client }) =>
        labels?.[serviceLabel] ? naming(namespace, labels[serviceLabel], client) : [],
    }),
    // A Pod that waits for its load balancer is not ready before and after: its EndpointSlice does not change.
    watching<Pod>({
      resource: pods,
      keys: async (pod, old, { client }) => {
        if (!waitsForIngress(pod) || (old && pod !== old && !changesFollowing(pod, old))) return [];
        const gates = balancerGates(pod);
        return (await client.list(ingresses, { namespace: pod.metadata.namespace ?? '' }))
          .filter(({ metadata }) => gates.includes(ingressCondition(metadata.name ?? '')))
          .flatMap(placesOf);
      },
    }),
  ],
  always: (cloud) => (cloud.ingresses && !cloud.ingresses.isRouter ? [{ namespace: '', name: sweep }] : []),

  async reconcile(key, ctx) {
    const served = ctx.cloud.ingresses;
    if (!served) return undefined;
    await makeClass(ctx);
    if (key.namespace === '' && key.name === sweep) return sweepAll(served, key.cluster, ctx);
    return settle(served, key, ctx);
  },
};

const naming = async (namespace: string, service: string, client: Reader): Promise<ObjectKey[]> =>
  (await client.list(ingresses, { namespace }))
    .filter((object) => backendsOf(object).some((backend) => backend.service === service))
    .flatMap(placesOf);

async function makeClass({ client }: ReconcileContext): Promise<void> {
  if (!(await client.get(ingressClasses, '', defaultClass)))
    await unlessThere(client.create(ingressClasses, classToMake));
}

async function sweepAll(served: Ingresses, cluster: string, ctx: ReconcileContext): Promise<undefined> {
  const all = await served.list();
  const list = async () => all.filter(({ namespace }) => namespace !== '');
  const remove = served.remove.bind(served);
  await removeGone({ list, remove }, ingresses, cluster, undefined, ctx.client);
  const groups = all.filter(({ namespace }) => namespace === '');
  const stands = await standing(cluster, groups, ctx.client);
  const objects = groups.length > 0 ? await ctx.client.list(ingresses) : [];
  const wanted = new Set(objects.flatMap(placesOf).flatMap((p) => (p.namespace === '' ? [p.name] : [])));
  for (const ref of groups) {
    if (!stands(ref.cluster)) await served.remove(ref);
    else if (ref.cluster === cluster && !wanted.has(ref.name)) await settle(served, ref, ctx);
  }
}
