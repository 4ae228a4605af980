import { withCondition } from '../../kinds/apiextensions.k8s.io/v1/customresourcedefinition/conditions.ts';
import { cleanupFinalizer } from '../../kinds/apiextensions.k8s.io/v1/customresourcedefinition/strategy.ts';
import type { Resource } from '../../kinds/kind.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionStatus } from '../../kinds/schema/types.ts';

/** Describes what a definition needs: nothing, its names, or its objects removed. */
export type Need = 'nothing' | 'names' | 'cleanup';

/** Says what the controller has to do next for a definition. One that is being deleted gets no names any more. */
export function needOf({ metadata, status }: CustomResourceDefinition): Need {
  if (metadata.deletionTimestamp)
    return metadata.finalizers?.includes(cleanupFinalizer) ? 'cleanup' : 'nothing';
  return status?.conditions?.some(({ type }) => type === 'NamesAccepted') ? 'nothing' : 'names';
}

/** Returns where its objects are; undefined when nobody could ever make one. */
export function resourceOf({ spec, status }: CustomResourceDefinition): Resource | undefined {
  const version = spec.versions.find(({ served }) => served)?.name;
  const wasServed = status?.conditions?.some(
    ({ type, status: is }) => type === 'Established' && is === 'True',
  );
  if (!version || !wasServed) return undefined;
  const { group, names, scope } = spec;
  return { group, version, kind: names.kind, plural: names.plural, namespaced: scope === 'Namespaced' };
}

const claims = {
  busy: {
    status: 'True',
    reason: 'InstanceDeletionInProgress',
    message: 'CustomResource deletion is in progress',
  },
  done: { status: 'False', reason: 'InstanceDeletionCompleted', message: 'removed all instances' },
  never: { status: 'False', reason: 'NeverEstablished', message: 'resource was never established' },
};

/** The status of a definition that is going. `now` in milliseconds. */
export const terminating = (
  { status }: CustomResourceDefinition,
  how: keyof typeof claims,
  now: number,
): CustomResourceDefinitionStatus => withCondition(status, now, { type: 'Terminating', ...claims[how] });

/** Returns the finalizers that remain when the objects of the definition have been removed. */
export const withoutCleanup = ({ metadata }: CustomResourceDefinition): string[] =>
  (metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer);
