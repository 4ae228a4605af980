import { suffixAlphabet } from '../../clock/ids.ts';
import type { Deployment, ReplicaSet } from '../../kinds/schema/types.ts';
import { fnv1a } from '../../meta/fnv1a.ts';
import { controllerReference } from '../../meta/object.ts';
import { canonical } from '../common/hash.ts';
import { behindAnnotation, sizeAnnotation } from '../scaletozero/annotations.ts';
import { fenceposts } from './rounding.ts';

/** Tells the Pods of one ReplicaSet from those of the Deployment's others. Kubernetes' tools know the label. */
export const hashLabel = 'pod-template-hash';
/** Counts the templates of a Deployment; `kubectl rollout undo --to-revision` reads it. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
/** Keeps the replicas that the Deployment had when the ReplicaSet was last sized. */
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
/** Keeps the replicas with surge that the Deployment had when the ReplicaSet was last sized. */
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas';
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  // What `kubectl rollout undo` brings back must not wake a zero that a user wrote since.
  sizeAnnotation,
  behindAnnotation,
]);

/** 0 where there is none, or where it is no int64, as in Kubernetes. */
export function revisionOf(rs: ReplicaSet | undefined): bigint {
  const text = rs?.metadata.annotations?.[revisionAnnotation] ?? '';
  const revision = /^[+-]?\d{1,20}$/.test(text) ? BigInt(text.replace('+', '')) : 0n;
  return revision === BigInt.asIntN(64, revision) ? revision : 0n;
}

/** Stable name of a template: decimal digits of a 32-bit hash in the alphabet of generated names. */
export const templateHash = (d: Deployment): string =>
  [...String(fnv1a(`${canonical(d.spec?.template)}/${d.status?.collisionCount ?? ''}`))]
    .map((digit) => suffixAlphabet[digit.charCodeAt(0) % suffixAlphabet.length])
    .join('');

/** The oldest ReplicaSet whose template is the Deployment's, apart from the hash label. */
export function findNew(d: Deployment, replicaSets: ReplicaSet[]): ReplicaSet | undefined {
  const wanted = canonical(d.spec?.template);
  return [...replicaSets].sort(byAge).find((rs) => canonical(withoutHash(rs)) === wanted);
}

function withoutHash({ spec }: ReplicaSet) {
  const { [hashLabel]: _, ...labels } = spec?.template?.metadata?.labels ?? {};
  return { ...spec?.template, metadata: { ...spec?.template?.metadata, labels } };
}

/** Sorts older ReplicaSets first; of the same second, by name. */
export const byAge = (a: ReplicaSet, b: ReplicaSet): number =>
  (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '')
    ? -1
    : (a.metadata.creationTimestamp ?? '') > (b.metadata.creationTimestamp ?? '')
      ? 1
      : (a.metadata.name ?? '') < (b.metadata.name ?? '')
        ? -1
        : 1;

/** Math.max takes no bigint. */
export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Returns what the new ReplicaSet is annotated with when it carries `revision`. */
export function annotationsFor(d: Deployment, rs: ReplicaSet | undefined, revision: bigint) {
  const kept = rs?.metadata.annotations ?? {};
  const copied = Object.entries(d.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key));
  const before = revisionOf(rs);
  const history = [kept[historyAnnotation], String(before)].filter(Boolean).join(',');
  return {
    ...kept,
    ...Object.fromEntries(copied),
    [revisionAnnotation]: String(larger(before, revision)),
    ...(before > 0n && before < revision && { [historyAnnotation]: history }),
    ...sizeAnnotations(d),
  };
}

/** Returns the annotations by which a later run sees that the Deployment itself was scaled. */
export const sizeAnnotations = (d: Deployment) => ({
  [desiredAnnotation]: String(d.spec?.replicas ?? 1),
  [maxAnnotation]: String((d.spec?.replicas ?? 1) + fenceposts(d).maxSurge),
});

/**
 * Makes the ReplicaSet of the Deployment's template. Its name has the template's hash: a second run makes the same
 * one.
 */
export function newReplicaSet(d: Deployment, revision: bigint, replicas: number): ReplicaSet {
  const hash = templateHash(d);
  const { template, selector, minReadySeconds } = d.spec!;
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${d.metadata.name}-${hash}`,
      namespace: d.metadata.namespace ?? '',
      labels,
      annotations: annotationsFor(d, undefined, revision),
      ownerReferences: [controllerReference({ ...d, apiVersion: 'apps/v1', kind: 'Deployment' })],
    },
    spec: {
      replicas,
      ...(minReadySeconds && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}
