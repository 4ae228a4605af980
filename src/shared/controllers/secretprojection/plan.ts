import type { Pod, PodSpec, ReplicaSet } from '../../kinds/schema/types.ts';
import { containersOf } from '../../podspec/containers.ts';
import { isTerminal } from '../common/pods.ts';

/** Names of the Secrets whose values a cloud has to hand to containers, in variables or files, or to a registry. */
export function secretNames(spec: PodSpec | undefined): string[] {
  const containers = containersOf({ spec });
  const names = [
    ...containers.flatMap(({ env }) => (env ?? []).map((e) => e.valueFrom?.secretKeyRef?.name)),
    ...containers.flatMap(({ envFrom }) => (envFrom ?? []).map((e) => e.secretRef?.name)),
    ...(spec?.volumes ?? []).flatMap(({ secret, projected }) => [
      secret?.secretName,
      ...(projected?.sources ?? []).map((source) => source.secret?.name),
    ]),
    ...(spec?.imagePullSecrets ?? []).map(({ name }) => name),
  ];
  return [...new Set(names.flatMap((name) => name || []))].sort();
}

/** Describes what may use Secrets in one namespace. */
export interface Users {
  pods: Pod[];
  replicaSets: ReplicaSet[];
}

/**
 * Secrets in use: by Pods that have not ended, and by templates that stand for some. The latter bridge the moment
 * between one Pod and the next, so that a copy does not go and come back with every restart.
 */
export function secretsInUse(users: Users): Set<string> {
  const { pods, templates } = specsInUse(users);
  return new Set([...pods, ...templates].flatMap(secretNames));
}

/** Returns the specs of Pods that have not ended, and of templates of which Pods are wanted. */
export const specsInUse = ({ pods, replicaSets }: Users) => ({
  pods: pods.filter((pod) => !isTerminal(pod)).map(({ spec }) => spec),
  templates: replicaSets
    .filter(({ spec }) => (spec?.replicas ?? 1) > 0)
    .map(({ spec }) => spec?.template?.spec),
});
