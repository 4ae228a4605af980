import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from './objects.ts';
import type { PodTemplate } from './podTemplate.ts';
import { listObjects } from './read.ts';
import type { Scene } from './scene.ts';
import { selectorText } from './selector.ts';
import { resourceNamed } from './targets.ts';

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; template: PodTemplate };
}

const revisionKey = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';

/** The ReplicaSets of a Deployment, oldest first. */
export async function replicaSetsOf(scene: Scene, deployment: KubeObject): Promise<ReplicaSet[]> {
  const { selector } = deployment.spec as { selector?: Record<string, string> };
  const resource = resourceNamed('replicasets.apps', await scene.resources());
  const { namespace, uid } = deployment.metadata;
  const labels = selectorText(selector);
  const { items } = await listObjects<ReplicaSet>(scene.connection, resource, { namespace, labels });
  const owned = (each: ReplicaSet) =>
    (each.metadata.ownerReferences as { uid: string; controller?: boolean }[] | undefined)?.some(
      (owner) => owner.uid === uid && owner.controller,
    );
  const time = ({ metadata }: ReplicaSet) => `${metadata.creationTimestamp} ${metadata.name}`;
  return items.filter(owned).sort((a, b) => (time(a) < time(b) ? -1 : 1));
}

export const revisionOf = ({ metadata }: KubeObject): number =>
  Number(metadata.annotations?.[revisionKey] ?? 0);

/** The template as its Deployment has it. */
export function templateOf({ spec }: ReplicaSet): PodTemplate {
  const { [hashLabel]: _, ...labels } = spec.template.metadata?.labels ?? {};
  return { ...spec.template, metadata: { ...spec.template.metadata, labels } };
}

/** The one whose Pods the Deployment wants now. */
export function currentReplicaSet(deployment: KubeObject, all: ReplicaSet[]): ReplicaSet | undefined {
  const { template } = deployment.spec as { template: PodTemplate };
  return all.find((each) => isDeepStrictEqual(plain(templateOf(each)), plain(template)));
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
