import type { OwnerReference, Pod, ReplicaSet, ReplicaSetStatus } from '../../kinds/schema/types.ts';
import { controllerOf, controllerReference } from '../../meta/object.ts';
import { podsAtOnce } from '../common/burst.ts';
import { isActive, isReady, isTerminal, untilAvailable } from '../common/pods.ts';
import { selects, selectsMap } from '../common/selector.ts';
import { podNames } from './names.ts';
import { byDeletion } from './rank.ts';

export interface Observed {
  replicaSet: ReplicaSet;
  /** Pods it controls, terminating ones too, and those without a controller in its namespace. */
  pods: Pod[];
  /** See Client.lastDeletion. */
  epoch: number;
  now: number;
}

export interface Plan {
  adopt: Pod[];
  /** Pods whose labels left the selector: they lose this owner and go on by themselves. */
  orphan: Pod[];
  create: Pod[];
  delete: Pod[];
  status: ReplicaSetStatus;
  /** Says when a ready Pod becomes available without any further change. */
  requeueAfterMs?: number;
}

export function plan({ replicaSet, pods, epoch, now }: Observed): Plan {
  const { metadata, spec } = replicaSet;
  const deleting = !!metadata.deletionTimestamp;
  const mine = pods.filter((pod) => controllerOf(pod)?.uid === metadata.uid);
  const fits = (pod: Pod) => selects(spec?.selector, pod.metadata.labels);
  const orphan = deleting ? [] : mine.filter((pod) => !fits(pod) && !pod.metadata.deletionTimestamp);
  const adopt = deleting ? [] : pods.filter((pod) => !controllerOf(pod) && fits(pod) && isActive(pod));
  const owned = [...mine.filter(fits), ...adopt];
  const active = owned.filter(isActive);
  const wanted = spec?.replicas ?? 1;
  const missing = deleting ? 0 : wanted - active.length;
  const waits = active.map((pod) => untilAvailable(pod, spec?.minReadySeconds ?? 0, now));
  const wait = Math.min(...waits.filter((ms) => ms > 0 && ms < Number.POSITIVE_INFINITY));
  return {
    adopt,
    orphan,
    create: missing > 0 ? newPods(replicaSet, Math.min(missing, podsAtOnce), epoch, pods) : [],
    delete: missing < 0 ? byDeletion(active).slice(0, -missing) : [],
    status: {
      replicas: active.length,
      ...count('fullyLabeledReplicas', active.filter((pod) => isFullyLabeled(replicaSet, pod)).length),
      ...count('readyReplicas', active.filter(isReady).length),
      ...count('availableReplicas', waits.filter((ms) => ms === 0).length),
      terminatingReplicas: owned.filter((pod) => pod.metadata.deletionTimestamp && !isTerminal(pod)).length,
      observedGeneration: metadata.generation ?? 0,
    },
    ...(wait < Number.POSITIVE_INFINITY && { requeueAfterMs: wait }),
  };
}

/** Zero counts are not written. */
const count = (field: string, value: number) => (value > 0 ? { [field]: value } : {});

const isFullyLabeled = ({ spec }: ReplicaSet, pod: Pod) =>
  selectsMap(spec?.template?.metadata?.labels ?? {}, pod.metadata.labels);

function newPods(replicaSet: ReplicaSet, missing: number, epoch: number, pods: Pod[]): Pod[] {
  const { name = '', uid = '' } = replicaSet.metadata;
  const names = podNames({ name, uid }, epoch, new Set(pods.map((pod) => pod.metadata.name ?? '')));
  return Array.from({ length: missing }, () => podOf(replicaSet, names.next().value as string));
}

/** Returns what its Pods name as their controller: a view of another kind says which. */
export const ownerReference = (set: ReplicaSet): OwnerReference =>
  controllerReference({ ...set, apiVersion: set.apiVersion ?? 'apps/v1', kind: set.kind ?? 'ReplicaSet' });

/** Makes a Pod of the template under a name that the plan derived, owned by the ReplicaSet. */
export function podOf(replicaSet: ReplicaSet, name: string): Pod {
  const { metadata: own, spec } = replicaSet;
  const { labels, annotations, finalizers } = spec?.template?.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${own.name}-`,
      namespace: own.namespace ?? '',
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [ownerReference(replicaSet)],
    },
    ...(spec?.template?.spec && { spec: spec.template.spec }),
  };
}
