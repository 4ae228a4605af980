import { type Amounts, addTo, only } from '../../kinds/core/v1/amounts.ts';
import { isTerminating } from '../../kinds/core/v1/resourcequota/scopes.ts';
import { countedResource, isInScopes, usageOf } from '../../kinds/core/v1/resourcequota/usage.ts';
import type {
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  ResourceQuotaStatus,
  Service,
} from '../../kinds/schema/types.ts';
import type { AnyObject, KubeObject } from '../../meta/object.ts';
import { same } from '../common/hash.ts';
import { isTerminal } from '../common/pods.ts';

/** The resources whose objects use a quota, of those that are served. */
export function resourcesOf({ spec }: ResourceQuota): string[] {
  const names = Object.keys(spec?.hard ?? {});
  const special = ['pods', 'persistentvolumeclaims', 'resourceclaims.resource.k8s.io'].filter((resource) =>
    names.some((name) => usageOf(resource).counts(name)),
  );
  const counted = names.flatMap((name) => countedResource(name) ?? []);
  return [...new Set([...special, ...counted])];
}

/**
 * The status of a quota over what there is, by resource. What nothing counts keeps the number it had.
 * @param now milliseconds since the epoch.
 */
export function plan(
  { spec, status }: ResourceQuota,
  objects: ReadonlyMap<string, readonly KubeObject[]>,
  now: number,
): ResourceQuotaStatus {
  const hard = spec?.hard ?? {};
  const counted: Amounts = {};
  for (const [resource, items] of objects) {
    const usage = usageOf(resource);
    for (const name of Object.keys(hard)) if (usage.counts(name)) counted[name] ??= '0';
    for (const item of items as readonly AnyObject[])
      if (isInScopes(spec, usage, item))
        addTo(
          counted,
          only(usage.of(item, now), (name) => Object.hasOwn(hard, name)),
        );
  }
  return {
    hard,
    used: only({ ...status?.used, ...counted }, (name) => Object.hasOwn(hard, name)),
  };
}

/** Returns whether a quota is to be counted again because it was written; what is charged to it is no reason. */
export const isNewlyWanted = (quota: ResourceQuota, old: ResourceQuota | undefined): boolean =>
  !old || old === quota || !same(old.spec, quota.spec) || isUnsettled(quota);

/** Somebody else has written the status, or nobody yet. */
const isUnsettled = ({ spec, status }: ResourceQuota): boolean =>
  !same(spec?.hard ?? {}, status?.hard ?? {}) ||
  Object.keys(spec?.hard ?? {}).some((name) => !Object.hasOwn(status?.used ?? {}, name));

/** Returns whether a Pod has given something back, or come under other quotas. */
export const podReleases = (pod: Pod, old: Pod): boolean =>
  isTerminating(pod) !== isTerminating(old) || (isTerminal(pod) && !isTerminal(old));

/** Returns whether a Service may need fewer node ports or balancers. */
export const serviceReleases = ({ spec }: Service, old: Service): boolean =>
  spec?.type !== old.spec?.type || spec?.ports?.length !== old.spec?.ports?.length;

/** Returns whether a claim may need less, or has come under other quotas. */
export function claimReleases(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const of = (each: PersistentVolumeClaim) =>
    JSON.stringify([
      each.status?.allocatedResources,
      each.spec?.resources?.requests,
      each.spec?.volumeAttributesClassName,
      each.status?.currentVolumeAttributesClassName,
      each.status?.modifyVolumeStatus,
    ]);
  return of(claim) !== of(old);
}
