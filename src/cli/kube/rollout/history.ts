import { isDeepStrictEqual } from 'node:util';
import { lastApplied } from '../apply/lastApplied.ts';
import type { Chosen } from '../chosen.ts';
import { Page } from '../describe/page.ts';
import { podTemplate } from '../describe/pod.ts';
import { kindName, pathOf } from '../discovery.ts';
import type { KubeObject } from '../objects.ts';
import type { PodTemplate } from '../podTemplate.ts';
import { getObject, listObjects } from '../read.ts';
import { replicaSetsOf, revisionOf, templateOf } from '../replicaSets.ts';
import { numberOf, type Scene } from '../scene.ts';
import { selectorText } from '../selector.ts';
import { resourceNamed } from '../targets.ts';

/** Describes what an object was at one time. */
interface Revision {
  number: number;
  annotations: Record<string, string>;
  template: PodTemplate;
  /** With the label that tells Pods of revisions apart, as Kubernetes shows it. */
  shown: PodTemplate;
}

const changeCause = 'kubernetes.io/change-cause';

export async function showHistory(scene: Scene, target: Chosen): Promise<void> {
  const { call, io, connection, namespace } = scene;
  const object = await getObject(connection, target.resource, namespace, target.name);
  const revisions = await revisionsOf(scene, target, object);
  const wanted = numberOf(call, 'revision') ?? 0;
  const head = `${kindName(target.resource)}/${target.name} `;
  if (revisions.length === 0) {
    io.out(`${head}\nNo rollout history found.`);
    return;
  }
  const page = new Page();
  if (wanted > 0) {
    const found = revisions.find(({ number }) => number === wanted);
    if (!found) throw new Error('unable to find the specified revision');
    const cause = found.annotations[changeCause];
    const annotations = { ...found.shown.metadata?.annotations, ...(cause && { [changeCause]: cause }) };
    podTemplate(page, { ...found.shown, metadata: { ...found.shown.metadata, annotations } } as Parameters<
      typeof podTemplate
    >[1]);
    io.out(`${head}with revision #${wanted}\n${page.raw()}`);
    return;
  }
  page.write(0, 'REVISION\tCHANGE-CAUSE\n');
  for (const { number, annotations } of revisions)
    page.write(0, `${number}\t${annotations[changeCause] || '<none>'}\n`);
  io.out(`${head}\n${page}`);
}

/** Annotations that belong to the object as it is now, not to a revision. */
const kept = [
  lastApplied,
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
];

export async function undo(scene: Scene, target: Chosen): Promise<void> {
  const { call, io, connection, namespace } = scene;
  const { resource, name } = target;
  const object = await getObject(connection, resource, namespace, name);
  const { paused, template } = object.spec as { paused?: boolean; template: PodTemplate };
  const revisions = await revisionsOf(scene, target, object);
  const to = numberOf(call, 'to-revision') ?? 0;
  const found = to > 0 ? revisions.find(({ number }) => number === to) : revisions.at(-2);
  if (!found)
    throw new Error(
      to > 0
        ? `unable to find specified revision ${to} in history`
        : resource.kind === 'Deployment'
          ? `no rollout history found for deployment "${name}"`
          : 'no last revision to roll back to',
    );
  if (paused)
    throw new Error(
      "you cannot rollback a paused deployment; resume it first with 'shallop rollout resume' and try again",
    );
  if (isDeepStrictEqual(found.template, template)) {
    io.out(
      `${kindName(resource)}/${name} skipped rollback (current template already matches revision ${to})`,
    );
    return;
  }
  const own = Object.entries(object.metadata.annotations ?? {}).filter(([key]) => kept.includes(key));
  const then = Object.entries(found.annotations).filter(([key]) => !kept.includes(key));
  await connection.json({
    method: 'PATCH',
    path: pathOf(resource, namespace, name),
    type: 'application/json-patch+json',
    body: [
      { op: 'replace', path: '/spec/template', value: found.template },
      ...(resource.kind === 'Deployment'
        ? [{ op: 'replace', path: '/metadata/annotations', value: Object.fromEntries([...own, ...then]) }]
        : []),
    ],
  });
  io.out(`${kindName(resource)}/${name} rolled back`);
}

/** Oldest first. */
async function revisionsOf(scene: Scene, { resource }: Chosen, object: KubeObject): Promise<Revision[]> {
  const found =
    resource.kind === 'Deployment'
      ? (await replicaSetsOf(scene, object)).map((set) => ({
          number: revisionOf(set),
          annotations: set.metadata.annotations ?? {},
          template: templateOf(set),
          shown: set.spec.template,
        }))
      : await controllerRevisions(scene, resource.kind, object);
  return found.sort((a, b) => a.number - b.number);
}

interface ControllerRevision extends KubeObject {
  revision: number;
  data: { spec: { template: PodTemplate & { $patch?: string } } };
}

async function controllerRevisions(scene: Scene, kind: string, object: KubeObject): Promise<Revision[]> {
  if (kind !== 'StatefulSet' && kind !== 'DaemonSet')
    throw new Error(`no history viewer has been implemented for "${kind}"`);
  const resource = resourceNamed('controllerrevisions.apps', await scene.resources());
  const { selector } = object.spec as { selector?: Record<string, string> };
  const { items } = await listObjects<ControllerRevision>(scene.connection, resource, {
    namespace: object.metadata.namespace,
    labels: selectorText(selector),
  });
  const { uid } = object.metadata;
  return items
    .filter(({ metadata }) =>
      (metadata.ownerReferences as { uid: string }[] | undefined)?.some((o) => o.uid === uid),
    )
    .map(({ revision, metadata, data }) => {
      const { $patch: _, ...template } = data.spec.template;
      return { number: revision, annotations: metadata.annotations ?? {}, template, shown: template };
    });
}
