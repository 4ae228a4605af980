import type { Deployment, Pod, Service, StatefulSet } from '../../kinds/schema/types.ts';
import { selects, selectsMap } from '../common/selector.ts';
import { behindAnnotation, sizeAnnotation } from './annotations.ts';

/** Something that makes Pods behind a Service and has a size. */
export type Workload =
  | { kind: 'Deployment'; object: Deployment }
  | { kind: 'StatefulSet'; object: StatefulSet };

/** Returns the workload as Events name it. */
export const labelOf = ({ kind, object }: Workload): string => `${kind} ${object.metadata.name}`;

/** Returns the size that it is to have now. */
export const sizeOf = ({ object }: Workload): number => object.spec?.replicas ?? 1;

/** Returns whether the Service selects the Pods that it makes. */
export const isBehind = ({ object }: Workload, { spec }: Service): boolean =>
  !object.metadata.deletionTimestamp &&
  Object.keys(spec?.selector ?? {}).length > 0 &&
  selectsMap(spec?.selector ?? {}, object.spec?.template.metadata?.labels);

/** Returns whether the Pod is one of its own. */
export const isOf = ({ object }: Workload, pod: Pod): boolean =>
  selects(object.spec?.selector, pod.metadata.labels);

/** Returns whether it was put to sleep here, and sleeps. A size of zero that somebody else wrote is theirs. */
export const isAsleep = (workload: Workload): boolean => sizeOf(workload) === 0 && isNoted(workload);

/** Returns whether it says that it was put to sleep here, whatever size it has now. */
export const isNoted = ({ object }: Workload): boolean =>
  object.metadata.annotations?.[sizeAnnotation] !== undefined;

/** Returns the size that it comes back to: 1 at least. */
export const sizeWhenAwake = ({ object }: Workload): number => {
  const size = Number(object.metadata.annotations?.[sizeAnnotation]);
  return Number.isInteger(size) && size > 0 ? size : 1;
};

/** Returns whether its Pods are being replaced or its size is being changed. */
export function isRolling({ kind, object: { metadata, spec, status = { replicas: 0 } } }: Workload): boolean {
  const size = spec?.replicas ?? 1;
  // Sets that are updated on deletion, or to a partition, keep Pods of two revisions.
  const updated = kind === 'Deployment' ? (status.updatedReplicas ?? 0) : size;
  return (
    (status.observedGeneration ?? 0) < (metadata.generation ?? 0) ||
    (status.replicas ?? 0) !== size ||
    updated !== size
  );
}

/** Returns it at size zero, saying what it comes back to and for whom. */
export const asleep = (workload: Workload, services: string[]): Workload =>
  resized(workload, 0, {
    [sizeAnnotation]: `${sizeOf(workload)}`,
    [behindAnnotation]: services.toSorted().join(','),
  });

/** Returns it at the size that it had. */
export const awake = (workload: Workload): Workload => resized(workload, sizeWhenAwake(workload), {});

/** Returns it without what was written here, at the size that somebody gave it. */
export const forgotten = (workload: Workload): Workload => resized(workload, sizeOf(workload), {});

/** Returns the names of the Services that bring it back. */
export const servicesBehind = (object: Deployment | StatefulSet): string[] =>
  (object.metadata.annotations?.[behindAnnotation] ?? '').split(',').filter((name) => name !== '');

function resized(workload: Workload, replicas: number, added: Record<string, string>): Workload {
  const { object } = workload;
  const { [sizeAnnotation]: _, [behindAnnotation]: __, ...others } = object.metadata.annotations ?? {};
  const metadata = { ...object.metadata, annotations: { ...others, ...added } };
  return { ...workload, object: { ...object, metadata, spec: { ...object.spec, replicas } } } as Workload;
}
