import type { Reader } from '../../client/client.ts';
import { hasNoQuota, usageOf } from '../../kinds/core/v1/resourcequota/usage.ts';
import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { servedBy } from '../common/served.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { persistentVolumeClaims, pods, resourceQuotas, services } from '../resources.ts';
import { claimReleases, isNewlyWanted, plan, podReleases, resourcesOf, serviceReleases } from './plan.ts';

/**
 * Counts the usage of a quota again when the quota is new or changed, and when an object is deleted or shrinks. Admission
 * has already charged what is added.
 */
export const resourceQuota: Controller = {
  name: 'resourcequota-controller',
  watches: [
    watching<ResourceQuota>({
      resource: resourceQuotas,
      keys: (quota, old) => (isNewlyWanted(quota, old) ? [keyOf(quota)] : []),
    }),
    watching<Pod>({
      resource: pods,
      keys: (pod, old, { client }) => (old && podReleases(pod, old) ? quotasFor(pod, 'pods', client) : []),
    }),
    watching<Service>({
      resource: services,
      keys: (service, old, { client }) =>
        old && serviceReleases(service, old) ? quotasFor(service, 'services', client) : [],
    }),
    watching<PersistentVolumeClaim>({
      resource: persistentVolumeClaims,
      keys: (claim, old, { client }) =>
        old && claimReleases(claim, old) ? quotasFor(claim, 'persistentvolumeclaims', client) : [],
    }),
  ],
  watchesAll: {
    except: ['events'],
    keys: (object, _old, { deleted, resource, client }) =>
      deleted && object.metadata.namespace && !hasNoQuota(resource)
        ? quotasFor(object, resource, client)
        : [],
  },

  async reconcile({ cluster, namespace, name }, { env, clock }) {
    // Counted on the API's word: what a cache has not seen yet would be given away a second time.
    const live = env.clients(cluster);
    const quota = await live.get(resourceQuotas, namespace, name);
    if (!quota) return undefined;
    const { byName } = await servedBy(live);
    const objects = new Map<string, KubeObject[]>();
    for (const each of resourcesOf(quota)) {
      const resource = byName.get(each);
      if (resource?.namespaced) objects.set(each, await live.list(resource, { namespace }));
    }
    const status = plan(quota, objects, clock.now());
    // Somebody who was charged meanwhile makes this a Conflict, and it is counted again.
    if (!same(status, quota.status))
      await unlessGone(live.updateStatus(resourceQuotas, { ...quota, status }));
    return undefined;
  },
};

/** The quotas of the namespace that objects of the resource use. */
async function quotasFor({ metadata }: KubeObject, resource: string, client: Pick<Reader, 'list'>) {
  const usage = usageOf(resource);
  const quotas = await client.list(resourceQuotas, { namespace: metadata.namespace ?? '' });
  return quotas.filter(({ spec }) => Object.keys(spec?.hard ?? {}).some(usage.counts)).map(keyOf);
}
