import { isReason } from '../../errors/apiError.ts';
import { type Charged, charge } from '../../kinds/core/v1/resourcequota/charge.ts';
import { isTerminating } from '../../kinds/core/v1/resourcequota/scopes.ts';
import { hasNoQuota, usageOf } from '../../kinds/core/v1/resourcequota/usage.ts';
import { resourceName } from '../../kinds/kind.ts';
import type { Pod, ResourceQuota } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { isComing } from '../../meta/soon.ts';
import type { Stored } from '../../ports/storage.ts';
import { byNamespace } from '../../storage/compiled/byNamespace.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';

const resource = 'resourcequotas';

/**
 * Counts what is written against the quotas of its namespace, before it is written, and refuses what would exceed one.
 * Each quota is charged by compare-and-swap, so writers at once never exceed it together. A write that fails afterwards
 * has been counted all the same, until the controller counts again; so it is in Kubernetes.
 */
export function resourceQuota({ storage, clock, trustedMs = 0 }: AdmissionOptions): AdmissionPlugin {
  const quotasIn = byNamespace<ResourceQuota>(storage, resource, clock, trustedMs);
  const charged = new WeakSet<Admission>();

  /** Nobody else wrote it since it was read. */
  const store = ({ key, revision, index }: Stored, quota: ResourceQuota) =>
    storage.update(
      key,
      revision,
      (resourceVersion) =>
        encoder.encode(JSON.stringify({ ...quota, metadata: { ...quota.metadata, resourceVersion } })),
      index,
    );

  return {
    name: 'ResourceQuota',
    operations: ['CREATE', 'UPDATE'],

    validate: (admission) => {
      const { cluster, namespace, object, kind } = admission;
      if (!namespace || !object || !kind.namespaced || !isCounted(admission)) return;
      const quotas = quotasIn(cluster);
      if (isComing(quotas)) return quotas.then((all) => settleAll(admission, object, all.get(namespace)));
      if (quotas.has(namespace)) return settleAll(admission, object, quotas.get(namespace));
    },
  };

  async function settleAll(
    admission: Admission,
    object: AnyObject,
    quotas: readonly ResourceQuota[] | undefined,
  ): Promise<void> {
    const { old, kind, subresource, dryRun } = admission;
    // What is allocated and written anew, because others held it, has been counted.
    if (!quotas || charged.has(admission)) return;
    const usage = usageOf(resourceName(kind));
    const isStatus = subresource === 'status';
    const write: Charged = { usage, object, isStatus, now: clock.now(), ...(old && { old }) };
    const names = quotas.map(({ metadata }) => metadata.name ?? '');
    // All of them are asked before the first is charged.
    if (dryRun || names.length > 1) for (const name of names) await settle(admission, name, write, true);
    if (!dryRun) for (const name of names) await settle(admission, name, write, false);
    charged.add(admission);
  }

  async function settle(
    admission: Admission,
    name: string,
    write: Charged,
    onlyAsks: boolean,
  ): Promise<void> {
    const { cluster, namespace, kind } = admission;
    for (let attempt = 1; ; attempt++) {
      const stored = await storage.get({ cluster, resource, namespace, name });
      const quota = stored && (JSON.parse(decoder.decode(stored.value)) as ResourceQuota);
      const outcome = quota && charge(quota, write);
      if (!outcome) return;
      if ('refusal' in outcome) throw refused(kind, admission.name, outcome.refusal);
      if (onlyAsks) return;
      try {
        await store(stored, { ...quota, status: { ...quota.status, used: outcome.used } });
        return;
      } catch (error) {
        if (isReason(error, 'NotFound')) return;
        if (attempt === attempts || !isReason(error, 'Conflict')) throw error;
      }
    }
  }
}

/** One of several concurrent writers succeeds each time, so a writer that fails this often has many ahead of it. */
const attempts = 100;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Returns whether a write may change what is used. Everything counts when it is made; few things change later. */
function isCounted({ kind, operation, subresource = '', object, old }: Admission): boolean {
  const of = resourceName(kind);
  if (hasNoQuota(of)) return false;
  if (operation === 'CREATE') return !subresource;
  if (of === 'pods') {
    if (subresource) return subresource === 'resize';
    return isTerminating(object as unknown as Pod) !== isTerminating(old as unknown as Pod);
  }
  if (of === 'services') return !subresource;
  return of === 'persistentvolumeclaims' && (!subresource || subresource === 'status');
}
