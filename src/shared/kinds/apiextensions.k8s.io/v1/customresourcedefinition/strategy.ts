import type { StrategyContext } from '../../../kind.ts';
import type { CustomResourceDefinition } from '../../../schema/types.ts';
import { withCondition } from './conditions.ts';

/** Keeps a definition that is being deleted until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

/** Nothing has been accepted of a new definition; its objects will be stored in one version. */
export function prepareForCreate(crd: CustomResourceDefinition): void {
  crd.status = { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: [] };
  noteStorageVersion(crd);
}

export const prepareForUpdate = (crd: CustomResourceDefinition): void => noteStorageVersion(crd);

/** Versions in which objects may be stored stay noted until somebody has migrated them. */
function noteStorageVersion({ spec, status }: CustomResourceDefinition): void {
  const storage = spec.versions?.find((version) => version.storage)?.name;
  if (status && storage && !status.storedVersions.includes(storage)) status.storedVersions.push(storage);
}

/** A definition goes when its objects are gone: a finalizer waits for that. */
export function beforeDelete(crd: CustomResourceDefinition, { clock }: StrategyContext): void {
  const { metadata } = crd;
  if (!metadata.finalizers?.includes(cleanupFinalizer))
    metadata.finalizers = [...(metadata.finalizers ?? []), cleanupFinalizer];
  crd.status = withCondition(crd.status, clock.now(), {
    type: 'Terminating',
    status: 'True',
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  });
}
